/**
 * Firehose's objects under the error output prefix: one JSON line for each failed record, with the
 * record's own bytes in base64.
 * https://docs.aws.amazon.com/firehose/latest/dev/retry.html
 * @module
 */

import type { S3Client } from "@aws-sdk/client-s3";
import { errorLinesOf } from "./error_lines.ts";
import type { FailedRecord } from "../../sandbox/knowledge/failed_record.ts";
import { type ListedObject, objectsUnder } from "./objects.ts";

export { type FailedRecord, failedRecord } from "../../sandbox/knowledge/failed_record.ts";

/** An error object. Firehose never changes one, and never uses its name again. */
export type ErrorObject = Pick<ListedObject, "key" | "lastModified">;

/** The folder of redrive's own objects, under the prefix that it reads. */
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

/**
 * The failed records under `prefix`, in the order of the objects' keys. Throws an `Error` that names
 * the object and the line of the first that cannot be read.
 */
export async function failedRecordsUnder(
  s3: S3Client,
  bucket: string,
  prefix: string,
): Promise<FailedRecord[]> {
  const objects = await errorObjectsUnder(s3, bucket, prefix);
  const records: FailedRecord[] = [];
  for (const { key } of objects) {
    for await (const lines of errorLinesOf(s3, bucket, key)) {
      for (const { line, record, problem } of lines) {
        if (!record) throw new Error(`s3://${bucket}/${key}, line ${line}: ${problem}`);
        records.push(record);
      }
    }
  }
  return records;
}
