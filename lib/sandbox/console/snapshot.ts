/**
 * How everything stands at one moment: the delivery streams of all regions, their buffers, and the
 * names of buckets and log groups.
 * @module
 */

import { codeKnowledge } from "../knowledge/code_knowledge.ts";
import { lambdaProcessor, processingHints } from "../services/firehose/configuration/processors.ts";
import { hintsOf } from "../services/firehose/delivery/target.ts";
import { bucketOf, type DeliveryStream } from "../services/firehose/delivery_stream.ts";
import type { CountedBuffer, Doing } from "../services/firehose/journal/buffers.ts";
import type { BufferKind } from "../services/firehose/journal/journal.ts";
import {
  ACTIVE_PARTITIONS_MAX,
  partitionKeysIn,
  partitionOfBuffer,
} from "../services/firehose/naming/partition.ts";
import { errorOutputPrefix } from "../services/firehose/processing/error_output.ts";
import type { FirehoseState } from "../services/firehose/state.ts";
import type { StreamCounts } from "./stream_watch.ts";
import type { ConsoleRegion } from "./console_region.ts";
import {
  type BufferView,
  type ErrorsView,
  PARTITIONS_SHOWN,
  type PartitionsView,
  STREAMS_MAX,
  type StreamView,
  type Tick,
  type TransformView,
} from "./shapes.ts";

/** A buffer, and what it does. */
interface Found {
  readonly buffer: CountedBuffer;
  readonly doing: Doing;
}

/** Everything but the requests and the time. */
export function snapshot(
  regions: readonly ConsoleRegion[],
): Pick<Tick, "streams" | "streamsLeftOut" | "buckets" | "logGroups"> {
  const all = regions.flatMap((region) =>
    region.firehose.streams().map((stream) => ({ region, stream }))
  );
  return {
    streams: all.slice(0, STREAMS_MAX).map(({ region, stream }) => streamView(region, stream)),
    streamsLeftOut: Math.max(0, all.length - STREAMS_MAX),
    buckets: regions.flatMap(({ place, s3 }) =>
      s3.buckets().slice(0, NAMES_MAX).map(({ name }) => ({ place, name }))
    ),
    logGroups: regions.flatMap(({ place, logs }) =>
      logs.groups.all().slice(0, NAMES_MAX).map(({ name }) => ({ place, name }))
    ),
  };
}

const NAMES_MAX = 200;

function streamView(region: ConsoleRegion, stream: DeliveryStream): StreamView {
  const { firehose, watch, place } = region;
  const counts = watch.of(stream.id);
  const buffers = firehose.buffersOf(stream);
  const of = (kind: BufferKind) => buffers.filter(({ buffer }) => buffer.kind === kind);
  const view = (found: Found) => bufferView(found, stream, firehose);
  const [source] = of("source");
  const [backup] = of("backup");
  const { puts, records, bytes, throttledRecords, refused, lastFailure } = counts;
  const failing = buffers.map(({ buffer }) => buffer.failingSinceMs)
    .filter((ms) => ms !== undefined);
  return {
    ...{ place, name: stream.name, status: stream.status },
    ...{ puts, records, bytes, throttledRecords },
    bucket: bucketOf(stream.destination.BucketARN),
    errorPrefix: errorOutputPrefix(stream.destination),
    source: source ? view(source) : EMPTY,
    backup: backup && view(backup),
    transform: transformView(stream, counts),
    partitions: processingHints(stream.destination) &&
      partitionsView(of("primary"), view, partitionKeysIn(stream.destination) !== undefined),
    errors: errorsView(of("error").map(view), counts),
    delivered: {
      objects: counts.objects,
      records: counts.objectRecords,
      bytes: counts.objectBytes,
      recent: counts.recentObjects.items,
      dropped: counts.dropped,
    },
    retries: {
      refused,
      failingSinceMs: failing.length > 0 ? Math.min(...failing) : undefined,
      last: lastFailure,
    },
  };
}

/** Of a stream that is being deleted. */
const EMPTY: BufferView = {
  ...{ records: 0, bytes: 0, sizeBytes: 0, intervalMs: 0, doing: "nothing" },
  ...{ openedMs: undefined, dueMs: undefined, failingSinceMs: undefined },
};

function bufferView(
  { buffer, doing }: Found,
  stream: DeliveryStream,
  firehose: FirehoseState,
): BufferView {
  const { waitingBytes: bytes, waitingRecords: records, openedMs, failingSinceMs } = buffer;
  const hints = hintsOf(stream, buffer);
  const dueMs = firehose.dueMs(stream, buffer);
  return { ...hints, records, bytes, openedMs, dueMs, doing, failingSinceMs };
}

function transformView(
  { destination }: DeliveryStream,
  { batches, failedBatches, retriedBatches, recentBatches, lastFailedBatch }: StreamCounts,
): TransformView | undefined {
  const lambda = lambdaProcessor(destination);
  if (!lambda) return undefined;
  const functionName = lambda.functionArn.split(":").slice(6).join(":");
  return {
    ...{ functionName, batches, failedBatches, retriedBatches },
    recent: recentBatches.items,
    lastFailed: lastFailedBatch,
  };
}

function partitionsView(
  found: readonly Found[],
  view: (found: Found) => BufferView,
  hasKeys: boolean,
): PartitionsView {
  const sum = (of: (buffer: CountedBuffer) => number) =>
    found.reduce((total, { buffer }) => total + of(buffer), 0);
  const fullest = found.toSorted((a, b) => b.buffer.waitingBytes - a.buffer.waitingBytes)
    .slice(0, PARTITIONS_SHOWN);
  return {
    hasKeys,
    open: found.length,
    openMax: ACTIVE_PARTITIONS_MAX,
    records: sum(({ waitingRecords }) => waitingRecords),
    bytes: sum(({ waitingBytes }) => waitingBytes),
    fullest: fullest.map((one) => ({ ...view(one), name: partitionName(one.buffer.key) })),
  };
}

/** `customer=7, year=2026`; empty without partition keys. */
export function partitionName(key: string): string {
  return [...partitionOfBuffer(key).keys]
    .map(([expression, value]) => `${expression.split(":").slice(1).join(":")}=${value}`)
    .join(", ");
}

function errorsView(
  waiting: readonly BufferView[],
  { errorRecords: records, errorCodes, errorObjects: objects }: StreamCounts,
): ErrorsView {
  const due = waiting.map(({ dueMs }) => dueMs).filter((ms) => ms !== undefined);
  return {
    ...{ records, objects },
    codes: [...errorCodes].map(([code, records]) => ({
      ...{ code, records },
      happened: codeKnowledge(code, "").happened,
    })),
    waitingRecords: waiting.reduce((sum, { records }) => sum + records, 0),
    dueMs: due.length > 0 ? Math.min(...due) : undefined,
  };
}
