/**
 * The minutes that a notebook takes, counted from what there is to read and to write. Waiting is left
 * out: in the sandbox all of a notebook's cells together run for less than a minute.
 * @module
 */

import type { Notebook } from "./notebook_file.ts";

/** Silent reading of technical English, slower than the 238 of prose (Brysbaert 2019). */
const WORDS_A_MINUTE = 200;
/** Lines of code that are read at a first look, not studied. */
const CODE_LINES_A_MINUTE = 25;
/** Writing an answer, reading what the check says, and writing it again. Assumed. */
const MINUTES_AN_EXERCISE = 3;

/** What one notebook holds. */
export interface Reading {
  /** All words of text cells; folded hints and answers are read too. */
  readonly words: number;
  /** Lines of code cells that are not folded, without imports. */
  readonly codeLines: number;
  readonly exercises: number;
}

/** Counts what one notebook holds. */
export function readingOf({ cells }: Notebook): Reading {
  const code = cells.filter(({ type, metadata }) => type === "code" && !isFolded(metadata));
  return {
    words: sum(cells.map(({ type, source }) => type === "markdown" ? wordsIn(source) : 0)),
    codeLines: sum(code.map(({ source }) => source.replace(IMPORT, "").split("\n").length)),
    exercises: cells.filter(({ id, type }) => type === "code" && id.startsWith("exercise-")).length,
  };
}

/** The minutes for that much reading and writing. */
export function minutesFor({ words, codeLines, exercises }: Reading): number {
  return words / WORDS_A_MINUTE + codeLines / CODE_LINES_A_MINUTE + exercises * MINUTES_AN_EXERCISE;
}

/** The minutes that a text states as `About 25 minutes`; undefined if it states none. */
export function statedMinutes(text: string): number | undefined {
  const [, minutes] = /\bAbout (\d+) minutes\b/.exec(text) ?? [];
  return minutes === undefined ? undefined : Number(minutes);
}

const IMPORT = /^import\b[^;]*;\n/gm;

/** Whether JupyterLab shows one line of the cell in place of its code. */
export const isFolded = ({ jupyter }: Readonly<Record<string, unknown>>): boolean =>
  typeof jupyter === "object" && jupyter !== null && "source_hidden" in jupyter &&
  jupyter.source_hidden === true;

/** Words without addresses and tags. */
function wordsIn(markdown: string): number {
  const text = markdown.replace(/\]\([^)]*\)/g, "]").replace(/<[^>]*>/g, " ");
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
