/**
 * The size of each record's answer, and what becomes of the record when its batch is small enough.
 * @module
 */

import { hasFailed, isTimedOut, isTooLarge } from "./attempts.ts";
import type { BatchRange } from "./batches.ts";
import type { Ledger } from "./ledger.ts";
import type { Attempt, Invocation } from "./rehearsal.ts";

type Send = (start: number, end: number) => Promise<Attempt>;

/** A slow function is measured for this many of its time limits, and estimated from there on. */
const TIME_LIMITS_SPENT = 3;
/** The share of the time limit that a measuring batch is meant to take. */
const TIME_SHARE = 0.5;

/**
 * Finds out the answers of `batches` that failed, and notes them: those that did not are in the ledger. A
 * batch whose response was refused is sent again in halves; one that did not end in time in pieces that a
 * record alone says are short enough. Gives whether the answers can be measured: not if a batch fails in
 * another way, if records are left without an answer, or if a record alone takes too long.
 */
export async function measureAnswers(
  send: Send,
  batches: readonly Invocation[],
  ledger: Ledger,
  timeLimitMs: number,
): Promise<boolean> {
  const waiting: (Invocation | BatchRange)[] = batches.toReversed();
  const slow = new SlowFunction(timeLimitMs);
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (isSent(next)) {
      const pieces = await piecesOf(next, { send, slow, ledger });
      if (!pieces) return false;
      waiting.push(...pieces);
    } else if (!slow.isSpent) {
      const { invocation, answers } = await send(next.start, next.end);
      ledger.note(invocation.start, answers);
      slow.note(invocation);
      waiting.push(invocation);
    }
  }
  return true;
}

const isSent = (batch: Invocation | BatchRange): batch is Invocation => "counts" in batch;

/** What has to be sent to know more; undefined if nothing can be. */
async function piecesOf(
  batch: Invocation,
  { send, slow, ledger }: {
    readonly send: Send;
    readonly slow: SlowFunction;
    readonly ledger: Ledger;
  },
): Promise<readonly BatchRange[] | undefined> {
  const { start, end, counts } = batch;
  const half = Math.ceil((end - start) / 2);
  if (!hasFailed(batch)) return counts.byCode.has("Lambda.MissingRecordId") ? undefined : [];
  if (isTooLarge(batch) && end - start === 1) {
    ledger.noteTooLarge(start);
    return [];
  }
  if (isTooLarge(batch)) return inPieces(batch, half);
  if (!isTimedOut(batch) || end - start === 1) return undefined;
  const each = await slow.recordsInTime(send, batch);
  return each === undefined ? undefined : inPieces(batch, Math.min(each, half));
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

  /** Notes an invocation that only measured. */
  note({ report }: Invocation): void {
    this.#spentMs += report?.durationMs ?? 0;
  }

  /** Records that take half of the time limit; undefined if a record alone does not end in time. */
  async recordsInTime(send: Send, { start }: BatchRange): Promise<number | undefined> {
    if (this.#recordMs === undefined) {
      const first = await send(start, start + 1);
      if (isTimedOut(first.invocation)) return undefined;
      // The first one began with a new process: the second one says what a record takes.
      const { invocation } = await send(start, start + 1);
      this.#recordMs = invocation.report?.durationMs ?? this.#limitMs;
    }
    return Math.max(1, Math.floor(TIME_SHARE * this.#limitMs / Math.max(0.1, this.#recordMs)));
  }
}

/** Pieces of a batch, the last one first. */
function inPieces({ start, end }: BatchRange, records: number): readonly BatchRange[] {
  const pieces: BatchRange[] = [];
  for (let at = start; at < end; at += records) {
    pieces.push({ start: at, end: Math.min(end, at + records) });
  }
  return pieces.toReversed();
}
