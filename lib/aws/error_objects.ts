/**
 * What Firehose writes under the error output prefix: one JSON line for each record that failed,
 * with the record's own bytes in base64.
 * https://docs.aws.amazon.com/firehose/latest/dev/retry.html
 * @module
 */

import type { S3Client } from "@aws-sdk/client-s3";
import { parseJsonLines } from "../data/json.ts";
import { type FailedRecord, failedRecord } from "./failed_record.ts";
import { objectsUnder, readObjects } from "./objects.ts";

export { type FailedRecord, failedRecord } from "./failed_record.ts";

/** The failed records under `prefix`, in the order of the objects' keys. */
export async function failedRecordsUnder(
  s3: S3Client,
  bucket: string,
  prefix: string,
): Promise<FailedRecord[]> {
  const texts = await readObjects(s3, bucket, await objectsUnder(s3, bucket, prefix));
  return texts.flatMap((text) => parseJsonLines(text).map(failedRecord));
}
