/**
 * Column patterns for events of blank-separated columns: `[ip, user, ..., status = 4*, bytes]`.
 * @module
 */

import { type Condition, readCondition } from "./filter_expression.ts";
import type { PatternScanner } from "./filter_scanner.ts";

const ELLIPSIS = "...";

/** Reads the whole pattern. Without an ellipsis an event must have as many columns. */
export function columnFilter(scanner: PatternScanner): (message: string) => boolean {
  scanner.expect("[");
  const columns: (Condition<string> | typeof ELLIPSIS)[] = [];
  do columns.push(scanner.take(ELLIPSIS) ? ELLIPSIS : readColumn(scanner)); while (
    scanner.take(",")
  );
  scanner.expect("]");
  if (!scanner.isAtEnd()) throw scanner.fault();
  const gap = columns.indexOf(ELLIPSIS);
  if (gap !== columns.lastIndexOf(ELLIPSIS)) throw scanner.fault();

  const conditions = columns.filter((column) => column !== ELLIPSIS);
  return (message) => {
    const values = columnsOf(message);
    if (values.length < conditions.length) return false;
    if (gap < 0 && values.length > conditions.length) return false;
    const skipped = values.length - conditions.length;
    return conditions.every((condition, index) =>
      condition(values[gap >= 0 && index >= gap ? index + skipped : index])
    );
  };
}

/** A column: nothing, a name, or a condition on it under its name. */
function readColumn(scanner: PatternScanner): Condition<string> {
  if (scanner.isAt(",") || scanner.isAt("]")) return () => true;
  if (scanner.match(/[\w-]+\s*(?=[,\]])/y) !== undefined) return () => true;
  return readCondition(scanner, { selector: readName, hasKeywords: false });
}

function readName(scanner: PatternScanner): (column: string) => readonly string[] {
  if (scanner.match(/[\w-]+/y) === undefined) throw scanner.fault();
  return (column) => [column];
}

const CLOSERS: Readonly<Record<string, string>> = { "[": "]", '"': '"' };

/** Columns of an event; text in quotes or brackets is one column. Takes linear time. */
function columnsOf(message: string): string[] {
  const columns: string[] = [];
  /** Closing characters that no longer occur: searching for them again would take quadratic time. */
  const missing = new Set<string>();
  for (let at = 0; at < message.length;) {
    const closer = CLOSERS[message[at]];
    const end = closer && !missing.has(closer) ? message.indexOf(closer, at + 1) : -1;
    if (end > 0) {
      columns.push(message.slice(at + 1, end));
      at = end + 1;
      continue;
    }
    if (closer) missing.add(closer);
    const word = matchAt(/\S+/y, message, at);
    if (word !== "") columns.push(word);
    at += word.length;
    at += matchAt(/\s*/y, message, at).length;
  }
  return columns;
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}
