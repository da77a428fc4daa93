/**
 * PutObjectTagging, GetObjectTagging, DeleteObjectTagging.
 * @module
 */

import type {
  DeleteObjectTaggingOutput,
  DeleteObjectTaggingRequest,
  GetObjectTaggingOutput,
  GetObjectTaggingRequest,
  PutObjectTaggingOutput,
  PutObjectTaggingRequest,
} from "@aws-sdk/client-s3";
import { DeleteObjectTagging$, GetObjectTagging$, PutObjectTagging$ } from "../../schemas/s3.ts";
import type { Context, Given } from "../../operation.ts";
import { s3Operation } from "./define.ts";
import { checkVersion, noSuchKey } from "./errors.ts";
import { findObject, objectArn } from "./object.ts";
import type { S3State } from "./state.ts";
import { tagSet, tagsOfBody } from "./tags.ts";

const accessOf = (action: string) =>
(
  { Bucket, Key }: { readonly Bucket: string; readonly Key: string },
  { state }: Context<S3State>,
) => {
  state.bucket(Bucket);
  return [{ action, resource: objectArn(Bucket, Key) }];
};

export const PutObjectTagging = s3Operation<
  Given<PutObjectTaggingRequest, "Bucket" | "Key" | "Tagging">,
  PutObjectTaggingOutput
>({
  schema: PutObjectTagging$,
  reads: ["Tagging", "VersionId"],
  access: accessOf("s3:PutObjectTagging"),
  run: async (input, context) => {
    checkVersion(input.VersionId);
    const tags = tagsOfBody(input.Tagging, "object");
    await context.state.database.commit(() =>
      context.state.changeHeaders(input.Bucket, { ...findObject(input, context), tags })
    );
    return {};
  },
});

export const GetObjectTagging = s3Operation<
  Given<GetObjectTaggingRequest, "Bucket" | "Key">,
  GetObjectTaggingOutput
>({
  schema: GetObjectTagging$,
  reads: ["VersionId"],
  access: accessOf("s3:GetObjectTagging"),
  run: (input, context) => {
    checkVersion(input.VersionId);
    const { Bucket, Key } = input;
    const object = context.state.findObject(Bucket, Key);
    // Only this operation puts the bucket before the key (recorded 2026-02).
    if (!object) throw noSuchKey(`${Bucket}/${Key}`);
    return { TagSet: tagSet(object.tags ?? {}) };
  },
});

export const DeleteObjectTagging = s3Operation<
  Given<DeleteObjectTaggingRequest, "Bucket" | "Key">,
  DeleteObjectTaggingOutput
>({
  schema: DeleteObjectTagging$,
  reads: ["VersionId"],
  access: accessOf("s3:DeleteObjectTagging"),
  status: 204,
  run: async (input, context) => {
    checkVersion(input.VersionId);
    await context.state.database.commit(() =>
      context.state.changeHeaders(input.Bucket, { ...findObject(input, context), tags: {} })
    );
    return {};
  },
});
