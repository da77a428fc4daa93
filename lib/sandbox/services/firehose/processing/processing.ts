/**
 * Processing: the way of records that do not go to S3 as they were put. Decompression,
 * de-aggregation, Lambda, partition keys: always in this order, whatever the order of the processors
 * (documented).
 *
 * The outcome of a batch is one commit. If the sandbox is killed before it, the batch is processed
 * again; no record is delivered twice.
 *
 * What ends the work on a batch:
 *
 * - A batch has one owner at a time, and only its owner ends it.
 * - A batch that was begun early belongs to `LookAhead`, which ends it when another one is next, when the
 *   destination has changed, or when the buffers of its stream are closed.
 * - A batch that was taken belongs to its buffer's turn, which `Buffers` ends when it closes the buffer:
 *   the stream is deleted, everything is reset, or the sandbox stops. An update does not end it: its
 *   records go the way that was set when the turn began.
 * - A flush ends pauses: the buffer's after a failure, and those between attempts at the function. It
 *   ends no work, and its own signal ends only the wait for it.
 * - The commit asks whether the buffer still exists. So a batch that ends too late stores nothing.
 * @module
 */

import { type Batch, nextBatch } from "./batch.ts";
import type { Consumed, LiveBuffer } from "../journal/buffers.ts";
import type { Database } from "../../../store/database.ts";
import type { Journal } from "../journal/journal.ts";
import { nextTurn } from "../../../next_turn.ts";
import { logFailure, type LogParts } from "../delivery_log.ts";
import type { DeliveryStream } from "../delivery_stream.ts";
import {
  type Failure,
  type Placed,
  placeRecords,
  type Processed,
  sortRecords,
} from "./place_records.ts";
import type { Jq } from "./jq/engine.ts";
import { type Extracted, extractMetadata } from "./metadata_extraction.ts";
import type { LookAhead } from "./look_ahead.ts";
import { fixedLengthOf } from "../naming/object_name.ts";
import { ACTIVE_PARTITIONS_MAX, type PartitionKey, partitionKeysIn } from "../naming/partition.ts";
import {
  deAggregation,
  decompression,
  lambdaProcessor,
  metadataExtractionQuery,
  PARTITION_AT_ONCE,
  processingHints,
} from "../configuration/processors.ts";
import {
  BATCH_RECORDS_MAX,
  transform,
  type Transformed,
  type TransformParts,
  type TransformSteps,
  untransformed,
} from "./invoke_transform.ts";

/** A batch on its way through the processors. */
export interface Begun {
  readonly batch: Batch;
  /** Resolves when the function has got the event; without a function, with `processed`. */
  readonly sent: Promise<void>;
  readonly processed: Promise<Processed>;
  /** Ends it; for its owner. */
  readonly end: AbortController;
}

/** What processing needs. */
export interface ProcessParts extends TransformParts, LogParts {
  readonly database: Database;
  readonly journal: Journal;
  readonly jq: Jq;
  readonly ahead: LookAhead<Begun>;
  /** Bytes that wait in a buffer now: more may have come since its batch was taken. */
  readonly waitingBytes: (bufferId: number) => number;
  /** Called with the records that reached the buffers of partitions and of the error output. */
  readonly onPlaced: (placed: readonly Placed[], bufferedMs: number) => void;
}

/**
 * Records that are partitioned at once where no function limits them: each batch costs a commit and
 * a row for each of its partitions.
 */
const PARTITION_RECORDS_MAX = 2_000;

/** Takes the next records out of a buffer and through the processors; undefined if none waits. */
export async function consumeByProcessing(
  buffer: LiveBuffer,
  stream: DeliveryStream,
  parts: ProcessParts,
  signal: AbortSignal,
): Promise<Consumed | undefined> {
  const { journal, database, clock, ahead } = parts;
  const begun = ahead.take(buffer, stream) ?? begin(buffer, stream, parts);
  if (!begun) return undefined;
  const { batch } = begun;
  follow(begun.end, signal);
  await begun.sent;
  beginNext(batch, buffer, stream, parts, signal);
  const processed = await begun.processed;
  beginNext(batch, buffer, stream, parts, signal);
  const nowMs = clock.nowMs();
  const sorted = sortRecords(processed, nowMs);
  const { placed, failures } = await journal.storing(
    sorted.entries(),
    (stored) =>
      database.commit(() => {
        if (!journal.hasBuffer(buffer.id)) throw new Error("the delivery stream was deleted");
        journal.settle(buffer, batch.next);
        return placeRecords(sorted, stored, { stream, journal });
      }),
  );
  parts.onPlaced(placed, nowMs);
  noteProcessed(processed, placed, stream, { ...parts, nowMs });
  recordProcessing(processed, failures, stream, parts);
  logFailures(failures, processed, stream, parts);
  return { bytes: batch.bytes, records: batch.taken, position: batch.next };
}

/**
 * Begins the batch after `batch` if it is due already and not begun: while the function works on
 * `batch`, when it has answered, and when `batch` is processed. More records may have come each time.
 * Does nothing once `batch` was ended.
 */
function beginNext(
  { bytes, next }: Batch,
  buffer: LiveBuffer,
  stream: DeliveryStream,
  parts: ProcessParts,
  signal: AbortSignal,
): void {
  if (signal.aborted || parts.ahead.has(buffer)) return;
  const waitingBytes = parts.waitingBytes(buffer.id) - bytes;
  if (waitingBytes < (processingHints(stream.destination)?.sizeBytes ?? Infinity)) return;
  const rest = { ...buffer, position: next, waitingBytes };
  const begun = begin(rest, stream, parts);
  if (begun) parts.ahead.keep(rest, stream, begun);
}

