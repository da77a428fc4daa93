/**
 * DeleteObject and DeleteObjects. Deleting a key that does not exist succeeds, too.
 * @module
 */

import type {
  DeleteObjectOutput,
  DeleteObjectRequest,
  DeleteObjectsOutput,
  DeleteObjectsRequest,
  ObjectIdentifier,
} from "@aws-sdk/client-s3";
import { DeleteObject$, DeleteObjects$ } from "../../schemas/s3.ts";
import { accessDeniedText } from "../../access/access_denied.ts";
import type { Context, Given } from "../../operation.ts";
import { innerConditions } from "./condition_keys.ts";
import { checkWriteConditions } from "./conditions.ts";
import { s3Operation } from "./define.ts";
import {
  checkVersion,
  invalidRequest,
  malformedXml,
  noSuchVersion,
  notImplemented,
} from "./errors.ts";
import { objectArn } from "./object.ts";
import type { S3State } from "./state.ts";

export const DeleteObject = s3Operation<
  Given<DeleteObjectRequest, "Bucket" | "Key">,
  DeleteObjectOutput
>({
  schema: DeleteObject$,
  reads: ["IfMatch", "VersionId"],
  access: ({ Bucket, Key }, { state }) => {
    state.bucket(Bucket);
    return [{ action: "s3:DeleteObject", resource: objectArn(Bucket, Key) }];
  },
  status: 204,
  run: async (input, { state }) => {
    const { Bucket, Key, VersionId } = input;
    checkVersion(VersionId);
    await state.database.commit(() => {
      checkWriteConditions(input, state.findObject(Bucket, Key));
      state.removeObject(Bucket, Key);
    });
    return {};
  },
});

const DELETE_KEYS_MAX = 1_000;

export const DeleteObjects = s3Operation<
  Given<DeleteObjectsRequest, "Bucket" | "Delete">,
  DeleteObjectsOutput
>({
  schema: DeleteObjects$,
  reads: ["Delete"],
  // Permission is decided key by key: each refused key has its own error in the answer.
  access: ({ Bucket }, { state }) => {
    state.bucket(Bucket);
    return [];
  },
  run: async ({ Bucket, Delete }, context) => {
    const { state, headers } = context;
    checkDigest(headers);
    const keys = keysOf(Delete?.Objects ?? []);
    const outcomes = keys.map((named) => ({ named, error: refusal(Bucket, named, context) }));
    const Deleted = outcomes.flatMap(({ named: { Key }, error }) => error ? [] : [{ Key }]);
    const Errors = outcomes.flatMap(({ named, error }) => error ? [{ ...named, ...error }] : []);
    await state.database.commit(() => {
      for (const { Key } of Deleted) state.removeObject(Bucket, Key);
    });
    return Delete.Quiet ? { Errors } : { Deleted, Errors };
  },
});

function checkDigest(headers: Headers): void {
  const hasDigest = [...headers.keys()].some((name) =>
    name === "content-md5" || name === "x-amz-trailer" || name.startsWith("x-amz-checksum-")
  );
  if (hasDigest) return;
  throw invalidRequest("Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
}

/** A key of the request, and the version that it names. */
interface Named {
  readonly Key: string;
  readonly VersionId?: string;
}

function keysOf(objects: readonly ObjectIdentifier[]): Named[] {
  if (!Array.isArray(objects) || objects.length === 0 || objects.length > DELETE_KEYS_MAX) {
    throw malformedXml();
  }
  return objects.map(({ Key, VersionId, ETag, LastModifiedTime, Size }) => {
    if (typeof Key !== "string" || Key === "") throw malformedXml();
    for (const [name, value] of Object.entries({ ETag, LastModifiedTime, Size })) {
      if (value !== undefined) throw notImplemented(name);
    }
    return { Key, ...(VersionId === undefined ? {} : { VersionId }) };
  });
}

/** Why a key is not deleted. A version that is not there is an error of its key (recorded 2026-02). */
function refusal(bucket: string, { Key, VersionId = "null" }: Named, context: Context<S3State>) {
  const { state, caller } = context;
  const request = { action: "s3:DeleteObject", resource: objectArn(bucket, Key) };
  const conditions = innerConditions(request, context);
  const decision = state.access.decide(caller, { ...request, conditions });
  if (decision.allowed && VersionId === "null") return undefined;
  if (decision.allowed) {
    const { code, message } = noSuchVersion();
    return { Code: code, Message: message };
  }
  return { Code: "AccessDenied", Message: accessDeniedText(caller, request, decision.reason) };
}
