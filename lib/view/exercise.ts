/**
 * Exercises try the reader's own code on cases. A wrong answer is never an error: the exercise shows
 * what was tried, what the answer gave and what was expected.
 * @module
 */

import { isDeepStrictEqual } from "node:util";
import { html, type View } from "./html.ts";
import { notePassed } from "./progress_file.ts";
import { show } from "./show.ts";
import { card, MONO } from "./style.ts";
import { cutAround, cutTo, inspected } from "./value_text.ts";

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
  /** Shown instead of an answer where none came: the code threw, for example. */
  readonly remark?: string;
  readonly isRight: boolean;
}

/** What follows from a wrong answer. */
export interface ExerciseOptions {
  /** The cells below go on with the course's own answer as long as the reader's is wrong. */
  readonly goesOn?: boolean;
}

/**
 * Shows the first wrong case, or that there is none. Resolves with whether all are right.
 */
export async function exercise(
  name: string,
  cases: readonly ExerciseCase[],
  options: ExerciseOptions = {},
): Promise<boolean> {
  const answers = cases.map(({ tried, gave, wanted }): Answer => {
    const { answer, remark } = answerOf(gave);
    const isRight = remark === undefined && isDeepStrictEqual(answer, wanted);
    return { tried, answer, remark, wanted, isRight };
  });
  await show(exerciseView(name, answers, options));
  const isSolved = answers.every(({ isRight }) => isRight);
  if (isSolved) await notePassed(`Exercise ${name}`);
  return isSolved;
}

/** What {@linkcode exercise} shows. */
export function exerciseView(
  name: string,
  answers: readonly Answer[],
  { goesOn = false }: ExerciseOptions = {},
): View {
  const wrong = answers.find(({ isRight }) => !isRight);
  const notYet = goesOn
    ? "not yet. Until your answer is right, the cells below use the course's answer"
    : "not yet";
  const title = `Exercise ${name}: ${wrong ? notYet : "solved"}`;
  const detail = wrong
    ? [`tried   ${wrong.tried}`, ...cameAndWanted(wrong)]
    : [`${answers.length} of ${answers.length} cases are right.`];
  const lines = detail.map((line) => html`<div style="${MONO}white-space:pre-wrap">${line}</div>`);
  return {
    html: html`<div style="${
      card(wrong ? "warning" : "good")
    }"><strong>${title}</strong>${lines}</div>`,
    text: [title, ...detail].join("\n"),
  };
}

function answerOf(gave: () => unknown): Pick<Answer, "answer" | "remark"> {
  try {
    const answer = gave();
    if (!(answer instanceof Promise)) return { answer };
    return { answer, remark: "a promise: write the function without async" };
  } catch (error) {
    const reason = error instanceof Error ? error.message : `${error}`;
    return { answer: undefined, remark: `an error: ${reason}` };
  }
}

/** Characters of an answer that are shown, so that each of the three lines stays short. */
const SHOWN_MAX = 240;

/** Both answers written alike, and cut so that the first difference is among what is shown. */
function cameAndWanted({ answer, wanted, remark }: Answer): string[] {
  const arePlain = [answer, wanted].every((value) => remark !== undefined || isPlainText(value));
  const written = (value: unknown) =>
    isPlainText(value) && arePlain ? `${value}` : inspected(value);
  const [came, right] = remark === undefined
    ? cutAround(SHOWN_MAX, written(answer), written(wanted))
    : [remark, written(wanted)].map((text) => cutTo(SHOWN_MAX, text));
  return [`got     ${came}`, `wanted  ${right}`];
}

const isPlainText = (value: unknown) =>
  typeof value === "string" && /^[^\s\p{C}"](.*[^\s\p{C}"])?$/u.test(value);
