/**
 * What the console remembers of the delivery streams of one region: counts since the sandbox started,
 * the last batches, objects and failures. All of it is bounded, and a put costs a few additions.
 * @module
 */

import type { StreamMetrics } from "../services/firehose/metrics.ts";
import type {
  FirehoseWatch,
  ProcessedBatch,
  TransformAnswer,
  TransformInvocation,
  WatchedFailure,
  WatchedObject,
} from "../services/firehose/watch.ts";
import { Ring } from "./ring.ts";
import type { BatchView, FailureView, ObjectView } from "./shapes.ts";
import { Trails } from "./trails.ts";

const BATCHES_KEPT = 12;
const OBJECTS_KEPT = 12;
/** Counts of streams that were deleted are dropped from here on. */
const STREAMS_KEPT = 1_000;

/** What is known of one stream. */
export interface StreamCounts {
  puts: number;
  records: number;
  bytes: number;
  throttledRecords: number;
  batches: number;
  failedBatches: number;
  /** Attempts after the first one at a batch. */
  retriedBatches: number;
  readonly recentBatches: Ring<BatchView>;
  lastFailedBatch: BatchView | undefined;
  dropped: number;
  errorRecords: number;
  readonly errorCodes: Map<string, number>;
  errorObjects: number;
  /** Newest first; those that other objects have pushed out of `recentObjects`, too. */
  readonly recentErrorObjects: Ring<ObjectView>;
  objects: number;
  objectRecords: number;
  objectBytes: number;
  readonly recentObjects: Ring<ObjectView>;
  refused: number;
  lastFailure: FailureView | undefined;
}

/** Watches the streams of one account in one region. */
export class StreamWatch implements FirehoseWatch {
  readonly trails = new Trails();
  readonly #streams = new Map<number, StreamCounts>();

  /** What is known of a stream; all counts are 0 if nothing happened yet. */
  of(streamId: number): StreamCounts {
    const known = this.#streams.get(streamId);
    if (known) return known;
    const fresh = nothingYet();
    this.#streams.set(streamId, fresh);
    if (this.#streams.size > STREAMS_KEPT) {
      const [oldest] = this.#streams.keys();
      this.#streams.delete(oldest);
    }
    return fresh;
  }

  readonly measured = (streamId: number, values: StreamMetrics): void => {
    const { IncomingRecords, IncomingPutRequests = 0, IncomingBytes = 0 } = values;
    if (IncomingRecords === undefined) {
      if (values.ThrottledRecords) this.of(streamId).throttledRecords += values.ThrottledRecords;
      return;
    }
    const stream = this.of(streamId);
    stream.puts += IncomingPutRequests;
    stream.records += IncomingRecords;
    stream.bytes += IncomingBytes;
  };

  readonly invoking = ({ streamId, ...invocation }: TransformInvocation): void => {
    const stream = this.of(streamId);
    stream.batches++;
    if (invocation.attempt > 1) stream.retriedBatches++;
    const { functionArn: _, ...batch } = invocation;
    stream.recentBatches.add(batch);
    this.trails.invoking({ streamId, ...invocation });
  };

  readonly invoked = (
    streamId: number,
    invocationId: string,
    answer: TransformAnswer,
  ): void => {
    const stream = this.of(streamId);
    const ended = stream.recentBatches.replace(
      (batch) => batch.invocationId === invocationId,
      (batch) => ({ ...batch, ...answer }),
    );
    if (answer.errorCode !== undefined) {
      stream.failedBatches++;
      stream.lastFailedBatch = ended;
    }
    this.trails.invoked(invocationId, answer);
  };

  readonly processed = (batch: ProcessedBatch): void => {
    const stream = this.of(batch.streamId);
    stream.dropped += batch.dropped;
    for (const { errorCodes } of batch.placements) {
      for (const [code, records] of errorCodes) {
        stream.errorRecords += records;
        stream.errorCodes.set(code, (stream.errorCodes.get(code) ?? 0) + records);
      }
    }
    this.trails.processed(batch);
  };

  readonly delivered = (object: WatchedObject): void => {
    const { streamId, kind, bucket, key, atMs, records, sizeBytes: bytes } = object;
    const stream = this.of(streamId);
    const view = { bucket, key, kind, atMs, records, bytes };
    if (kind === "error") {
      stream.errorObjects++;
      stream.recentErrorObjects.add(view);
    } else if (kind !== "backup") {
      stream.objects++;
      stream.objectRecords += records;
      stream.objectBytes += bytes;
    }
    stream.recentObjects.add(view);
    this.trails.delivered(object);
  };

  readonly refused = (streamId: number, failure: WatchedFailure): void => {
    const stream = this.of(streamId);
    stream.refused++;
    stream.lastFailure = failure;
  };
}

function nothingYet(): StreamCounts {
  return {
    ...{ puts: 0, records: 0, bytes: 0, throttledRecords: 0 },
    ...{ batches: 0, failedBatches: 0, retriedBatches: 0, recentBatches: new Ring(BATCHES_KEPT) },
    lastFailedBatch: undefined,
    ...{ dropped: 0, errorRecords: 0, errorCodes: new Map(), errorObjects: 0 },
    recentErrorObjects: new Ring(OBJECTS_KEPT),
    ...{ objects: 0, objectRecords: 0, objectBytes: 0, recentObjects: new Ring(OBJECTS_KEPT) },
    ...{ refused: 0, lastFailure: undefined },
  };
}
