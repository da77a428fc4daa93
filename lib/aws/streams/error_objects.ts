/**
 * What Firehose writes under the error output prefix: one JSON line for each record that failed,
 * with the record's own bytes in base64.
 * https://docs.aws.amazon.com/firehose/latest/dev/retry.html
 * @module
 */

import type { S3Client } from "@aws-sdk/client-s3";
import { parseJsonLines } from "../../data/json.ts";
import { type FailedRecord, failedRecord } from "./failed_record.ts";
import { type ListedObject, objectsUnder, readObjects } from "./objects.ts";

export { type FailedRecord, failedRecord } from "./failed_record.ts";

/** Where redrive keeps its own objects, under the prefix that it reads. */
export const REDRIVE_FOLDER = "_redrive/";

/** Firehose's own objects under `prefix`, in the order of their keys. */
export async function errorObjectsUnder(
  s3: S3Client,
  bucket: string,
  prefix: string,
): Promise<ListedObject[]> {
  const objects = await objectsUnder(s3, bucket, prefix);
  return objects.filter(({ key }) => !key.slice(prefix.length).includes(REDRIVE_FOLDER));
}

/** The failed records under `prefix`, in the order of the objects' keys. */
export async function failedRecordsUnder(
  s3: S3Client,
  bucket: string,
  prefix: string,
): Promise<FailedRecord[]> {
  const objects = await errorObjectsUnder(s3, bucket, prefix);
  const texts = await readObjects(s3, bucket, objects);
  return texts.flatMap((text) => parseJsonLines(text).map(failedRecord));
}
