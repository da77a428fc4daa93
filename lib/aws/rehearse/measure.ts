/**
 * Runs a whole rehearsal: every batch once, then smaller ones until each record's answer is known,
 * then the safe setting is computed and tried.
 * @module
 */

import type { Architecture } from "./architecture.ts";
import { type BatchRange, batchRanges, MIB } from "./batches.ts";
import { type Partitions, partitionsOf, prefixKeysOf, withCrowdedOut } from "./partitions.ts";
import { RecordNoter, type RecordNotes } from "./record_notes.ts";
import type { Attempt, Invocation, Rehearsal } from "./rehearsal.ts";
import { ACTIVE_PARTITIONS_MAX } from "../../sandbox/services/firehose/naming/partition.ts";
import { FUNCTION_MS_MAX } from "../../sandbox/services/firehose/processing/invoke_transform.ts";
import { hasFailed, isTimedOut, isTooLarge } from "./attempts.ts";
import { invocationTime, millisecondsOf } from "./invocation_time.ts";
import { type KnownRecords, Ledger } from "./ledger.ts";
import { measureAnswers } from "./measure_answers.ts";
import { type RecordBytes, sumOf } from "./record_bytes.ts";
import type { Records } from "./record_spool.ts";
import { LARGEST_MB, type SafeBuffer, safeBuffer, type TimeLimit } from "./safe_buffer.ts";

/** What a rehearsal found. */
export interface Rehearsed {
  readonly bufferMB: number;
  /** The batches as Firehose would cut them, in order, each sent once. */
  readonly batches: readonly Invocation[];
  /** What becomes of each record in a batch small enough to be answered. */
  readonly alone: KnownRecords;
  /** Data that were answered for some of the records, spread over all. */
  readonly samples: readonly Uint8Array[];
  /** All invocations, in order, those that only measured included. */
  readonly invocations: readonly Invocation[];
  /** Records after those of this rehearsal: the function never answered in time, so they were not sent. */
  readonly recordsNotSent: number;
  /** Bytes of each record as it was put. */
  readonly recordSizes: RecordBytes;
  /** Bytes of each record's answer; undefined if some could not be measured. */
  readonly answerBytes: RecordBytes | undefined;
  /** How many of them are estimated by the others, because the function is too slow to measure all. */
  readonly estimatedRecords: number;
  /** How long an invocation may take: the function's timeout, and 5 minutes at most. */
  readonly timeLimitMs: number;
  readonly runtime: string;
  /** What the function runs on at AWS. */
  readonly architecture: Architecture;
  /** The function's log from the first batch that failed; undefined if none did. */
  readonly failureLog: string | undefined;
  /** Records that the function put to the stream again, at this setting. */
  readonly putBack: number;
  readonly notes: RecordNotes;
  /** Undefined if no record has a partition key. */
  readonly partitions: Partitions | undefined;
  /** Partitions that the stream may have active at once. */
  readonly partitionQuota: number;
  /**
   * The advice; undefined if some answers could not be measured, because the function failed, and if the
   * function keeps its responses small itself: it puts records back, and no batch failed.
   */
  readonly safe: SafeBuffer | undefined;
  /** The batches at the safe setting; undefined if there is none, or it is the one in use. */
  readonly tried: readonly Invocation[] | undefined;
  /** Batches at the safe setting; of many, those with the largest answers are tried. */
  readonly batchesAtSafe: number;
}

/** How a rehearsal is run. */
export interface RehearseOptions {
  readonly bufferMB: number;
  readonly runtime: string;
  /** What the function runs on at AWS; absent means x86_64, as for Lambda. */
  readonly architecture?: Architecture;
  /** The function's own timeout. */
  readonly timeoutSeconds: number;
  /** The stream's Prefix; undefined if it is not known. */
  readonly prefix?: string;
  /** Partitions that the stream may have active at once; absent means 500, AWS's default. */
  readonly partitionQuota?: number;
  /** Called after each batch at this setting, with the number of batches. */
  readonly onBatch?: OnBatch;
}

