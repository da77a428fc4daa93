/**
 * JSON patterns: `{ $.level = "ERROR" && ($.latency > 1000 || $.user NOT EXISTS) }`.
 * @module
 */

import { readCondition } from "./filter_expression.ts";
import type { PatternScanner } from "./filter_scanner.ts";

/** Reads the whole pattern. Events that are not JSON never match. */
export function jsonFilter(scanner: PatternScanner): (message: string) => boolean {
  scanner.expect("{");
  const condition = readCondition(scanner, { selector: readSelector, hasKeywords: true });
  scanner.expect("}");
  if (!scanner.isAtEnd()) throw scanner.fault();
  return (message) => {
    const document = parsed(message);
    return document !== undefined && condition(document);
  };
}

function parsed(message: string): unknown {
  if (!/^\s*[{[]/.test(message)) return undefined; // skips parsing a text that is no document
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

/** A step into a document: a member, an item, or every item. */
type Step = string | number | "*";

function readSelector(scanner: PatternScanner): (document: unknown) => readonly unknown[] {
  scanner.expect("$");
  const steps: { readonly isItem: boolean; readonly step: Step }[] = [];
  for (;;) {
    const hasDot = scanner.take(".");
    if (scanner.take("[")) {
      const name = scanner.quoted() ?? scanner.match(/'[^']*'/y)?.slice(1, -1);
      if (name !== undefined) steps.push({ isItem: false, step: name });
      else steps.push({ isItem: true, step: readIndex(scanner) });
      scanner.expect("]");
    } else if (hasDot) {
      const name = scanner.match(/[\p{L}\p{N}_-]+/uy);
      if (name === undefined) throw scanner.fault();
      steps.push({ isItem: false, step: name });
    } else break;
  }
  if (steps.length === 0) throw scanner.fault();
  return (document) =>
    steps.reduce<readonly unknown[]>(
      (values, { isItem, step }) =>
        values.flatMap((value) => isItem ? itemsOf(value, step) : memberOf(value, step)),
      [document],
    );
}

function readIndex(scanner: PatternScanner): number | "*" {
  if (scanner.take("*")) return "*";
  const digits = scanner.match(/\d+/y);
  if (digits === undefined) throw scanner.fault();
  return Number(digits);
}

function itemsOf(value: unknown, step: Step): unknown[] {
  if (!Array.isArray(value)) return [];
  if (step === "*") return value;
  return typeof step === "number" && step < value.length ? [value[step]] : [];
}

function memberOf(value: unknown, step: Step): unknown[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  const entry = Object.entries(value).find(([name]) => name === step);
  return entry ? [entry[1]] : [];
}
