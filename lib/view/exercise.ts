/**
 * Exercises try the reader's own code on cases. A wrong answer is never an error: the exercise shows
 * what was tried, what came and what was expected.
 * @module
 */

import { isDeepStrictEqual } from "node:util";
import { html, type View } from "./html.ts";
import { notePassed } from "./progress_file.ts";
import { show } from "./show.ts";
import { card, MONO } from "./style.ts";
import { cutTo, inspected } from "./value_text.ts";

/** One try: a description, what the reader's code gave, and what it should give. */
export interface ExerciseCase {
  readonly tried: string;
  /** Called here, so that an error in the reader's code is an answer too. */
  readonly gave: () => unknown;
  readonly wanted: unknown;
}

/** A case with the answer that came. */
interface Answer extends Pick<ExerciseCase, "tried" | "wanted"> {
  readonly answer: unknown;
  readonly isRight: boolean;
}

/**
 * Shows the first wrong case, or that there is none. Resolves with whether all are right.
 */
export async function exercise(name: string, cases: readonly ExerciseCase[]): Promise<boolean> {
  const answers = cases.map(({ tried, gave, wanted }): Answer => {
    const answer = answerOf(gave);
    return { tried, answer, wanted, isRight: isDeepStrictEqual(answer, wanted) };
  });
  await show(exerciseView(name, answers));
  const isSolved = answers.every(({ isRight }) => isRight);
  if (isSolved) await notePassed(`Exercise ${name}`);
  return isSolved;
}

/** What {@linkcode exercise} shows. */
export function exerciseView(name: string, answers: readonly Answer[]): View {
  const wrong = answers.find(({ isRight }) => !isRight);
  const title = wrong ? `Exercise ${name}: not yet` : `Exercise ${name}: solved`;
  const detail = wrong
    ? [`tried   ${wrong.tried}`, `came    ${text(wrong.answer)}`, `wanted  ${text(wrong.wanted)}`]
    : [`${answers.length} of ${answers.length} cases are right.`];
  const lines = detail.map((line) => html`<div style="${MONO}white-space:pre-wrap">${line}</div>`);
  return {
    html: html`<div style="${
      card(wrong ? "warning" : "good")
    }"><strong>${title}</strong>${lines}</div>`,
    text: [title, ...detail].join("\n"),
  };
}

function answerOf(gave: () => unknown): unknown {
  try {
    const answer = gave();
    return answer instanceof Promise ? "a promise: write the function without async" : answer;
  } catch (error) {
    return `an error: ${error instanceof Error ? error.message : error}`;
  }
}

/** Characters of an answer that are shown, so that each of the three lines stays one line. */
const SHOWN_MAX = 240;

function text(value: unknown): string {
  const isPlain = typeof value === "string" && /^[^\s\p{C}"](.*[^\s\p{C}"])?$/u.test(value);
  const whole = isPlain ? value : inspected(value);
  return cutTo(SHOWN_MAX, whole);
}
