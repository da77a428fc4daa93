/**
 * Finds the cell that showed nothing when it ran: for a reader who made a mistake in typing.
 * @module
 */

import type { Notebook } from "./notebook_file.ts";
import { firstSilentError } from "./silent_error.ts";

/**
 * Says which code cell of a saved notebook Deno can't read, with the line and Deno's own words, or
 * that it reads all of them. It runs nothing.
 */
export async function mistakeIn({ name, cells }: Notebook): Promise<string> {
  const code = cells.filter(({ type }) => type === "code");
  const found = await firstSilentError(code.map(({ source }) => source));
  if (found === undefined) {
    return `Deno can read every cell of ${name} as it was saved. If you did not save your change, ` +
      "press Ctrl+S (on a Mac Cmd+S) and run this cell again.";
  }
  const { source } = code[found.index];
  return `The cell that begins with\n\n  ${
    beginningOf(source)
  }\n\nhas a mistake:\n\n${found.reason}`;
}

const beginningOf = (source: string) => source.trimStart().split("\n")[0];
