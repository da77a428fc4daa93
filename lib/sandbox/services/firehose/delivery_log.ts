/**
 * Lines for people in CloudWatch Logs: why a delivery or an invocation failed. Written with the
 * delivery role's permissions, to the log stream that is configured; best effort, as on AWS.
 * https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html
 * @module
 */

import type { S3DestinationDescription } from "@aws-sdk/client-firehose";
import { assumeDeliveryRole } from "./delivery/deliver.ts";
import type { DeliveryStream } from "./delivery_stream.ts";
import type { FirehoseOptions } from "./state.ts";

/** One failure. */
export interface LoggedFailure {
  readonly errorCode: string;
  readonly message: string;
  /** ARN of the function, for failures of the Lambda processor. */
  readonly processor?: string;
}

/** Logs a failure, if logging is enabled for `destination`: the stream's own or its backup. */
export async function logFailure(
  { errorCode, message, processor }: LoggedFailure,
  stream: DeliveryStream,
  destination: S3DestinationDescription,
  options: FirehoseOptions,
): Promise<void> {
  const { Enabled, LogGroupName = "", LogStreamName = "" } = destination.CloudWatchLoggingOptions ??
    {};
  if (!Enabled) return;
  const caller = assumeDeliveryRole(destination.RoleARN ?? "", options);
  if (!caller) return;
  const line = {
    deliveryStreamARN: stream.arn,
    destination: destination.BucketARN,
    deliveryStreamVersionId: String(stream.version),
    message,
    errorCode,
    processor,
  };
  await options.logs.write({
    caller,
    logGroupName: LogGroupName,
    logStreamName: LogStreamName,
    lines: [{ timestampMs: options.clock.nowMs(), message: JSON.stringify(line) }],
    onMissing: "drop",
  });
}
