/**
 * Finds the cell that showed nothing when it ran: for a reader who made a mistake in typing.
 * @module
 */

import type { Notebook } from "./notebook_file.ts";
import { firstSilentError } from "./silent_error.ts";

/** What was found. */
export interface Finding {
  /** A sentence. */
  readonly summary: string;
  /** Deno's own words, several lines with the place in the cell; undefined: nothing is wrong. */
  readonly reason?: string;
}

/**
 * Says which code cell of a saved notebook Deno can't read, with the line and Deno's own words, or
 * that it reads all of them. It runs nothing.
 */
export async function mistakeIn({ name, cells }: Notebook): Promise<Finding> {
  const code = cells.filter(({ type }) => type === "code");
  const found = await firstSilentError(code.map(({ source }) => source));
  if (found === undefined) {
    return {
      summary: `Deno can read every cell of ${name} as it was saved. If you did not save your ` +
        "change, press Ctrl+S (on a Mac Cmd+S) and run this cell again.",
    };
  }
  const [beginning] = code[found.index].source.trimStart().split("\n");
  return {
    summary: `Deno can't read the cell that begins with: ${beginning}`,
    reason: found.reason,
  };
}
