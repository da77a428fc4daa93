/**
 * Error objects as lines, each with the place where it stands: what is sent again must be known by
 * something that is the same in the next run.
 * @module
 */

import type { S3Client } from "@aws-sdk/client-s3";
import { type FailedRecord, failedRecord } from "../streams/failed_record.ts";
import { type ListedObject, readObject } from "../streams/objects.ts";

/** An error object. Firehose never changes one, and its name is never used again. */
export type ErrorObject = Pick<ListedObject, "key" | "lastModified">;

/** One line of an error object. */
export interface ErrorLine {
  readonly key: string;
  /** From 0; empty lines do not count. */
  readonly index: number;
  /** Undefined where the line is none of Firehose's: no JSON, or no rawData in it. */
  readonly record: FailedRecord | undefined;
}

/** The lines of an error object, one after the other. The object is held as text meanwhile. */
export async function* errorLinesOf(
  s3: S3Client,
  bucket: string,
  key: string,
): AsyncGenerator<ErrorLine> {
  const text = await readObject(s3, bucket, key);
  let [start, index] = [0, 0];
  while (start < text.length) {
    const lineEnd = text.indexOf("\n", start);
    const end = lineEnd < 0 ? text.length : lineEnd;
    const line = text.slice(start, end);
    start = end + 1;
    if (line.trim() !== "") yield { key, index: index++, record: readLine(line) };
  }
}

function readLine(line: string): FailedRecord | undefined {
  try {
    return failedRecord(JSON.parse(line));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}
