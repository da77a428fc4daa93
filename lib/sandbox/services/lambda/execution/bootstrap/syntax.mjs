/**
 * Syntax errors in the words of V8: Deno's own parser has others for ES modules.
 * @module
 */

const DENO_PARSE = /could not be parsed/;

/** The `SyntaxError` that Node would throw where `error` is one, else undefined. */
export function syntaxErrorOf(error) {
  if (error instanceof SyntaxError) return error;
  if (!DENO_PARSE.test(error?.message ?? "")) return undefined;
  return new SyntaxError(error.message);
}
