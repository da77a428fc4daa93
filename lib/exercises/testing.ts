/**
 * What tests of exercises share: each exercise is tried on many right and wrong answers.
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { isDeepStrictEqual } from "node:util";
import type { ExerciseCase } from "../view/exercise.ts";

/** The cases that an answer gets wrong, an exception among them, by what they try. */
function wrongCases(cases: readonly ExerciseCase[]): string[] {
  return cases.filter(({ gave, wanted }) => !isDeepStrictEqual(valueOf(gave), wanted))
    .map(({ tried }) => tried);
}

function valueOf(gave: () => unknown): unknown {
  try {
    return gave();
  } catch (error) {
    return error;
  }
}

/** Answers by what is right, or wrong, about each. */
export type Answers<Answer> = Readonly<Record<string, Answer>>;

/** At least this many answers of each kind show that a check is fair. */
const RIGHT_MIN = 4;
const WRONG_MIN = 15;

/** A test that every right answer passes and every wrong one fails. */
export function fairTest<Answer>(name: string, { casesOf, right, wrong }: {
  readonly casesOf: (answer: Answer) => readonly ExerciseCase[] | Promise<readonly ExerciseCase[]>;
  readonly right: Answers<Answer>;
  readonly wrong: Answers<Answer>;
}): void {
  Deno.test(`exercise ${name}: right answers of different build pass, wrong ones do not`, async () => {
    await assertFair({ casesOf, right, wrong });
  });
}

/** Asserts what {@linkcode fairTest} says, where a test has more to set up. */
export async function assertFair<Answer>({ casesOf, right, wrong }: {
  readonly casesOf: (answer: Answer) => readonly ExerciseCase[] | Promise<readonly ExerciseCase[]>;
  readonly right: Answers<Answer>;
  readonly wrong: Answers<Answer>;
}): Promise<void> {
  assert(Object.keys(right).length >= RIGHT_MIN, "too few right answers");
  assert(Object.keys(wrong).length >= WRONG_MIN, "too few wrong answers");
  for (const [why, answer] of Object.entries(right)) {
    assertEquals(wrongCases(await casesOf(answer)), [], why);
  }
  for (const [why, answer] of Object.entries(wrong)) {
    assert(wrongCases(await casesOf(answer)).length > 0, `passes, but: ${why}`);
  }
}
