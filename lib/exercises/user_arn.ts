/**
 * Exercise 0.1: the ARN of a user, written by hand.
 * @module
 */

import type { ExerciseCase } from "../view/exercise.ts";

/** The ARN of an IAM user in the partition `aws`. */
export type UserArn = (accountId: string, userName: string) => string;

/** A solution. IAM has no regions, so the part between the two colons is empty. */
export const userArn: UserArn = (accountId, userName) =>
  `arn:aws:iam::${accountId}:user/${userName}`;

/** What is tried on an answer. */
export function userArnCases(answer: UserArn): ExerciseCase[] {
  const users = [["123456789012", "ana"], ["210987654321", "firehose-lab-0"], [
    "000000000000",
    "b",
  ]];
  return users.map(([accountId, userName]) => ({
    tried: `the user ${userName} of account ${accountId}`,
    gave: () => answer(accountId, userName),
    wanted: userArn(accountId, userName),
  }));
}
