/**
 * The tags of a bucket, which may have none.
 * @module
 */

import { GetBucketTaggingCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Tag } from "./names.ts";

/** Empty for a bucket without tags; undefined if there is no such bucket. */
export async function bucketTags(
  s3: S3Client,
  Bucket: string,
): Promise<readonly Partial<Tag>[] | undefined> {
  try {
    return (await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet ?? [];
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === "NoSuchTagSet") return [];
    if (error.name === "NoSuchBucket") return undefined;
    throw error;
  }
}
