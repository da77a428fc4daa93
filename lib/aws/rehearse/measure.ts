/**
 * Runs a whole rehearsal: every batch once, then smaller ones until each record's answer is known,
 * then the safe setting is computed and tried.
 * @module
 */

import type { Fate } from "../../sandbox/services/firehose/processing/response_judge.ts";
import { batchRanges, MIB } from "./batches.ts";
import { type Partitions, partitionsOf } from "./partitions.ts";
import type { Attempt, Rehearsal } from "./rehearsal.ts";
import { type MeasuredRecord, type SafeBuffer, safeBuffer } from "./safe_buffer.ts";

/** What a rehearsal found. */
export interface Rehearsed {
  readonly bufferMB: number;
  /** The batches as Firehose would cut them, in order, each sent once. */
  readonly batches: readonly Attempt[];
  /** What became of each record at this setting. */
  readonly fates: readonly Fate[];
  /** All invocations, in order, those that only measured included. */
  readonly attempts: readonly Attempt[];
  /** Bytes of each record as it was put. */
  readonly recordSizes: readonly number[];
  /** Bytes of each record's answer; undefined if some could not be measured. */
  readonly answerBytes: readonly number[] | undefined;
  readonly runtime: string;
  /** The function's log from the first batch that failed; undefined if none did. */
  readonly failureLog: string | undefined;
  /** Records that the function put to the stream again, at this setting. */
  readonly putBack: number;
  /** Undefined if no record has a partition key. */
  readonly partitions: Partitions | undefined;
  /** The advice; undefined if some answers could not be measured, because the function failed. */
  readonly safe: SafeBuffer | undefined;
  /** The batches at the safe setting; undefined if there is none, or it is the one in use. */
  readonly tried: readonly Attempt[] | undefined;
}

/** How a rehearsal is run. */
export interface RehearseOptions {
  readonly bufferMB: number;
  readonly runtime: string;
  /** The stream's Prefix; undefined if it is not known. */
  readonly prefix?: string;
  /** Called after each batch, with the number of batches. */
  readonly onBatch?: (attempt: Attempt, done: number, all: number) => void;
}

/** Sends all records through the function, as a stream with this buffer would. */
export async function rehearse(
  rehearsal: Rehearsal,
  records: readonly Uint8Array[],
  { bufferMB, runtime, prefix, onBatch }: RehearseOptions,
): Promise<Rehearsed> {
  const recordSizes = records.map(({ length }) => length);
  const all: Attempt[] = [];
  const attempt = async (start: number, end: number) => {
    const made = await rehearsal.attempt(start, end);
    all.push(made);
    return made;
  };
  const batches = await sendAll(attempt, recordSizes, bufferMB, onBatch);
  const { putBack } = rehearsal;
  const failed = batches.find(({ verdict }) => verdict.kind === "batchFailed");
  const failureLog = failed && (await rehearsal.logOf(failed) ?? failed.log);
  // Firehose would try again: whether that is a cold start is seen only by doing it.
  if (failed && batches.length === 1 && !isTooLarge(failed)) {
    await attempt(failed.start, failed.end);
  }
  const measured = await measure(attempt, recordSizes, batches);
  const safe = measured && safeBuffer(measured);
  const isOther = safe?.kind === "safe" && safe.megabytes !== bufferMB;
  const fates = batches.flatMap(fatesOf);
  return {
    bufferMB,
    runtime,
    batches,
    fates,
    partitions: await partitionsOf(fates, prefix, Date.now()),
    recordSizes,
    answerBytes: measured?.map(({ answerBytes }) => answerBytes),
    failureLog,
    putBack,
    safe,
    tried: isOther ? await sendAll(attempt, recordSizes, safe.megabytes) : undefined,
    attempts: all,
  };
}

type Send = (start: number, end: number) => Promise<Attempt>;

async function sendAll(
  send: Send,
  sizes: readonly number[],
  bufferMB: number,
  onBatch?: RehearseOptions["onBatch"],
): Promise<Attempt[]> {
  const ranges = batchRanges(sizes, bufferMB * MIB);
  const made: Attempt[] = [];
  for (const { start, end } of ranges) {
    const sent = await send(start, end);
    made.push(sent);
    onBatch?.(sent, made.length, ranges.length);
  }
  return made;
}

/** What became of a batch's records; all have failed if the batch has. */
export function fatesOf({ verdict, start, end }: Attempt): Fate[] {
  if (verdict.kind === "judged") return [...verdict.fates];
  const fate: Fate = { result: "ProcessingFailed", error: verdict.error };
  return Array.from({ length: end - start }, () => fate);
}

/**
 * The size of each record's answer. A batch whose response was refused is sent again in halves, so
 * in the end one record alone. Undefined if a record fails alone for another reason than its size, or has
 * no answer: the function has an error that comes first.
 */
async function measure(
  send: Send,
  sizes: readonly number[],
  batches: readonly Attempt[],
): Promise<MeasuredRecord[] | undefined> {
  const answers = new Array<number>(sizes.length);
  const waiting = [...batches];
  for (let tried = waiting.pop(); tried; tried = waiting.pop()) {
    const { start, end, verdict, answerBytes } = tried;
    if (verdict.kind === "judged" && verdict.fates.some(hasNoAnswer)) {
      return undefined; // what is not answered has no size
    } else if (verdict.kind === "judged") {
      answerBytes.forEach((bytes, index) => answers[start + index] = bytes);
    } else if (!isTooLarge(tried)) {
      return undefined;
    } else if (end - start === 1) {
      answers[start] = Infinity; // larger than any response; how large is not known
    } else {
      const middle = Math.floor((start + end) / 2);
      waiting.push(await send(start, middle));
      waiting.push(await send(middle, end));
    }
  }
  return sizes.map((recordBytes, index) => ({ recordBytes, answerBytes: answers[index] }));
}

const hasNoAnswer = (fate: Fate) =>
  fate.result === "ProcessingFailed" && fate.error.errorCode === "Lambda.MissingRecordId";

/** Whether the batch failed because its response did not fit. */
export function isTooLarge({ log }: Attempt): boolean {
  return /Http response code: 413\b|ResponseSizeTooLarge|status=413|status code: 413/.test(log);
}
