/**
 * The exercises of the notebooks: what is tried on a reader's answer, and a solution that passes.
 * @module
 */

import { exercise as showExercise, type ExerciseCase } from "../view/exercise.ts";
import { countryCases, type CountryKeys, countryKeys } from "./country_key.ts";
import { fitCases, type FitInResponse, fitInResponse } from "./fit_in_response.ts";
import { type GuestAnswer, guestCases, guestPolicy } from "./guest_policy.ts";
import { joinCases, type JoinLines, joinLines } from "./join_lines.ts";
import { roundsCases, type RoundsNeeded, roundsNeeded } from "./rounds_needed.ts";
import { type QueryAnswer, shardCases, shardQuery } from "./shard_query.ts";

export type { CountryKeys } from "./country_key.ts";
export type { FitInResponse } from "./fit_in_response.ts";
export type { RoundsNeeded } from "./rounds_needed.ts";
export { tryAsGuest } from "./guest_policy.ts";
export { tryQuery } from "./shard_query.ts";

/** What each exercise is answered with. */
interface Answers {
  readonly "0.1": GuestAnswer;
  readonly "1.1": JoinLines;
  readonly "2.1": QueryAnswer;
  readonly "3.1": CountryKeys;
  readonly "4.1": FitInResponse;
  readonly "4.2": RoundsNeeded;
}

const CASES: { readonly [Name in keyof Answers]: (answer: Answers[Name]) => ExerciseCase[] } = {
  "0.1": guestCases,
  "1.1": joinCases,
  "2.1": shardCases,
  "3.1": countryCases,
  "4.1": fitCases,
  "4.2": roundsCases,
};

/** A solution of each: what stands in the cell before the check. */
const SOLUTIONS = {
  "0.1": guestPolicy,
  "1.1": joinLines,
  "2.1": shardQuery,
  "3.1": countryKeys,
  "4.1": fitInResponse,
  "4.2": roundsNeeded,
} as const;

/** Tries the answer and shows what is wrong with it, or that nothing is. */
export async function exercise<Name extends keyof Answers>(
  name: Name,
  answer: Answers[Name],
): Promise<void> {
  await showExercise(name, CASES[name](answer));
}

/** A solution, for those who want to go on. */
export function solve<Name extends keyof typeof SOLUTIONS>(name: Name): (typeof SOLUTIONS)[Name] {
  return SOLUTIONS[name];
}
