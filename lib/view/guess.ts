/**
 * Predictions: what the reader guessed before a cell ran, beside the result.
 * @module
 */

import type { View } from "./html.ts";
import { table } from "./table.ts";

/** One prediction: what is guessed, the guess (undefined: none was made), what came, and why. */
export interface Guess<Value extends number | string = number | string> {
  readonly what: string;
  readonly guess: Value | undefined;
  readonly came: Value;
  /** Always shown, because a right guess may have a wrong reason. */
  readonly because: string;
}

/**
 * A table of guesses. It never fails: a wrong guess is the best moment to learn.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * const because = "two buffers closed";
 * const { text } = guesses([{ what: "objects", guess: 15, came: 30, because }]);
 * assertStringIncludes(text, "two buffers closed");
 * ```
 */
export function guesses(made: readonly Guess[]): View {
  return table(
    made.map(({ what, guess, came, because }) => ({
      what,
      "your guess": guess ?? "none yet",
      result: came,
      "": guess === undefined ? "" : isRight(guess, came) ? "✓" : "≠",
      because,
    })),
    "Your guess and the result",
  );
}

/** As the table shows them: the kernel checks no types, so a guess may be "2" where 2 came. */
function isRight(guess: number | string, came: number | string): boolean {
  return `${guess}`.trim().toLowerCase() === `${came}`.toLowerCase();
}
