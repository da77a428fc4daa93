/**
 * One line of Firehose's error output.
 * https://docs.aws.amazon.com/firehose/latest/dev/retry.html
 * @module
 */

import { Buffer } from "node:buffer";

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
