/**
 * Lines in CloudWatch Logs that say why a delivery or an invocation failed. They are written with the
 * delivery role's permissions to the configured log stream; best effort, as on AWS.
 *
 * Each attempt that fails writes a line, as on AWS, which samples them when very many fail (the page
 * below). Pauses between attempts grow to two minutes. The sandbox's own log says a problem once and
 * then at growing intervals (`repeated_lines.ts`).
 * https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html
 * @module
 */

import type { S3DestinationDescription } from "@aws-sdk/client-firehose";
import type { Clock } from "../../clock.ts";
import type { LogSink } from "../../ports/log_sink.ts";
import { assumeRoleFor, type DeliveryCallParts } from "./delivery_role.ts";
import type { DeliveryStream } from "./delivery_stream.ts";

/** One failure. */
export interface LoggedFailure {
  readonly errorCode: string;
  readonly message: string;
  /** ARN of the function, for failures of the Lambda processor. */
  readonly processor?: string;
}

/** What logging needs. */
export interface LogParts extends DeliveryCallParts {
  readonly logs: LogSink;
  readonly clock: Clock;
}

/** Logs a failure, if logging is enabled for `destination`: the stream's own or its backup. */
export async function logFailure(
  { errorCode, message, processor }: LoggedFailure,
  stream: DeliveryStream,
  destination: S3DestinationDescription,
  parts: LogParts,
): Promise<void> {
  const { Enabled, LogGroupName = "", LogStreamName = "" } = destination.CloudWatchLoggingOptions ??
    {};
  if (!Enabled) return;
  const caller = await assumeRoleFor(stream.name, destination.RoleARN ?? "", parts);
  if (!caller) return;
  const call = { service: "logs", operation: "PutLogEvents", stream: stream.name, caller };
  const effect = parts.faults.isQuiet ? undefined : await parts.faults.strike(call);
  if (effect?.kind === "error") return; // best effort: Firehose does not send it again
  const line = {
    deliveryStreamARN: stream.arn,
    destination: destination.BucketARN,
    deliveryStreamVersionId: String(stream.version),
    message,
    errorCode,
    processor,
  };
  await parts.logs.write({
    caller,
    logGroupName: LogGroupName,
    logStreamName: LogStreamName,
    lines: [{ timestampMs: parts.clock.nowMs(), message: JSON.stringify(line) }],
    onMissing: "drop",
  });
}