/** Takes the next batch of a buffer to the processors; undefined if nothing waits. */
function begin(
  buffer: LiveBuffer,
  stream: DeliveryStream,
  parts: ProcessParts,
): Begun | undefined {
  const batch = batchOf(buffer, stream, parts);
  if (!batch) return undefined;
  const end = new AbortController();
  const sent = Promise.withResolvers<void>();
  const steps = {
    onSent: () => void nextTurn().then(sent.resolve),
    onAnswered: () => beginNext(batch, buffer, stream, parts, end.signal),
  };
  const processed = process(batch, stream, { ...parts, ...steps }, end.signal);
  processed.then(() => sent.resolve(), () => sent.resolve());
  return { batch, sent: sent.promise, processed, end };
}

/** Aborts `end` with `signal`. */
function follow(end: AbortController, signal: AbortSignal): void {
  const abort = () => end.abort(signal.reason);
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
}

function batchOf(
  buffer: LiveBuffer,
  { destination }: DeliveryStream,
  { journal }: ProcessParts,
): Batch | undefined {
  const lambda = lambdaProcessor(destination);
  const limits = {
    bytesMax: (lambda ?? PARTITION_AT_ONCE).sizeBytes,
    recordsMax: lambda ? BATCH_RECORDS_MAX : PARTITION_RECORDS_MAX,
  };
  const division = {
    decompression: decompression(destination),
    deAggregation: deAggregation(destination),
  };
  return nextBatch(buffer, limits, division, journal);
}

async function process(
  batch: Batch,
  stream: DeliveryStream,
  parts: ProcessParts & TransformSteps,
  signal: AbortSignal,
): Promise<Processed> {
  const { destination } = stream;
  const lambda = lambdaProcessor(destination);
  const keys = partitionKeysIn(destination);
  // A batch can be empty without the records that could not be decompressed.
  const transformed = lambda && batch.records.length > 0
    ? await transform(batch, stream, lambda, parts, signal)
    : untransformed(batch, parts.clock.nowMs());
  return {
    ...transformed,
    extracted: await extractKeys(transformed, keys ?? [], stream, parts, signal),
    partitioning: keys && {
      prefix: destination.Prefix ?? "",
      keys,
      fixed: await fixedLengthOf(stream, parts.clock.nowMs(), parts.random),
    },
    lambdaArn: lambda?.functionArn,
  };
}

/** jq's keys for each record that is still Ok; undefined for the others. */
async function extractKeys(
  { fates }: Transformed,
  partitionKeys: readonly PartitionKey[],
  { name, destination }: DeliveryStream,
  parts: ProcessParts,
  signal: AbortSignal,
): Promise<(Extracted | undefined)[]> {
  const text = metadataExtractionQuery(destination);
  if (text === undefined) return [];
  const fromQuery = partitionKeys.filter(({ kind }) => kind === "partitionKeyFromQuery");
  const keys = [...new Set(fromQuery.map(({ key }) => key))];
  const extracted = await extractMetadata(
    { text, keys },
    fates.flatMap((fate) => fate.result === "Ok" ? [fate.data] : []),
    { ...parts, onRun: (ms) => parts.record(name, { "JQProcessing.Duration": ms }) },
    signal,
  );
  let next = 0;
  return fates.map(({ result }) => result === "Ok" ? extracted[next++] : undefined);
}

function recordProcessing(
  { records, undecompressed, fates, lambdaArn, partitioning }: Processed,
  failures: readonly Failure[],
  stream: DeliveryStream,
  { record, journal }: ProcessParts,
): void {
  if (lambdaArn !== undefined) {
    const succeeded = records.filter((_, index) => fates[index].result === "Ok");
    record(stream.name, {
      "SucceedProcessing.Bytes": succeeded.reduce((sum, { sourceBytes }) => sum + sourceBytes, 0),
      "SucceedProcessing.Records": succeeded.length,
    });
  }
  if (decompression(stream.destination)) {
    record(stream.name, {
      "OutputDecompressedRecords.Success": records.length,
      "OutputDecompressedBytes.Success": records.reduce((sum, { data }) => sum + data.length, 0),
      "OutputDecompressedRecords.Failed": undecompressed.length,
      "OutputDecompressedBytes.Failed": undecompressed.reduce((sum, r) => sum + r.data.length, 0),
    });
  }
  if (!partitioning) return;
  const isExceeded = failures.some(({ type }) => type === "activePartitionExceeded");
  record(stream.name, {
    PartitionCount: journal.countBuffers(stream.id, "primary"),
    PartitionCountExceeded: isExceeded ? 1 : 0,
    ActivePartitionsLimit: ACTIVE_PARTITIONS_MAX,
  });
}

function noteProcessed(
  { records, undecompressed, fates, invocationId }: Processed,
  placed: readonly Placed[],
  { id: streamId }: DeliveryStream,
  { watch, nowMs }: Pick<ProcessParts, "watch"> & { readonly nowMs: number },
): void {
  watch?.processed({
    ...{ streamId, invocationId, atMs: nowMs, records: [...records, ...undecompressed] },
    dropped: fates.filter(({ result }) => result === "Dropped").length,
    placements: placed.map(({ buffer: { kind, key }, seq, members, errorCodes }) => ({
      ...{ seq, kind, key, members, errorCodes },
    })),
  });
}

/** One log line for each kind of error in a batch. */
function logFailures(
  failures: readonly Failure[],
  { lambdaArn }: Processed,
  stream: DeliveryStream,
  parts: ProcessParts,
): void {
  for (const { type, error: { errorCode, errorMessage: message } } of failures) {
    const processor = type === "processing-failed" ? lambdaArn : undefined;
    logFailure({ errorCode, message, processor }, stream, stream.destination, parts)
      .catch(() => {});
  }
}
