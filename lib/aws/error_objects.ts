/**
 * What Firehose writes under the error output prefix: one JSON line for each record that failed,
 * with the record's own bytes in base64.
 * https://docs.aws.amazon.com/firehose/latest/dev/retry.html
 * @module
 */

import type { S3Client } from "@aws-sdk/client-s3";
import { Buffer } from "node:buffer";
import { parseJsonLines } from "../data/json.ts";
import { objectsUnder, readObjects } from "./objects.ts";

/** A record that failed. */
export interface FailedRecord {
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly attemptsMade: number;
  readonly arrived: Date;
  /** The record as it was sent. */
  readonly data: Uint8Array;
  /** All fields of the line as they stand there. */
  readonly line: Readonly<Record<string, unknown>>;
}

/** The failed records under `prefix`, in the order of the objects' keys. */
export async function failedRecordsUnder(
  s3: S3Client,
  bucket: string,
  prefix: string,
): Promise<FailedRecord[]> {
  const texts = await readObjects(s3, bucket, await objectsUnder(s3, bucket, prefix));
  return texts.flatMap((text) => parseJsonLines(text).map(failedRecord));
}

/** One line of an error object. Throws a `TypeError` where it is none. */
export function failedRecord(value: unknown): FailedRecord {
  if (typeof value !== "object" || value === null || !("rawData" in value)) {
    throw new TypeError(`not a line of Firehose's error output: ${JSON.stringify(value)}`);
  }
  const line = Object.fromEntries(Object.entries(value));
  return {
    // Format conversion has names of its own.
    errorCode: `${line.errorCode ?? line.lastErrorCode ?? ""}`,
    errorMessage: `${line.errorMessage ?? line.lastErrorMessage ?? ""}`,
    attemptsMade: Number(line.attemptsMade ?? 0),
    arrived: new Date(Number(line.arrivalTimestamp ?? 0)),
    data: Buffer.from(`${line.rawData}`, "base64"),
    line,
  };
}
