/**
 * Waiting in tests: for a condition, with a limit.
 * @module
 */

import { setTimeout as pause } from "node:timers/promises";

/** The shortest and the longest pause between two looks. */
const PAUSE_MS_MIN = 20;
const PAUSE_MS_MAX = 200;
/** How much later than it came something may be seen, as a part of the whole wait. */
const LATE_PART = 0.05;

/**
 * Resolves with the first result of `probe` that is neither undefined nor false. It is asked every
 * 20 ms, and after a longer wait less often: a look takes processor time from what is waited for. A
 * pause is never shorter than the look before it.
 * Throws an `Error` naming `what` after `withinMs` (20 s unless said otherwise).
 */
export async function until<Result>(
  what: string,
  probe: () => Promise<Result | undefined> | Result | undefined,
  withinMs = 20_000,
): Promise<Result> {
  const beganMs = performance.now();
  while (true) {
    const lookedMs = performance.now();
    const result = await probe();
    if (result !== undefined && result !== false) return result;
    const nowMs = performance.now();
    if (nowMs - beganMs > withinMs) throw new Error(`waited ${withinMs} ms for ${what}`);
    const lateMs = Math.min((nowMs - beganMs) * LATE_PART, PAUSE_MS_MAX);
    await pause(Math.max(PAUSE_MS_MIN, lateMs, nowMs - lookedMs));
  }
}
