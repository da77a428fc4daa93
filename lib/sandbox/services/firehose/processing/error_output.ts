/**
 * Error output: records that could not be processed become lines of JSON under
 * ErrorOutputPrefix, in objects of their own for each type of error. Follows "Data transformation
 * failure handling" (https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html).
 * @module
 */

import type { ExtendedS3DestinationDescription } from "@aws-sdk/client-firehose";
import { Buffer } from "node:buffer";
import type { ProcessingError, SourceRecord } from "../record.ts";

/** Values of `!{firehose:error-output-type}`. */
export type ErrorOutputType =
  | "decompression-failed"
  | "processing-failed"
  | "metadata-extraction-failed"
  | "partitioning-failed"
  | "activePartitionExceeded";

/**
 * The prefix of error objects. Without ErrorOutputPrefix, which is allowed only while Prefix has
 * no expression, it is made of Prefix, error type and date (assumed: the guide's rule and its
 * examples differ, https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html).
 */
export function errorOutputPrefix(
  { Prefix = "", ErrorOutputPrefix = "" }: ExtendedS3DestinationDescription,
): string {
  return ErrorOutputPrefix === ""
    ? `${Prefix}!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/`
    : ErrorOutputPrefix;
}

/** How processing a record ended. */
export interface FailedAttempts {
  readonly attemptsMade: number;
  readonly attemptEndingMs: number;
  /** As configured; absent where it is not the function that failed. */
  readonly lambdaArn: string | undefined;
}

/** The line of a failed record, with its line feed. Members and their order as captured in 2026. */
export function errorLine(
  { rawData, arrivalMs }: SourceRecord,
  { errorCode, errorMessage }: ProcessingError,
  { attemptsMade, attemptEndingMs, lambdaArn }: FailedAttempts,
): Uint8Array {
  const line = {
    rawData: Buffer.from(rawData.buffer, rawData.byteOffset, rawData.length).toString("base64"),
    errorCode,
    errorMessage,
    attemptsMade,
    arrivalTimestamp: arrivalMs,
    attemptEndingTimestamp: attemptEndingMs,
    lambdaARN: lambdaArn,
  };
  return Buffer.from(JSON.stringify(line) + "\n");
}