type OnBatch = (attempt: Attempt, done: number, all: number) => void;

/** Sends all records through the function, as a stream with this buffer would. */
export async function rehearse(
  rehearsal: Rehearsal,
  all: Records,
  {
    bufferMB,
    runtime,
    architecture = "x86_64",
    prefix,
    partitionQuota = ACTIVE_PARTITIONS_MAX,
    timeoutSeconds,
    onBatch,
  }: RehearseOptions,
): Promise<Rehearsed> {
  const timeLimitMs = Math.min(timeoutSeconds * 1000, FUNCTION_MS_MAX);
  const invocations: Invocation[] = [];
  const send = async (start: number, end: number) => {
    const attempt = await rehearsal.attempt(start, end);
    invocations.push(attempt.invocation);
    return attempt;
  };
  const prefixKeys = prefix === undefined ? undefined : await prefixKeysOf(prefix, Date.now());
  const ledger = new Ledger(all.sizes.length, prefixKeys);
  const noter = new RecordNoter(all);
  let failureLog: string | undefined;
  const note: OnBatch = (attempt, done, batches) => {
    const { invocation, answers, log } = attempt;
    ledger.note(invocation.start, answers);
    noter.note(attempt);
    if (hasFailed(invocation)) failureLog ??= log;
    onBatch?.(attempt, done, batches);
  };
  const batches = await sendAll(send, batchRanges(all.sizes, bufferMB * MIB), note);
  const recordSizes = firstOf(all.sizes, batches.at(-1)?.end ?? 0);
  const { putBack } = rehearsal;
  const failed = batches.find(hasFailed);
  if (failed) failureLog = await rehearsal.logOf(failed) ?? failureLog;
  const again = failed ? againAfter(failed, batches) : halfOf(batches);
  if (again) await send(again.start, again.end);
  const isMeasured = await measureAnswers(send, batches, ledger, timeLimitMs);
  const estimatedRecords = isMeasured ? ledger.estimate(recordSizes) : 0;
  const answerBytes = isMeasured ? ledger.answerBytes(recordSizes.length) : undefined;
  // Answers of a function that puts back do not add up: in another batch it puts back other records.
  const canAdd = putBack === 0 || failed !== undefined;
  const time = timeLimitOf(invocations, recordSizes, timeLimitMs);
  const safe = answerBytes && canAdd
    ? safeBuffer({ recordBytes: recordSizes, answerBytes }, time)
    : undefined;
  const { groups, furtherRecords } = ledger.keyGroups(recordSizes.length);
  const isOther = safe?.kind === "safe" && safe.megabytes !== bufferMB;
  const atSafe = isOther ? batchRanges(recordSizes, safe.megabytes * MIB) : [];
  return {
    bufferMB,
    runtime,
    architecture,
    batches,
    notes: noter.notes,
    alone: ledger,
    samples: ledger.samples,
    partitions: withCrowdedOut(
      await partitionsOf(groups, prefix, Date.now(), furtherRecords),
      ledger.crowdedOut(batches, partitionQuota),
    ),
    partitionQuota,
    recordSizes,
    answerBytes,
    estimatedRecords,
    timeLimitMs,
    failureLog,
    putBack,
    safe,
    tried: isOther
      ? await sendAll(send, triedOf(atSafe, answerBytes ?? [], safe.limitedBy))
      : undefined,
    batchesAtSafe: atSafe.length,
    invocations,
    recordsNotSent: all.sizes.length - recordSizes.length,
  };
}

/** The sizes of the records that were sent. */
const firstOf = (sizes: RecordBytes, count: number): RecordBytes =>
  count === sizes.length ? sizes : Float64Array.from({ length: count }, (_, at) => sizes[at]);

/** A buffer that time limits belongs to a slow function: a few of its batches are enough to see. */
const SLOW_BATCHES_TRIED = 3;

