/**
 * The safe setting: the largest buffer before the function with which no response overflows.
 * @module
 */

import { RESPONSE_BYTES_MAX } from "../../../lambda/size.ts";
import { type BatchRange, batchRanges, MIB } from "./batches.ts";
import { type RecordBytes, sumOf } from "./record_bytes.ts";

/** The most that Firehose takes as BufferSizeInMBs. */
export const LARGEST_MB = 3;
/** The least, and the steps in which the safe one is looked for. */
const SMALLEST_MB = 0.2;
const STEP_MB = 0.1;
/** The most records of a batch. */
const RECORDS_MAX = 10_000;

/** Bytes of each record as it was put, and of its answer in the response, its comma included. */
export interface MeasuredRecords {
  readonly recordBytes: RecordBytes;
  readonly answerBytes: RecordBytes;
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
 * const all = (bytes: number) => new Array<number>(100).fill(bytes);
 * const safe = safeBuffer({ recordBytes: all(25_000), answerBytes: all(300_000) });
 * assertEquals(safe.kind === "safe" && [safe.megabytes, safe.largestResponseBytes], [0.5, 6_000_015]);
 * ```
 */
export function safeBuffer(records: MeasuredRecords, time?: TimeLimit): SafeBuffer {
  const tooLarge = tooLargeAmong(records.answerBytes);
  if (tooLarge) return tooLarge;
  const full = filled(records);
  const steps = Math.round((LARGEST_MB - SMALLEST_MB) / STEP_MB);
  let [largestResponseBytes, longestMs]: [number, number] = [0, 0];
  let limitedBy: "response" | "time" | undefined;
  for (let step = steps; step >= 0; step--) {
    const megabytes = Math.round((SMALLEST_MB + step * STEP_MB) * 10) / 10;
    const ranges = batchRanges(full.recordBytes, megabytes * MIB);
    largestResponseBytes = ENVELOPE_BYTES + largestOf(ranges, full.answerBytes);
    longestMs = time?.millisecondsOf(largestOf(ranges, full.recordBytes)) ?? 0;
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

/** Answers that are larger alone than a response may be; undefined if there are none. */
function tooLargeAmong(answers: RecordBytes): SafeBuffer | undefined {
  let [records, largest] = [0, 0];
  for (let index = 0; index < answers.length; index++) {
    if (answers[index] <= RESPONSE_BYTES_MAX - ENVELOPE_BYTES) continue;
    records++;
    largest = Math.max(largest, answers[index]);
  }
  return records === 0
    ? undefined
    : { kind: "tooLarge", records, largestAnswerBytes: largest + ENVELOPE_BYTES };
}

/** The largest sum over the records of a batch. */
const largestOf = (ranges: readonly BatchRange[], bytes: RecordBytes) =>
  ranges.reduce((most, { start, end }) => Math.max(most, sumOf(bytes, start, end)), 0);

/** The records, repeated until they fill the largest buffer or reach the records of a batch. */
export function filled(records: MeasuredRecords): MeasuredRecords {
  const given = records.recordBytes.length;
  let bytes = sumOf(records.recordBytes);
  if (given === 0 || given >= RECORDS_MAX || bytes >= LARGEST_MB * MIB) return records;
  const recordBytes = Array.from(records.recordBytes);
  const answerBytes = Array.from(records.answerBytes);
  for (let index = 0; recordBytes.length < RECORDS_MAX && bytes < LARGEST_MB * MIB; index++) {
    recordBytes.push(recordBytes[index]);
    answerBytes.push(answerBytes[index]);
    bytes += recordBytes[index];
  }
  return { recordBytes, answerBytes };
}

/** Bytes of the largest response that a buffer of this size leads to. */
export function largestResponse(
  { recordBytes, answerBytes }: MeasuredRecords,
  megabytes: number,
): number {
  return ENVELOPE_BYTES + largestOf(batchRanges(recordBytes, megabytes * MIB), answerBytes);
}
