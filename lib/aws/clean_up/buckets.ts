/** Buckets that a notebook made, with their objects. */
import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetBucketTaggingCommand,
  paginateListBuckets,
  type S3Client,
} from "@aws-sdk/client-s3";
import { NAME_PREFIX } from "../place/names.ts";
import { type ListedObject, objectsUnder } from "../streams/objects.ts";
import { type Finder, isTagged } from "./leftover.ts";

/** Keys in one DeleteObjects. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const DELETE_KEYS_MAX = 1000;

export const findBuckets: Finder = async ({ s3, tags, region }) => {
  const leftovers = [];
  // Of this region only, as with everything else: the client can't empty buckets of other regions.
  const ours = { Prefix: NAME_PREFIX, BucketRegion: region };
  for await (const { Buckets = [] } of paginateListBuckets({ client: s3 }, ours)) {
    for (const { Name = "" } of Buckets) {
      const tagging = await unlessGone(s3.send(new GetBucketTaggingCommand({ Bucket: Name })));
      if (!isTagged(tagging?.TagSet, tags)) continue;
      const objects = await objectsUnder(s3, Name);
      leftovers.push({
        kind: "bucket",
        name: Name,
        with: contents(objects),
        remove: () => removeBucket(s3, Name),
      });
    }
  }
  return leftovers;
};

function contents(objects: readonly ListedObject[]): string {
  const bytes = objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return `${objects.length.toLocaleString("en")} objects, ${bytes.toLocaleString("en")} bytes`;
}

async function removeBucket(s3: S3Client, Bucket: string): Promise<void> {
  const keys = (await unlessGone(objectsUnder(s3, Bucket)) ?? []).map(({ key }) => ({ Key: key }));
  for (let start = 0; start < keys.length; start += DELETE_KEYS_MAX) {
    const Delete = { Objects: keys.slice(start, start + DELETE_KEYS_MAX), Quiet: true };
    const { Errors = [] } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete }));
    if (Errors.length > 0) {
      throw new Error(
        `${Errors.length} objects stay, first ${Errors[0].Key}: ${Errors[0].Message}`,
      );
    }
  }
  await unlessGone(s3.send(new DeleteBucketCommand({ Bucket })));
}

async function unlessGone<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && ["NoSuchBucket", "NoSuchTagSet"].includes(error.name)) {
      return undefined;
    }
    throw error;
  }
}
