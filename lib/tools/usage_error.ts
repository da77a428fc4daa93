/**
 * Errors of a command line, and the words for a file on it that can't be read.
 * @module
 */

/** Something on the command line is wrong. */
export class UsageError extends Error {}

/** A `TypeError` of ours says what is wrong with the file; others come from reading it. */
export const whyNot = (cause: unknown) =>
  cause instanceof TypeError ? `: ${cause.message}` : ` can't be read: ${causeText(cause)}`;

/** Why a file can't be opened, in words. */
export function causeText(cause: unknown): string {
  if (cause instanceof Deno.errors.NotFound) return "there is no such file";
  if (cause instanceof Deno.errors.IsADirectory) return "it is a folder: name the files in it";
  return cause instanceof Error ? cause.message : String(cause);
}
