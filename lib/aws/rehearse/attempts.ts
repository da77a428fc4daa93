/**
 * What an attempt says: whether its response was too large, whether it ran out of time, and what became
 * of its records.
 * @module
 */

import type { Fate } from "../../sandbox/services/firehose/processing/response_judge.ts";
import type { Attempt } from "./rehearsal.ts";

/** What became of a batch's records; all have failed if the batch has. */
export function fatesOf({ verdict, start, end }: Attempt): Fate[] {
  if (verdict.kind === "judged") return [...verdict.fates];
  const fate: Fate = { result: "ProcessingFailed", error: verdict.error };
  return Array.from({ length: end - start }, () => fate);
}

/** Whether the batch failed because its response did not fit. */
export const isTooLarge = ({ log }: Pick<Attempt, "log">): boolean =>
  /Http response code: 413\b|ResponseSizeTooLarge|status=413|status code: 413/.test(log);

/** Whether the function did not answer within its timeout. */
export const isTimedOut = ({ log }: Pick<Attempt, "log">): boolean =>
  /Task timed out|Status: timeout/.test(log);
