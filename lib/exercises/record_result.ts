/**
 * Exercise 5.1: which result a record must get when its response is nearly full.
 * @module
 */

import type { ExerciseCase } from "../view/exercise.ts";
import { returned } from "./returned.ts";

/** What the transform knows about one record. Sizes are bytes of its answer on the wire. */
export interface RecordState {
  readonly answerBytes: number;
  /** What is left of the budget of this response. */
  readonly leftBytes: number;
  /** The whole budget of a response. */
  readonly budgetBytes: number;
  /** Whether the stream accepted the original record again. Asked only if it does not fit. */
  readonly putBack: () => boolean;
}

/** The result that is true. */
export type RecordResult = (state: RecordState) => "Ok" | "Dropped" | "ProcessingFailed";

/** A solution. The order of the questions matters: a record that never fits must not go back. */
export const recordResult: RecordResult = ({ answerBytes, leftBytes, budgetBytes, putBack }) => {
  if (answerBytes <= leftBytes) return "Ok";
  if (answerBytes > budgetBytes) return "ProcessingFailed";
  return putBack() ? "Dropped" : "ProcessingFailed";
};

/** What is tried on an answer: the result, and whether the record was put back. */
export function resultCases(answer: RecordResult): ExerciseCase[] {
  const tried = (
    [answerBytes, leftBytes, budgetBytes]: readonly [number, number, number],
    accepts: boolean,
    wanted: { readonly result: string; readonly putBack: number },
  ) => ({
    tried:
      `an answer of ${answerBytes} bytes, ${leftBytes} of ${budgetBytes} left, a stream that ` +
      (accepts ? "takes it back" : "refuses it"),
    gave: () => {
      let putBack = 0;
      const ask = () => {
        putBack++;
        return accepts;
      };
      const result = returned(answer({ answerBytes, leftBytes, budgetBytes, putBack: ask }));
      return { result, putBack };
    },
    wanted,
  });
  const ok = { result: "Ok", putBack: 0 };
  const dropped = { result: "Dropped", putBack: 1 };
  const refused = { result: "ProcessingFailed", putBack: 1 };
  const tooLarge = { result: "ProcessingFailed", putBack: 0 };
  return [
    tried([100, 500, 1000], true, ok),
    tried([500, 500, 1000], true, ok),
    tried([500, 500, 1000], false, ok),
    tried([501, 500, 1000], true, dropped),
    tried([501, 500, 1000], false, refused),
    tried([1000, 500, 1000], true, dropped),
    tried([1000, 1000, 1000], true, ok),
    tried([1001, 1000, 1000], true, tooLarge),
    tried([1001, 1000, 1000], false, tooLarge),
    tried([9000, 0, 1000], true, tooLarge),
    tried([1, 0, 1000], true, dropped),
    tried([1, 0, 1000], false, refused),
  ];
}
