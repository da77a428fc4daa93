/**
 * PutBucketTagging, GetBucketTagging, DeleteBucketTagging.
 * @module
 */

import type {
  DeleteBucketTaggingRequest,
  GetBucketTaggingOutput,
  GetBucketTaggingRequest,
  PutBucketTaggingRequest,
} from "@aws-sdk/client-s3";
import { DeleteBucketTagging$, GetBucketTagging$, PutBucketTagging$ } from "../../schemas/s3.ts";
import { AwsError } from "../../errors.ts";
import type { Context, Given } from "../../operation.ts";
import { s3Operation } from "./define.ts";
import { bucketArn } from "./object.ts";
import type { S3State } from "./state.ts";
import { tagSet, tagsOfBody } from "./tags.ts";

const accessOf =
  (action: string) => ({ Bucket }: { readonly Bucket: string }, { state }: Context<S3State>) => {
    state.bucket(Bucket);
    return [{ action, resource: bucketArn(Bucket) }];
  };

export const PutBucketTagging = s3Operation<
  Given<PutBucketTaggingRequest, "Bucket" | "Tagging">,
  void
>({
  schema: PutBucketTagging$,
  reads: ["Tagging"],
  access: accessOf("s3:PutBucketTagging"),
  status: 204,
  run: async ({ Bucket, Tagging }, { state }) => {
    const tags = tagsOfBody(Tagging, "bucket");
    await state.database.commit(() => state.saveBucket({ ...state.bucket(Bucket), tags }));
  },
});

export const GetBucketTagging = s3Operation<
  Given<GetBucketTaggingRequest, "Bucket">,
  GetBucketTaggingOutput
>({
  schema: GetBucketTagging$,
  reads: [],
  access: accessOf("s3:GetBucketTagging"),
  run: ({ Bucket }, { state }) => {
    const TagSet = tagSet(state.bucket(Bucket).tags);
    if (TagSet.length > 0) return { TagSet };
    throw new AwsError("NoSuchTagSet", 404, "The TagSet does not exist", {
      fields: { BucketName: Bucket },
    });
  },
});

export const DeleteBucketTagging = s3Operation<Given<DeleteBucketTaggingRequest, "Bucket">, void>({
  schema: DeleteBucketTagging$,
  reads: [],
  access: accessOf("s3:PutBucketTagging"),
  status: 204,
  run: ({ Bucket }, { state }) =>
    state.database.commit(() => state.saveBucket({ ...state.bucket(Bucket), tags: {} })),
});