/** Of more batches, those with the largest answers say whether the setting is safe. */
const BATCHES_TRIED = 24;

/** The batches at the safe setting that are tried, in their order. */
export function triedOf(
  ranges: readonly BatchRange[],
  answerBytes: RecordBytes,
  limitedBy: "response" | "time" | undefined,
): readonly BatchRange[] {
  if (limitedBy === "time") return ranges.slice(0, SLOW_BATCHES_TRIED);
  if (ranges.length <= BATCHES_TRIED) return ranges;
  const sizes = new Map(ranges.map((range) => [range, sumOf(answerBytes, range.start, range.end)]));
  const sizeOf = (range: BatchRange) => sizes.get(range) ?? 0;
  const largest = new Set(
    ranges.toSorted((a, b) => sizeOf(b) - sizeOf(a)).slice(0, BATCHES_TRIED),
  );
  return ranges.filter((range) => largest.has(range));
}

/**
 * Firehose would try a failed batch again: whether that is a cold start is seen only by doing it. What
 * measuring sends anyway says it too.
 */
function againAfter(failed: Invocation, batches: readonly Invocation[]): BatchRange | undefined {
  return batches.length === 1 && !isTooLarge(failed) && !isTimedOut(failed) ? failed : undefined;
}

/**
 * Half of a batch, if all have about one size: the times of two sizes say what a larger one would take,
 * and a single batch says nothing about running environments. Undefined if nothing is missing.
 */
function halfOf(batches: readonly Invocation[]): BatchRange | undefined {
  const [first, ...others] = batches;
  if (!first || first.end - first.start < 2) return undefined;
  const hasOtherSize = others.some(({ requestBytes }) => requestBytes < 0.7 * first.requestBytes);
  return hasOtherSize
    ? undefined
    : { start: first.start, end: Math.ceil((first.start + first.end) / 2) };
}

/** The share of a full buffer that must have been measured to say how long a full one takes. */
const MEASURED_SHARE_MIN = 1 / 20;

/** What an invocation takes by its bytes, and what it may take; undefined if too little was measured. */
function timeLimitOf(
  invocations: readonly Invocation[],
  recordSizes: RecordBytes,
  limitMs: number,
): TimeLimit | undefined {
  const time = invocationTime(invocations.filter((it) => !isTimedOut(it)));
  const [first] = invocations;
  const most = invocations.reduce((bytes, { requestBytes }) => Math.max(bytes, requestBytes), 0);
  if (!time || most < MEASURED_SHARE_MIN * LARGEST_MB * MIB) return undefined;
  const firstBytes = sumOf(recordSizes, first.start, first.end);
  const perByte = first.requestBytes / Math.max(1, firstBytes);
  return {
    limitMs,
    millisecondsOf: (recordBytes) => millisecondsOf(time, recordBytes * perByte),
  };
}

type Send = (start: number, end: number) => Promise<Attempt>;

/** Sends batches one after the other; no more than three to a function that never answers in time. */
export async function sendAll(
  send: Send,
  ranges: readonly BatchRange[],
  onBatch?: OnBatch,
): Promise<Invocation[]> {
  const made: Invocation[] = [];
  const [first] = ranges;
  let next = first && send(first.start, first.end);
  for (const index of ranges.keys()) {
    const following = ranges[index + 1];
    const sendNext = () => following && send(following.start, following.end);
    // The next batch is prepared while the function works on this one.
    const prepared = hangs(made) ? undefined : sendNext();
    prepared?.catch(() => {}); // it is awaited in the next round
    const sent = await next;
    made.push(sent.invocation);
    onBatch?.(sent, made.length, ranges.length);
    if (hangs(made) && made.length >= TIMED_OUT_MAX) break;
    next = prepared ?? sendNext();
  }
  return made;
}

/** Of a function that only runs out of time, further batches would say nothing new, and take hours. */
const TIMED_OUT_MAX = 3;

const hangs = (made: readonly Invocation[]) => made.length > 0 && made.every(isTimedOut);
