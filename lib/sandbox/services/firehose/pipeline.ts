/**
 * The line from journal to S3, and its side line through Lambda: what is done with the records of
 * a buffer that is due, and what metrics and logs say of it.
 * @module
 */

import type { Consumed, LiveBuffer } from "./buffers.ts";
import type { Compressor } from "./compress.ts";
import { deliver, type Delivered, discard, settle } from "./deliver.ts";
import { DeliveryFailure, internalError } from "./delivery_failure.ts";
import { logFailure } from "./delivery_log.ts";
import type { DeliveryStream } from "./delivery_stream.ts";
import { type Placed, settleFates } from "./fates.ts";
import type { ProcessingError } from "./lambda_answer.ts";
import { ACTIVE_PARTITIONS_MAX, partitionKeyNames } from "./partition.ts";
import { type LambdaProcessor, lambdaProcessor } from "./processors.ts";
import { destinationOf, targetOf } from "./target.ts";
import { transform, type Transformed, type TransformParts } from "./transform.ts";

/** What the line needs. */
export interface PipelineParts extends TransformParts {
  readonly compressor: Compressor;
  /** Told of records that have come to the buffers of partitions and of the error output. */
  readonly onPlaced: (placed: readonly Placed[], bufferedMs: number) => void;
}

/**
 * How long delivery to S3 is tried again before records are given up, in true time: waits run
 * faster in the sandbox, but nobody should lose records over a lunch break. Counted from the first
 * failure since the sandbox was started.
 */
const RETENTION_MS = 24 * 3_600_000;

/** Takes the next records out of a buffer: into an object, or through the function. */
export async function consume(
  buffer: LiveBuffer,
  stream: DeliveryStream,
  parts: PipelineParts,
  signal: AbortSignal,
): Promise<Consumed | undefined> {
  const lambda = buffer.kind === "source" ? lambdaProcessor(stream.destination) : undefined;
  const consumed = lambda
    ? await consumeByLambda(buffer, stream, lambda, parts, signal)
    : await consumeByS3(buffer, stream, parts, signal);
  parts.journal.sweep(buffer.log);
  return consumed;
}

const nothing = ({ position }: LiveBuffer): Consumed => ({ bytes: 0, position });

// --- to S3 ------------------------------------------------------------------------------------

async function consumeByS3(
  buffer: LiveBuffer,
  stream: DeliveryStream,
  parts: PipelineParts,
  signal: AbortSignal,
): Promise<Consumed | undefined> {
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
  if (delivered) recordDelivery(delivered, buffer, stream, parts);
  return remaining(delivered, buffer);
}

function remaining(delivered: Delivered | undefined, buffer: LiveBuffer): Consumed | undefined {
  if (!delivered) return nothing(buffer);
  return delivered.isClosed ? undefined : delivered;
}

function recordDelivery(
  { sourceBytes, records, arrivalMs }: Delivered,
  { kind }: LiveBuffer,
  stream: DeliveryStream,
  parts: PipelineParts,
): void {
  const freshnessSeconds = (parts.clock.nowMs() - arrivalMs) / 1000;
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
    ...(partitionKeyNames(stream.destination) ? { "DeliveryToS3.ObjectCount": 1 } : {}),
  });
}

/** Makes a refused delivery seen: in metrics, in the log stream, and to whoever runs the sandbox. */
export function noteFailure(
  error: unknown,
  buffer: LiveBuffer,
  stream: DeliveryStream,
  parts: PipelineParts,
): void {
  const failure = error instanceof DeliveryFailure ? error : internalError(error);
  const arrivalMs = parts.journal.oldestArrivalMs(buffer.log, buffer.position);
  const age = arrivalMs === undefined ? 0 : (parts.clock.nowMs() - arrivalMs) / 1000;
  parts.record(
    stream.name,
    buffer.kind === "backup"
      ? { "BackupToS3.Success": 0, "BackupToS3.DataFreshness": age }
      : { "DeliveryToS3.Success": 0, "DeliveryToS3.DataFreshness": age },
  );
  // A log that cannot be written must not hold up delivery.
  logFailure(failure, stream, destinationOf(stream, buffer), parts).catch(() => {});
  const cause = failure.cause === undefined ? "" : ` (${failure.cause})`;
  parts.onDeliveryProblem?.(
    `delivery stream ${stream.name}: ${failure.errorCode}: ${failure.message}${cause}`,
  );
}

// --- through Lambda ---------------------------------------------------------------------------

async function consumeByLambda(
  buffer: LiveBuffer,
  stream: DeliveryStream,
  lambda: LambdaProcessor,
  parts: PipelineParts,
  signal: AbortSignal,
): Promise<Consumed | undefined> {
  const { journal, database, clock } = parts;
  const transformed = await transform(buffer, stream, lambda, parts, signal);
  if (!transformed) return nothing(buffer);
  const nowMs = clock.nowMs();
  const done = await database.commit(() => {
    if (!journal.hasBuffer(buffer.id)) throw new Error("the delivery stream was deleted");
    settle(buffer, transformed.next, journal);
    return settleFates(transformed, { stream, lambda, journal, nowMs });
  });
  parts.onPlaced(done.placed, nowMs);
  recordTransformation(transformed, stream, done.partitionCountExceeded, parts);
  logErrors(transformed, stream, lambda, parts);
  return { bytes: transformed.bytes, position: transformed.next };
}

function recordTransformation(
  { records, fates }: Transformed,
  stream: DeliveryStream,
  partitionCountExceeded: boolean,
  { record, journal }: PipelineParts,
): void {
  const succeeded = records.filter((_, index) => fates[index].result === "Ok");
  record(stream.name, {
    "SucceedProcessing.Bytes": succeeded.reduce((sum, { data }) => sum + data.length, 0),
    "SucceedProcessing.Records": succeeded.length,
  });
  if (!partitionKeyNames(stream.destination)) return;
  record(stream.name, {
    PartitionCount: journal.countBuffers(stream.id, "primary"),
    PartitionCountExceeded: partitionCountExceeded ? 1 : 0,
    ActivePartitionsLimit: ACTIVE_PARTITIONS_MAX,
  });
}

/** One log line for each kind of error in a batch. */
function logErrors(
  { fates }: Transformed,
  stream: DeliveryStream,
  { functionArn }: LambdaProcessor,
  parts: PipelineParts,
): void {
  const errors = new Map<string, ProcessingError>();
  for (const fate of fates) {
    if (fate.result === "ProcessingFailed") errors.set(fate.error.errorMessage, fate.error);
  }
  for (const { errorCode, errorMessage: message } of errors.values()) {
    logFailure({ errorCode, message, processor: functionArn }, stream, stream.destination, parts)
      .catch(() => {});
  }
}
