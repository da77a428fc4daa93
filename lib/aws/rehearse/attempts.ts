/**
 * What an attempt says: whether its response was too large, whether it ran out of time, and what became
 * of its records.
 * @module
 */

import type { Outcome } from "./outcomes.ts";
import type { Attempt } from "./rehearsal.ts";

/** What became of a batch's records; all have failed if the batch has. */
export function outcomesOf({ outcome, start, end }: Attempt): readonly Outcome[] {
  if (outcome.kind === "judged") return outcome.outcomes;
  const failed: Outcome = { result: "ProcessingFailed", error: outcome.error };
  return Array.from({ length: end - start }, () => failed);
}

/** Whether all records of the batch failed together. */
export const hasFailed = ({ outcome }: Pick<Attempt, "outcome">): boolean =>
  outcome.kind === "batchFailed";

/** Whether the batch failed because its response did not fit. */
export const isTooLarge = ({ log }: Pick<Attempt, "log">): boolean =>
  /Http response code: 413\b|ResponseSizeTooLarge|status=413|status code: 413/.test(log);

/** Whether the function did not answer within its timeout. */
export const isTimedOut = ({ log }: Pick<Attempt, "log">): boolean =>
  /Task timed out|Status: timeout/.test(log);
