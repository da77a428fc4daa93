/**
 * The size of each record's answer, and what becomes of the record when its batch is small enough.
 * @module
 */

import { invocationReport } from "./invocation_report.ts";
import { isTimedOut, isTooLarge, outcomesOf } from "./attempts.ts";
import type { Outcome } from "./outcomes.ts";
import type { Attempt } from "./rehearsal.ts";

/** What was measured of all records. */
export interface MeasuredAnswers {
  /** Bytes of each record's answer; undefined if they can't be measured. */
  readonly answerBytes: readonly number[] | undefined;
  readonly alone: readonly Outcome[];
  /** How many answers are estimated by the ratio of the others. */
  readonly estimatedRecords: number;
}

type Send = (start: number, end: number) => Promise<Attempt>;

/** A slow function is measured for this many of its time limits, and estimated from there on. */
const TIME_LIMITS_SPENT = 3;
/** The share of the time limit that a measuring batch is meant to take. */
const TIME_SHARE = 0.5;

/**
 * Takes the sizes from `batches`. One whose response was refused is sent again in halves; one that did
 * not end in time in pieces that a record alone says are short enough. Answers can't be measured if a
 * batch fails in another way, if records are left without an answer, or if a record alone takes too long.
 */
export async function measureAnswers(
  send: Send,
  sizes: readonly number[],
  batches: readonly Attempt[],
  timeLimitMs: number,
): Promise<MeasuredAnswers> {
  const answers = new Array<number | undefined>(sizes.length).fill(undefined);
  const alone = batches.flatMap(outcomesOf);
  const waiting: (Attempt | { readonly start: number; readonly end: number })[] = batches
    .toReversed();
  const slow = new SlowFunction(timeLimitMs);
  let isKnown = true;
  while (isKnown) {
    const next = waiting.pop();
    if (!next) break;
    if (!("outcome" in next) && slow.isSpent) continue;
    const tried = "outcome" in next ? next : await send(next.start, next.end);
    const { start, end, outcome } = tried;
    slow.note(tried, !("outcome" in next));
    if (outcome.kind === "judged") {
      tried.answerBytes.forEach((bytes, index) => answers[start + index] = bytes);
      outcome.outcomes.forEach((fate, index) => alone[start + index] = fate);
      isKnown = !outcome.outcomes.some(hasNoAnswer);
    } else if (isTooLarge(tried) && end - start === 1) {
      answers[start] = Infinity; // larger than any response; how large is not known
    } else if (isTooLarge(tried)) {
      waiting.push(...inPieces(tried, Math.ceil((end - start) / 2)));
    } else if (isTimedOut(tried) && end - start > 1) {
      const each = await slow.recordsInTime(send, tried);
      isKnown = each !== undefined;
      if (each !== undefined) {
        waiting.push(...inPieces(tried, Math.min(each, Math.ceil((end - start) / 2))));
      }
    } else {
      isKnown = false;
    }
  }
  if (!isKnown) return { answerBytes: undefined, alone, estimatedRecords: 0 };
  return { ...estimated(answers, sizes), alone: aloneEstimated(alone, answers) };
}

/** How long a function takes that did not end in time, found out by one record of it. */
class SlowFunction {
  readonly #limitMs: number;
  #recordMs: number | undefined;
  #spentMs = 0;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  get isSpent(): boolean {
    return this.#recordMs !== undefined && this.#spentMs > TIME_LIMITS_SPENT * this.#limitMs;
  }

  note({ log }: Attempt, isMeasuring: boolean): void {
    if (isMeasuring) this.#spentMs += invocationReport(log)?.durationMs ?? 0;
  }

  /** Records that take half of the time limit; undefined if a record alone does not end in time. */
  async recordsInTime(send: Send, { start }: Attempt): Promise<number | undefined> {
    if (this.#recordMs === undefined) {
      const first = await send(start, start + 1);
      if (isTimedOut(first)) return undefined;
      // The first one began with a new process: the second one says what a record takes.
      const second = await send(start, start + 1);
      this.#recordMs = invocationReport(second.log)?.durationMs ?? this.#limitMs;
    }
    return Math.max(1, Math.floor(TIME_SHARE * this.#limitMs / Math.max(0.1, this.#recordMs)));
  }
}

function inPieces({ start, end }: Attempt, records: number) {
  const pieces = [];
  for (let at = start; at < end; at += records) {
    pieces.push({ start: at, end: Math.min(end, at + records) });
  }
  return pieces.toReversed();
}

/** What was not measured gets the mean ratio of the others. */
function estimated(answers: readonly (number | undefined)[], sizes: readonly number[]) {
  let [known, knownSizes, estimatedRecords] = [0, 0, 0];
  for (const [index, bytes] of answers.entries()) {
    if (bytes === undefined) estimatedRecords++;
    else if (bytes !== Infinity) [known, knownSizes] = [known + bytes, knownSizes + sizes[index]];
  }
  const ratio = known / Math.max(1, knownSizes);
  return {
    answerBytes: answers.map((bytes, index) => bytes ?? Math.ceil(sizes[index] * ratio)),
    estimatedRecords,
  };
}

/** A record that was not measured is taken for one like the last one that was. */
function aloneEstimated(
  alone: readonly Outcome[],
  answers: readonly (number | undefined)[],
): Outcome[] {
  let last: Outcome | undefined;
  return alone.map((fate, index) => {
    if (answers[index] !== undefined) last = fate;
    return answers[index] === undefined ? last ?? fate : fate;
  });
}

const hasNoAnswer = (fate: Outcome) =>
  fate.result === "ProcessingFailed" && fate.error.errorCode === "Lambda.MissingRecordId";
