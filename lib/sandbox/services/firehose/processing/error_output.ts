/**
 * Error output: a record that could not be processed becomes a line of JSON under
 * ErrorOutputPrefix. Each type of error has its own objects. Follows "Data transformation
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
 * The prefix of error objects. ErrorOutputPrefix may be absent only while Prefix has no expression;
 * then the prefix is Prefix, error type and date (assumed: the guide's rule and its
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
  /** As configured; absent if something other than the function failed. */
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
