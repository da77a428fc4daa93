/**
 * Exercise 5.2: how many invocations a batch needs until every record has been answered `Ok`.
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

/** Invocations until all records are `Ok`; `Infinity` if one record alone does not fit. */
export type RoundsNeeded = (batch: EqualBatch) => number;

/** A solution. The few hundred bytes around each record are left out. */
export const roundsNeeded: RoundsNeeded = ({ records, documentBytes, budgetBytes }) => {
  const answerBytes = Math.ceil(documentBytes / 3) * 4;
  const each = Math.floor(budgetBytes / answerBytes);
  return each === 0 ? Infinity : Math.ceil(records / each);
};

/** What is tried on an answer: real sizes first, then small numbers at the edges. */
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
    tried(5, 3_000_000, 4_000_000, 5),
    tried(5, 3_000_000, 3_999_999, Infinity),
    tried(500, 10_000, 5_242_880, 2),
    tried(10_000, 393, 5_242_880, 1),
    tried(10_006, 393, 5_242_880, 2),
    tried(7, 3, 8, 4),
    tried(6, 3, 8, 3),
    tried(6, 4, 15, 6),
    tried(6, 4, 16, 3),
    tried(2, 1, 4, 2),
    tried(2, 1, 3, Infinity),
    tried(12, 2, 12, 4),
  ];
}
