/**
 * Exercise 4.2: how many invocations a batch needs until its last record has found room.
 * @module
 */

import type { ExerciseCase } from "../view/exercise.ts";

/** A batch of equal records, and the budget of a response, both in bytes. */
export interface EqualBatch {
  readonly records: number;
  /** Of one record, decompressed. */
  readonly documentBytes: number;
  readonly budgetBytes: number;
}

/** Invocations until all records are `Ok`; `Infinity` where one does not fit even alone. */
export type RoundsNeeded = (batch: EqualBatch) => number;

/** A solution: envelopes of some hundred bytes are left out. */
export const roundsNeeded: RoundsNeeded = ({ records, documentBytes, budgetBytes }) => {
  const answerBytes = Math.ceil(documentBytes / 3) * 4;
  const each = Math.floor(budgetBytes / answerBytes);
  return each === 0 ? Infinity : Math.ceil(records / each);
};

/** What is tried on an answer. */
export function roundsCases(rounds: RoundsNeeded): ExerciseCase[] {
  const tried = (records: number, documentBytes: number, budgetBytes: number, wanted: number) => ({
    tried: `${records} records of ${documentBytes.toLocaleString("en")} bytes, budget ` +
      `${budgetBytes.toLocaleString("en")}`,
    gave: () => rounds({ records, documentBytes, budgetBytes }),
    wanted,
  });
  return [
    tried(3, 1_000_000, 5_242_880, 1),
    tried(8, 1_000_000, 5_242_880, 3),
    tried(100, 1_500_000, 6_291_556, 34),
    tried(4, 1_000_000, 4_100_000, 2),
    tried(1, 4_000_000, 5_242_880, Infinity),
  ];
}
