/**
 * The pipeline from journal to S3: what happens to the records of a buffer that is due, with its
 * metrics and logs. `processing/processing.ts` has the way through processors.
 * @module
 */

import type { FaultSource } from "../../ports/fault_source.ts";
import type { Consumed, LiveBuffer } from "./journal/buffers.ts";
import {
  deliver,
  type Delivered,
  type DeliveredObject,
  type DeliveryParts,
  discard,
} from "./delivery/deliver.ts";
import type { DeliverySlots } from "./delivery/delivery_slots.ts";
import { DeliveryFailure, internalError } from "./delivery/delivery_failure.ts";
import { logFailure } from "./delivery_log.ts";
import type { DeliveryStream } from "./delivery_stream.ts";
import type { BufferRow } from "./journal/journal.ts";
import type { DeliveryAttempt, DeliveryOutcome } from "./options.ts";
import { processingHints } from "./configuration/processors.ts";
import { partitionKeysIn } from "./naming/partition.ts";
import { consumeByProcessing, type ProcessParts } from "./processing/processing.ts";
import { destinationOf, targetOf } from "./delivery/target.ts";
import type { FirehoseWatch } from "./watch.ts";

/** What the pipeline needs: each stage takes a part of it. */
export interface PipelineParts extends ProcessParts, DeliveryParts {
  /** Called with a readable line when a delivery is refused. */
  readonly onDeliveryProblem?: (line: string) => void;
  readonly onDelivery: (attempt: DeliveryAttempt) => void;
  readonly slots: DeliverySlots;
  readonly watch?: FirehoseWatch;
}

/**
 * How long delivery to S3 is retried before records are given up, in real time: waits run faster in
 * the sandbox, but a lunch break must not cost records. Counted from the first failure since the
 * sandbox started.
 */
const RETENTION_MS = 24 * 3_600_000;

/**
 * Takes the next records out of a buffer: into an object, or through the processors. The caller has
 * one of the slots for a buffer that {@linkcode isDelivered}.
 */
export async function consume(
  buffer: LiveBuffer,
  stream: DeliveryStream,
  parts: PipelineParts,
  signal: AbortSignal,
): Promise<Consumed | undefined> {
  const consumed = isDelivered(buffer, stream)
    ? await consumeByS3(buffer, stream, outsideWhileStruck(parts), signal)
    : await consumeByProcessing(buffer, stream, parts, signal) ?? nothing(buffer);
  parts.journal.sweep(buffer.log);
  return consumed;
}

const nothing = ({ position }: LiveBuffer): Consumed => ({ bytes: 0, records: 0, position });

/** Whether the records of a buffer go to S3 next. It then needs one of the slots. */
export function isDelivered({ kind }: BufferRow, { destination }: DeliveryStream): boolean {
  return kind !== "source" || processingHints(destination) === undefined;
}

/** The parts with faults whose delays do not take up the delivery's slot. */
function outsideWhileStruck(parts: PipelineParts): PipelineParts {
  const { faults, slots } = parts;
  if (faults.isQuiet) return parts;
  const strike: FaultSource["strike"] = (call, signal) =>
    slots.outside(() => faults.strike(call, signal));
  return { ...parts, faults: { strike, isQuiet: false } };
}

// --- to S3 ------------------------------------------------------------------------------------

async function consumeByS3(
  buffer: LiveBuffer,
  stream: DeliveryStream,
  parts: PipelineParts,
  signal: AbortSignal,
): Promise<Consumed | undefined> {
  parts.ahead.drop(buffer); // an update has ended processing
  const target = targetOf(stream, buffer);
  const { failingSinceMs = Infinity } = buffer;
  if (parts.clock.nowMs() - failingSinceMs >= RETENTION_MS) {
    const lost = await discard(buffer, target, parts);
    if (lost) {
      parts.onDeliveryProblem?.(
        `delivery stream ${stream.name}: ${lost.records} records could not be delivered for 24 ` +
          "hours and are lost",
      );
    }
    return remaining(lost, buffer);
  }
  const delivered = await deliver(buffer, target, parts, signal);
  if (delivered) {
    const { bucket, key, sizeBytes, records, bytes } = delivered;
    note({ kind: "delivered", bucket, key, sizeBytes, records, bytes }, buffer, stream, parts);
    parts.watch?.delivered({
      ...{ streamId: stream.id, kind: buffer.kind, partition: buffer.key },
      ...{ bucket, key, records, sizeBytes, rows: delivered.rows },
      atMs: parts.clock.nowMs(),
      delimiterBytes: target.delimiter === "lineFeed" ? 1 : 0,
    });
    recordDelivery(delivered, buffer, stream, parts);
  }
  return remaining(delivered, buffer);
}

