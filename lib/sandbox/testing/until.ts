/**
 * Waiting in tests: for a condition, with a limit.
 * @module
 */

import { setTimeout as pause } from "node:timers/promises";

/**
 * Resolves with the first defined result of `probe`, asked every 20 ms.
 * Throws an `Error` naming `what` after `withinMs` (20 s unless said otherwise).
 */
export async function until<Result>(
  what: string,
  probe: () => Promise<Result | undefined> | Result | undefined,
  withinMs = 20_000,
): Promise<Result> {
  const endMs = Date.now() + withinMs;
  while (true) {
    const result = await probe();
    if (result !== undefined) return result;
    if (Date.now() > endMs) throw new Error(`waited ${withinMs} ms for ${what}`);
    await pause(20);
  }
}
