/**
 * Error output: records that could not be processed become lines of JSON under
 * ErrorOutputPrefix, in objects of their own for each type of error. Follows "Data transformation
 * failure handling" (https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html).
 * @module
 */

import type { ExtendedS3DestinationDescription } from "@aws-sdk/client-firehose";

/** Values of `!{firehose:error-output-type}`. */
export type ErrorOutputType =
  | "processing-failed"
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