function remaining(delivered: Delivered | undefined, buffer: LiveBuffer): Consumed | undefined {
  if (!delivered) return nothing(buffer);
  return delivered.isClosed ? undefined : delivered;
}

function note(
  outcome: DeliveryOutcome,
  { kind }: LiveBuffer,
  { name: streamName, arn: streamArn }: DeliveryStream,
  { clock, onDelivery }: PipelineParts,
): void {
  onDelivery({ streamName, streamArn, buffer: kind, atMs: clock.nowMs(), outcome });
}

function recordDelivery(
  { sourceBytes, records, arrivalMs }: DeliveredObject,
  { kind, openedMs }: LiveBuffer,
  stream: DeliveryStream,
  parts: PipelineParts,
): void {
  const nowMs = parts.clock.nowMs();
  const freshnessSeconds = (nowMs - arrivalMs) / 1000;
  if (kind === "backup") {
    return parts.record(stream.name, {
      "BackupToS3.Bytes": sourceBytes,
      "BackupToS3.Records": records,
      "BackupToS3.Success": 1,
      "BackupToS3.DataFreshness": freshnessSeconds,
    });
  }
  parts.record(stream.name, {
    "DeliveryToS3.Bytes": sourceBytes,
    "DeliveryToS3.Records": records,
    "DeliveryToS3.Success": 1,
    "DeliveryToS3.DataFreshness": freshnessSeconds,
  });
  if (!partitionKeysIn(stream.destination)) return;
  parts.record(stream.name, { "DeliveryToS3.ObjectCount": 1 });
  if (kind !== "primary" || openedMs === undefined) return;
  // AWS does not say over which time it counts: here, the time in which the object's records arrived.
  const seconds = Math.max(nowMs - openedMs, 1) / 1000;
  parts.record(stream.name, { PerPartitionThroughput: sourceBytes / seconds });
}

/** Reports a refused delivery: in metrics, in the log stream, and in the sandbox's log. */
export function noteFailure(
  error: unknown,
  buffer: LiveBuffer,
  stream: DeliveryStream,
  parts: PipelineParts,
): void {
  const failure = error instanceof DeliveryFailure ? error : internalError(error);
  const age = (parts.clock.nowMs() - oldestArrivalMs(buffer, parts)) / 1000;
  parts.record(
    stream.name,
    buffer.kind === "backup"
      ? { "BackupToS3.Success": 0, "BackupToS3.DataFreshness": age }
      : { "DeliveryToS3.Success": 0, "DeliveryToS3.DataFreshness": age },
  );
  const { errorCode, message } = failure;
  note({ kind: "refused", errorCode, message }, buffer, stream, parts);
  parts.watch?.refused(stream.id, { errorCode, message, atMs: parts.clock.nowMs() });
  // A log that cannot be written must not hold up delivery.
  logFailure(failure, stream, destinationOf(stream, buffer), parts).catch(() => {});
  const cause = failure.cause === undefined ? "" : ` (${failure.cause})`;
  parts.onDeliveryProblem?.(
    `delivery stream ${stream.name}: ${failure.errorCode}: ${failure.message}${cause}`,
  );
}

/** From memory where the journal can't be read: then the failure may be just that. */
function oldestArrivalMs(
  { log, position, openedMs }: LiveBuffer,
  { journal, clock }: PipelineParts,
): number {
  try {
    return journal.oldestArrivalMs(log, position) ?? clock.nowMs();
  } catch {
    return openedMs ?? clock.nowMs();
  }
}
