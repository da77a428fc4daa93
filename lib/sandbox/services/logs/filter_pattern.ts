/**
 * Filter patterns of CloudWatch Logs: which log events FilterLogEvents returns.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 * @module
 */

import { columnFilter } from "./filter_columns.ts";
import { jsonFilter } from "./filter_json.ts";
import { PatternScanner } from "./filter_scanner.ts";

/** Whether a log event, by its message, matches a pattern. */
export type MessageFilter = (message: string) => boolean;

/**
 * Parses a pattern: terms (`ERROR "not found" -debug`, `?a ?b`, `%\d+ ms%`), JSON
 * (`{ $.level = "ERROR" }`) or columns (`[ip, ..., status = 4*]`). Empty, it matches everything.
 * Throws InvalidParameterException, and nothing else, whatever the text.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * const matches = parseFilterPattern('ERROR -"code 404"');
 * assert(matches("ERROR: code 500") && !matches("ERROR: code 404"));
 * ```
 */
export function parseFilterPattern(pattern: string): MessageFilter {
  const scanner = new PatternScanner(pattern);
  if (scanner.isAtEnd()) return () => true;
  if (scanner.isAt("{")) return jsonFilter(scanner);
  if (scanner.isAt("[")) return columnFilter(scanner);
  return termsFilter(scanner);
}

/** Terms that must be there, that must not, and of which one must be. */
interface Terms {
  readonly included: MessageFilter[];
  readonly excluded: MessageFilter[];
  readonly optional: MessageFilter[];
}

function termsFilter(scanner: PatternScanner): MessageFilter {
  const terms: Terms = { included: [], excluded: [], optional: [] };
  while (!scanner.isAtEnd()) {
    const kind = scanner.take("?") ? "optional" : scanner.take("-") ? "excluded" : "included";
    terms[kind].push(readTerm(scanner));
    if (!scanner.isAtGap()) throw scanner.fault();
  }
  const { included, excluded, optional } = terms;
  if (included.length === 0 && excluded.length === 0) {
    return (message) => optional.some((isIn) => isIn(message));
  }
  // Documented: beside other terms, those with a question mark are ignored.
  return (message) =>
    included.every((isIn) => isIn(message)) && !excluded.some((isIn) => isIn(message));
}

/** A term is found anywhere in the message, also inside a word (assumed); case counts. */
function readTerm(scanner: PatternScanner): MessageFilter {
  const regex = scanner.regex();
  if (regex) return regex;
  const text = scanner.quoted() ?? scanner.match(/[\p{L}\p{N}_]+/uy);
  if (text === undefined || text === "") throw scanner.fault();
  return (message) => message.includes(text);
}
