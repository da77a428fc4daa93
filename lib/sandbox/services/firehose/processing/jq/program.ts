/**
 * The jq program that a batch of records is run through: the query, and around it what keeps one
 * record's error to that record. Pure.
 * @module
 */

/**
 * What jq finds in one record: the values of the keys asked for; or its own words for an error.
 * Numbers and booleans come as text, as jq 1.6 writes them (no literal is kept), objects and
 * arrays as `{}`.
 */
export type Extraction =
  | { readonly kind: "values"; readonly values: readonly unknown[] }
  | { readonly kind: "notOneResult"; readonly results: number }
  | { readonly kind: "error"; readonly message: string };

/** What is longer is cut before it is printed: no key may be so long. */
const VALUE_BYTES = 4096;
const MESSAGE_CHARACTERS = 500;

/**
 * Each record is run for itself: none sees the others, none ends the run, none prints. And what
 * jq 1.6 has that this jq has no more. One line, without a line feed: jq counts lines.
 */
const PRELUDE = [
  'def input: error("No more inputs");',
  "def inputs: empty;",
  "def input_line_number: 0;",
  "def input_filename: null;",
  'def halt: error("halt is not allowed");',
  "def halt_error: error;",
  "def halt_error(f): error;",
  "def debug: .;",
  "def stderr: .;",
  "def env: {};",
  "def leaf_paths: paths(scalars);",
  "def recurse_down: recurse;",
].join(" ");

/** A program that compiles exactly if `query` does. */
export const compiledOnly = (query: string): string => `${PRELUDE} ${query}\n`;

/**
 * The program that prints one line for each record; {@linkcode extractionOf} reads it. Of results
 * two are printed at most, and of long values no more than shows that they are too long.
 */
export function batchProgram(query: string, keys: readonly string[]): string {
  const values = keys.map((key) => `.[${JSON.stringify(key)}]`).join(", ");
  return `${PRELUDE} try ([(${query}\n) | [(${values}) |
      if type == "string" then (if utf8bytelength > ${VALUE_BYTES} then .[0:${VALUE_BYTES}] else . end)
      elif type == "number" then (if isnan then null else . + 0 | tojson end)
      elif type == "object" or type == "array" then {}
      elif type == "boolean" then tojson
      else . end]] | .[0:2])
    catch {message: (if type == "string" then . else tojson end | .[0:${MESSAGE_CHARACTERS}])}`;
}

/** Reads one line of what {@linkcode batchProgram} prints. */
export function extractionOf(line: string): Extraction {
  const printed: unknown = JSON.parse(line);
  if (Array.isArray(printed)) {
    return printed.length === 1
      ? { kind: "values", values: printed[0] }
      : { kind: "notOneResult", results: printed.length };
  }
  const message = typeof printed === "object" && printed && "message" in printed
    ? String(printed.message)
    : line;
  return { kind: "error", message };
}
