/**
 * The exercises of the notebooks: what is tried on a reader's answer, and a solution that passes.
 * @module
 */

import { exercise as showExercise, type ExerciseCase } from "../view/exercise.ts";
import { type AnswerOf, answerOf, answerOfCases } from "./answer_of.ts";
import { bufferingHints, type Hints, hintsCases } from "./buffering_hints.ts";
import { type CompressedAnswer, compressedAnswer, compressedCases } from "./compressed_answer.ts";
import { countryCases, type CountryKeys, countryKeys } from "./country_key.ts";
import { fitCases, type FitInResponse, fitInResponse } from "./fit_in_response.ts";
import type { Lab } from "../aws/place/begin.ts";
import { guestCases, tryAsGuest } from "./guest_policy.ts";
import { joinCases, type JoinLines, joinLines } from "./join_lines.ts";
import { folderCases, type KeyFolders, keyFolders } from "./key_folders.ts";
import { bufferCases, type FitsBuffer, fitsBuffer } from "./largest_buffer.ts";
import { partitionCases, partitionQuery } from "./partition_query.ts";
import { type RecordResult, recordResult, resultCases } from "./record_result.ts";
import { roundsCases, type RoundsNeeded, roundsNeeded } from "./rounds_needed.ts";
import { type SendAll, sendAll, sendAllCases } from "./send_all.ts";
import { shardCases, shardQuery } from "./shard_query.ts";
import { type UserArn, userArn, userArnCases } from "./user_arn.ts";

export type { AnswerOf } from "./answer_of.ts";
export type { Hints } from "./buffering_hints.ts";
export type { CompressedAnswer } from "./compressed_answer.ts";
export type { CountryKeys } from "./country_key.ts";
export type { FitInResponse } from "./fit_in_response.ts";
export type { JoinLines } from "./join_lines.ts";
export type { KeyFolders } from "./key_folders.ts";
export type { FitsBuffer } from "./largest_buffer.ts";
export type { RecordResult } from "./record_result.ts";
export type { RoundsNeeded } from "./rounds_needed.ts";
export type { SendAll } from "./send_all.ts";
export type { UserArn } from "./user_arn.ts";

/** What each exercise is answered with; 0.3 is tried by calls: see {@linkcode exerciseAsGuest}. */
interface Answers {
  readonly "0.1": UserArn;
  readonly "0.2": KeyFolders;
  readonly "1.1": Hints;
  readonly "1.2": SendAll;
  readonly "1.3": JoinLines;
  readonly "2.1": string;
  readonly "2.2": string;
  readonly "3.1": AnswerOf;
  readonly "3.2": CountryKeys;
  readonly "4.1": FitsBuffer;
  readonly "4.2": CompressedAnswer;
  readonly "4.3": FitInResponse;
  readonly "5.1": RecordResult;
  readonly "5.2": RoundsNeeded;
}

type Cases = readonly ExerciseCase[];

const CASES: {
  readonly [Name in keyof Answers]: (answer: Answers[Name]) => Cases | Promise<Cases>;
} = {
  "0.1": userArnCases,
  "0.2": folderCases,
  "1.1": hintsCases,
  "1.2": sendAllCases,
  "1.3": joinCases,
  "2.1": partitionCases,
  "2.2": shardCases,
  "3.1": answerOfCases,
  "3.2": countryCases,
  "4.1": bufferCases,
  "4.2": compressedCases,
  "4.3": fitCases,
  "5.1": resultCases,
  "5.2": roundsCases,
};

/** A solution of each: what stands in the cell before the check. */
const SOLUTIONS: { readonly [Name in keyof Answers]: Answers[Name] } = {
  "0.1": userArn,
  "0.2": keyFolders,
  "1.1": bufferingHints,
  "1.2": sendAll,
  "1.3": joinLines,
  "2.1": partitionQuery,
  "2.2": shardQuery,
  "3.1": answerOf,
  "3.2": countryKeys,
  "4.1": fitsBuffer,
  "4.2": compressedAnswer,
  "4.3": fitInResponse,
  "5.1": recordResult,
  "5.2": roundsNeeded,
};

/** Tries the answer and shows what is wrong with it, or that nothing is. */
export async function exercise<Name extends keyof Answers>(
  name: Name,
  answer: Answers[Name],
): Promise<void> {
  await showExercise(name, await casesOf(name, answer));
}

/** Exercise 0.3: gives the policy to the guest, tries what the guest may do, and shows the same. */
export async function exerciseAsGuest(lab: Lab, policy: object): Promise<void> {
  await showExercise("0.3", guestCases(await tryAsGuest(lab, policy)));
}

async function casesOf<Name extends keyof Answers>(name: Name, answer: Answers[Name]) {
  return await CASES[name](answer);
}

/**
 * The same, for cells that go on with the answer: resolves with the reader's own, or with the
 * course's solution as long as the reader's is not right.
 */
export async function checked<Name extends keyof Answers>(
  name: Name,
  answer: Answers[Name],
): Promise<Answers[Name]> {
  const isSolved = await showExercise(name, await casesOf(name, answer), { goesOn: true });
  return isSolved ? answer : SOLUTIONS[name];
}

/** A solution, for readers who want to go on. */
export function solve<Name extends keyof Answers>(name: Name): Answers[Name] {
  return SOLUTIONS[name];
}
