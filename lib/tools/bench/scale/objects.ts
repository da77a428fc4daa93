/**
 * How many objects the bench's bucket has.
 * @module
 */

import { paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import { BENCH_BUCKET } from "../pipeline.ts";

export async function countObjects(client: S3Client): Promise<number> {
  let count = 0;
  for await (const page of paginateListObjectsV2({ client }, { Bucket: BENCH_BUCKET })) {
    count += page.KeyCount ?? 0;
  }
  return count;
}
