/**
 * Records that CloudWatch Logs puts for a subscription filter: inside the sandbox, with the
 * permissions of the filter's role. A stream with Decompression takes no others.
 * @module
 */

import type { AccessControl } from "../../../access/caller.ts";
import type { Clock } from "../../../clock.ts";
import { AwsError } from "../../../errors.ts";
import type { DeliveryStreamPuts, PutOutcome } from "../../../ports/delivery_streams.ts";
import type { FaultSource } from "../../../ports/fault_source.ts";
import type { DeliveryStream } from "../delivery_stream.ts";
import { slowDown } from "../errors.ts";
import type { Entry } from "../journal/journal.ts";
import type { DirectPuts } from "./direct_puts.ts";

/** What the puts act on. */
export interface LogsPutsParts {
  readonly access: AccessControl;
  readonly clock: Clock;
  readonly puts: DirectPuts;
  readonly faults: FaultSource;
  readonly streamArn: (name: string) => string;
  /** Throws ResourceNotFoundException for a stream that takes no records. */
  readonly activeStream: (name: string) => DeliveryStream;
  readonly accept: (
    stream: DeliveryStream,
    entry: Entry,
    alongside?: () => void,
  ) => Promise<unknown>;
}

type Request = Parameters<DeliveryStreamPuts["putFromLogs"]>[0];

/** Puts one record as CloudWatch Logs does: with `firehose:PutRecord`. */
export async function putFromLogs(request: Request, parts: LogsPutsParts): Promise<PutOutcome> {
  const { caller, streamName } = request;
  const decision = parts.access.decide(caller, {
    action: "firehose:PutRecord",
    resource: parts.streamArn(streamName),
  });
  if (!decision.allowed) {
    return {
      kind: "refused",
      reason: `${caller.arn} is not authorized to perform firehose:PutRecord on ${streamName} ` +
        decision.reason,
    };
  }
  try {
    await put(request, parts);
    return { kind: "accepted" };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const kind = error.code === "ServiceUnavailableException" ? "throttled" : "refused";
    return { kind, reason: error.message };
  }
}

async function put(
  { caller, streamName, data, alongside }: Request,
  parts: LogsPutsParts,
): Promise<void> {
  const arrivalMs = parts.clock.nowMs();
  const stream = parts.activeStream(streamName);
  const effect = await parts.faults.strike({
    ...{ service: "firehose", operation: "PutRecord", stream: streamName, caller },
    access: { action: "firehose:PutRecord", resource: parts.streamArn(streamName) },
  });
  if (effect?.kind === "error") throw effect.error;
  if (parts.puts.admit(stream, [data.length], arrivalMs)) throw slowDown();
  const isLost = effect?.kind === "lost";
  const entry = { arrivalMs, bufferedMs: arrivalMs, data };
  await parts.accept(stream, entry, isLost ? undefined : alongside);
  const answerMs = parts.clock.nowMs();
  parts.puts.recordPutRecord(stream, { records: 1, bytes: data.length, arrivalMs, answerMs });
  // CloudWatch Logs does not know that the record was taken, and sends it again.
  if (isLost) throw slowDown();
}
