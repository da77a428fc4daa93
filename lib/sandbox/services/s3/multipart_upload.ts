/**
 * CreateMultipartUpload, AbortMultipartUpload, and what the operations on parts share.
 * @module
 */

import type {
  AbortMultipartUploadOutput,
  AbortMultipartUploadRequest,
  CreateMultipartUploadOutput,
  CreateMultipartUploadRequest,
} from "@aws-sdk/client-s3";
import { AbortMultipartUpload$, CreateMultipartUpload$ } from "../../schemas/s3.ts";
import type { Caller } from "../../access/caller.ts";
import { AwsError } from "../../errors.ts";
import type { Given } from "../../operation.ts";
import { s3Operation } from "./define.ts";
import { HEADER_MEMBERS, keptHeaders, objectArn } from "./object.ts";
import { algorithmNamed, checksumTypeOf } from "./part_checksums.ts";
import type { S3State } from "./state.ts";
import { tagsOfHeader } from "./tags.ts";
import type { Initiator, Upload } from "./uploads.ts";

type CreateInput = Given<CreateMultipartUploadRequest, "Bucket" | "Key">;

export const CreateMultipartUpload = s3Operation<CreateInput, CreateMultipartUploadOutput>({
  schema: CreateMultipartUpload$,
  reads: ["ChecksumType", "Tagging", ...HEADER_MEMBERS],
  access: ({ Bucket, Key, Tagging }, { state }) => {
    state.bucket(Bucket);
    const resource = objectArn(Bucket, Key);
    return [
      { action: "s3:PutObject", resource },
      ...(Tagging ? [{ action: "s3:PutObjectTagging", resource }] : []),
    ];
  },
  run: async (input, { state, caller, nowMs }) => {
    const { Bucket, Key } = input;
    const algorithm = algorithmNamed(input.ChecksumAlgorithm);
    const checksumType = checksumTypeOf(algorithm, input.ChecksumType);
    const headers = { ...keptHeaders(input), tags: tagsOfHeader(input.Tagging) };
    const id = `${crypto.randomUUID()}${crypto.randomUUID()}`.replaceAll("-", "");
    await state.database.commit(() => {
      state.bucket(Bucket);
      state.uploads.insert({
        id,
        bucket: Bucket,
        key: Key,
        initiatedMs: nowMs,
        headers,
        algorithm,
        checksumType,
        initiator: initiatorOf(caller),
        replaces: state.findObject(Bucket, Key)?.file,
      });
    });
    return {
      Bucket,
      Key,
      UploadId: id,
      ServerSideEncryption: "AES256",
      ...(input.ChecksumAlgorithm === undefined
        ? {}
        : { ChecksumAlgorithm: input.ChecksumAlgorithm, ChecksumType: checksumType }),
    };
  },
});

/** A user is named by ARN and name, the account's owner by its id alone (AWS's API reference). */
function initiatorOf(caller: Caller): Initiator | undefined {
  if (caller.kind === "root") return undefined;
  const DisplayName = caller.kind === "user"
    ? caller.userName
    : `${caller.roleName}/${caller.sessionName}`;
  return { ID: caller.arn, DisplayName };
}

type AbortInput = Given<AbortMultipartUploadRequest, "Bucket" | "Key" | "UploadId">;

export const AbortMultipartUpload = s3Operation<AbortInput, AbortMultipartUploadOutput>({
  schema: AbortMultipartUpload$,
  reads: ["UploadId"],
  access: ({ Bucket, Key }, { state }) => {
    state.bucket(Bucket);
    return [{ action: "s3:AbortMultipartUpload", resource: objectArn(Bucket, Key) }];
  },
  status: 204,
  run: async (input, { state }) => {
    await state.database.commit(() => state.uploads.remove(uploadOf(input, state).id));
    return {};
  },
});

/** The upload that a request names. Throws NoSuchUpload. */
export function uploadOf(
  { Bucket, Key, UploadId }: {
    readonly Bucket: string;
    readonly Key: string;
    readonly UploadId: string;
  },
  state: S3State,
): Upload {
  const upload = state.uploads.find(UploadId);
  if (upload && upload.bucket === Bucket && upload.key === Key) return upload;
  throw new AwsError(
    "NoSuchUpload",
    404,
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have " +
      "been aborted or completed.",
    { fields: { UploadId } },
  );
}
