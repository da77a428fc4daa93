/**
 * The safe setting: the largest buffer before the function with which no response overflows.
 * @module
 */

import { RESPONSE_BYTES_MAX } from "../../../lambda/size.ts";
import { type BatchRange, batchRanges, MIB } from "./batches.ts";

/** The most that Firehose takes as BufferSizeInMBs. */
export const LARGEST_MB = 3;
/** The least, and the steps in which the safe one is looked for. */
const SMALLEST_MB = 0.2;
const STEP_MB = 0.1;
/** The most records of a batch. */
const RECORDS_MAX = 10_000;

/** Bytes of one record as it was put, and of its answer in the response, its comma included. */
export interface MeasuredRecord {
  readonly recordBytes: number;
  readonly answerBytes: number;
}

/** The advice about a stream's setting. */
export type SafeBuffer =
  | {
    readonly kind: "safe";
    readonly megabytes: number;
    readonly largestResponseBytes: number;
    /** What an invocation with a full buffer takes; 0 if it is not known. */
    readonly longestMs: number;
    /** What a larger buffer would exceed; undefined at the largest one that Firehose takes. */
    readonly limitedBy: "response" | "time" | undefined;
  }
  /** Not even the smallest buffer is processed in time. */
  | { readonly kind: "tooSlow"; readonly longestMs: number }
  /** Not even the smallest buffer is safe for these records. */
  | { readonly kind: "none"; readonly largestResponseBytes: number }
  /** No buffer helps: a single answer is larger than a response may be. */
  | { readonly kind: "tooLarge"; readonly records: number; readonly largestAnswerBytes: number };

/** How long an invocation may take, and what one takes with so many bytes of records. */
export interface TimeLimit {
  readonly limitMs: number;
  readonly millisecondsOf: (recordBytes: number) => number;
}

/**
 * The share of its time that a safe invocation takes: one on AWS is slower or faster than here, and a
 * cold start may come on top.
 */
const TIME_SHARE = 0.8;

/** Bytes of a response around its answers, in the writing of the most talkative runtime. */
const ENVELOPE_BYTES = '{"records": []}'.length;

/**
 * The largest `BufferSizeInMBs`, in steps of 0.1, that no batch of these records overflows, and that is
 * processed in time if `time` is given. A few records are repeated until they fill the largest buffer:
 * a busy stream fills it too.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const records = Array.from({ length: 100 }, () => ({ recordBytes: 25_000, answerBytes: 300_000 }));
 * const safe = safeBuffer(records);
 * assertEquals(safe.kind === "safe" && [safe.megabytes, safe.largestResponseBytes], [0.5, 6_000_015]);
 * ```
 */
export function safeBuffer(records: readonly MeasuredRecord[], time?: TimeLimit): SafeBuffer {
  const answerBytesMax = RESPONSE_BYTES_MAX - ENVELOPE_BYTES;
  const tooLarge = records.filter(({ answerBytes }) => answerBytes > answerBytesMax);
  if (tooLarge.length > 0) {
    const largest = tooLarge.reduce((most, { answerBytes }) => Math.max(most, answerBytes), 0);
    return {
      kind: "tooLarge",
      records: tooLarge.length,
      largestAnswerBytes: largest + ENVELOPE_BYTES,
    };
  }
  const full = filled(records);
  const sizes = full.map(({ recordBytes }) => recordBytes);
  const steps = Math.round((LARGEST_MB - SMALLEST_MB) / STEP_MB);
  let [largestResponseBytes, longestMs]: [number, number] = [0, 0];
  let limitedBy: "response" | "time" | undefined;
  for (let step = steps; step >= 0; step--) {
    const megabytes = Math.round((SMALLEST_MB + step * STEP_MB) * 10) / 10;
    const ranges = batchRanges(sizes, megabytes * MIB);
    largestResponseBytes = ENVELOPE_BYTES +
      largestOf(ranges, (index) => full[index].answerBytes);
    longestMs = time?.millisecondsOf(largestOf(ranges, (index) => sizes[index])) ?? 0;
    const isInTime = !time || longestMs <= TIME_SHARE * time.limitMs;
    const fits = largestResponseBytes <= RESPONSE_BYTES_MAX;
    if (fits && isInTime) {
      return { kind: "safe", megabytes, largestResponseBytes, longestMs, limitedBy };
    }
    limitedBy = fits ? "time" : "response";
  }
  return limitedBy === "time"
    ? { kind: "tooSlow", longestMs }
    : { kind: "none", largestResponseBytes };
}

/** The largest sum over the records of a batch. */
function largestOf(ranges: readonly BatchRange[], bytesOf: (index: number) => number): number {
  let largest = 0;
  for (const { start, end } of ranges) {
    let bytes = 0;
    for (let index = start; index < end; index++) bytes += bytesOf(index);
    largest = Math.max(largest, bytes);
  }
  return largest;
}

/** The records, repeated until they fill the largest buffer or reach the records of a batch. */
export function filled(records: readonly MeasuredRecord[]): readonly MeasuredRecord[] {
  const full = [...records];
  let bytes = records.reduce((sum, { recordBytes }) => sum + recordBytes, 0);
  for (let index = 0; records.length > 0 && full.length < RECORDS_MAX; index++) {
    if (bytes >= LARGEST_MB * MIB) break;
    const record = records[index % records.length];
    full.push(record);
    bytes += record.recordBytes;
  }
  return full;
}

/** Bytes of the largest response that a buffer of this size leads to. */
export function largestResponse(records: readonly MeasuredRecord[], megabytes: number): number {
  const ranges = batchRanges(records.map(({ recordBytes }) => recordBytes), megabytes * MIB);
  return ENVELOPE_BYTES + largestOf(ranges, (index) => records[index].answerBytes);
}
