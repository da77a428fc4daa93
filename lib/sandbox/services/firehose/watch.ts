/**
 * What a delivery stream tells those who watch it: its invocations, what became of each batch, and
 * which records an object holds. The console listens. Nothing here changes what Firehose does.
 * @module
 */

import type { BufferKind } from "./journal/journal.ts";
import type { StreamMetrics } from "./metrics.ts";

/** Receives what happens to the records of all streams. Without it nothing is gathered. */
export interface FirehoseWatch {
  /** Something of a stream was measured: a put, a delivery. */
  readonly measured: (streamId: number, values: StreamMetrics) => void;
  /** A batch goes to the function. */
  readonly invoking: (invocation: TransformInvocation) => void;
  /** The function, or Lambda in its place, has answered. */
  readonly invoked: (streamId: number, invocationId: string, answer: TransformAnswer) => void;
  /** The outcome of a batch is on disk. */
  readonly processed: (batch: ProcessedBatch) => void;
  /** An object is visible. */
  readonly delivered: (object: WatchedObject) => void;
  /** A delivery was refused; it will be tried again. */
  readonly refused: (streamId: number, failure: WatchedFailure) => void;
}

/** Why a delivery was refused, as Firehose writes it to its log. */
export interface WatchedFailure {
  readonly errorCode: string;
  readonly message: string;
  readonly atMs: number;
}

/** One attempt to send a batch through the function. */
export interface TransformInvocation {
  readonly streamId: number;
  readonly invocationId: string;
  readonly functionArn: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  readonly records: number;
  /** Bytes of the event. */
  readonly requestBytes: number;
  readonly beganMs: number;
}

/** How an attempt ended. */
export interface TransformAnswer {
  /** Bytes that the function posted, also if they were too many; undefined if it posted no response. */
  readonly responseBytes: number | undefined;
  readonly endedMs: number;
  /** Firehose's error code for the batch; undefined if it was judged record by record. */
  readonly errorCode?: string;
  readonly errorMessage?: string;
  /** Why the function failed, in Lambda's words: `Function.ResponseSizeTooLarge`. */
  readonly errorType?: string;
}

/** A batch that went through the processors. */
export interface ProcessedBatch {
  readonly streamId: number;
  /** The attempt that decided; undefined without a function. */
  readonly invocationId: string | undefined;
  readonly atMs: number;
  /** The records as the function saw them, in order, and when each was put. */
  readonly records: readonly { readonly recordId: string; readonly arrivalMs: number }[];
  readonly dropped: number;
  readonly placements: readonly WatchedPlacement[];
}

/** Records of a batch that went to one buffer: they are one row of its log. */
export interface WatchedPlacement {
  readonly seq: number;
  readonly kind: BufferKind;
  /** See `naming/partition.ts`; the error output type for `error`. */
  readonly key: string;
  /** Which records of the batch, in the order of the row: indexes of {@linkcode ProcessedBatch.records}. */
  readonly members: Uint32Array;
  /** For `error`: codes of Firehose with the number of records. */
  readonly errorCodes: ReadonlyMap<string, number>;
}

/** Which records an object holds. */
export interface WatchedObject {
  readonly streamId: number;
  readonly kind: BufferKind;
  /** As of {@linkcode WatchedPlacement}. */
  readonly partition: string;
  readonly bucket: string;
  readonly key: string;
  readonly atMs: number;
  readonly records: number;
  readonly sizeBytes: number;
  /** In the order of the object; those of the first {@linkcode WATCHED_RECORDS_MAX} records. */
  readonly rows: readonly WatchedRow[];
  /** Bytes between two records of the object. */
  readonly delimiterBytes: number;
}

/** Records of one row, one after the other. */
export interface WatchedRow {
  readonly seq: number;
  readonly firstRecord: number;
  /** Bytes of each. */
  readonly lengths: Uint32Array;
  readonly arrivalMs: number;
}

/** Of an object with more records, the first ones are told. */
export const WATCHED_RECORDS_MAX = 20_000;
