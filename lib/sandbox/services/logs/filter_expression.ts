/**
 * Conditions of JSON and column patterns: comparisons joined by `&&` and `||`.
 * @module
 */

import type { PatternScanner } from "./filter_scanner.ts";

/** Whether a subject (a JSON document, a column) meets a condition. */
export type Condition<Subject> = (subject: Subject) => boolean;

/** What a kind of pattern compares. */
export interface Operands<Subject> {
  /** Reads the left side of the operator; returns the values that it selects, none if missing. */
  readonly selector: (scanner: PatternScanner) => (subject: Subject) => readonly unknown[];
  /** Whether `IS NULL`, `IS TRUE`, `IS FALSE` and `NOT EXISTS` are known. */
  readonly hasKeywords: boolean;
}

/** Reads a condition; `&&` binds closer than `||`. */
export function readCondition<Subject>(
  scanner: PatternScanner,
  operands: Operands<Subject>,
): Condition<Subject> {
  const choices = [readConjunction(scanner, operands)];
  while (scanner.take("||")) choices.push(readConjunction(scanner, operands));
  return (subject) => choices.some((condition) => condition(subject));
}

function readConjunction<Subject>(
  scanner: PatternScanner,
  operands: Operands<Subject>,
): Condition<Subject> {
  const conditions = [readUnit(scanner, operands)];
  while (scanner.take("&&")) conditions.push(readUnit(scanner, operands));
  return (subject) => conditions.every((condition) => condition(subject));
}

function readUnit<Subject>(
  scanner: PatternScanner,
  operands: Operands<Subject>,
): Condition<Subject> {
  if (scanner.take("(")) {
    const inner = readCondition(scanner, operands);
    scanner.expect(")");
    return inner;
  }
  const select = operands.selector(scanner);
  const test = (operands.hasKeywords && readKeyword(scanner)) || readComparison(scanner);
  return (subject) => test(select(subject));
}

type Test = (values: readonly unknown[]) => boolean;

function readKeyword(scanner: PatternScanner): Test | undefined {
  const words = scanner.match(/(?:IS\s+(?:NULL|TRUE|FALSE)|NOT\s+EXISTS)(?![\w-])/iy);
  if (words === undefined) return undefined;
  const keyword = words.toUpperCase().split(/\s+/)[1];
  switch (keyword) {
    case "NULL":
      return (values) => values.includes(null);
    case "TRUE":
      return (values) => values.includes(true);
    case "FALSE":
      return (values) => values.includes(false);
    default:
      return (values) => values.length === 0;
  }
}

function readComparison(scanner: PatternScanner): Test {
  const operator = scanner.match(/!=|<=|>=|=|<|>/y);
  if (operator === undefined) throw scanner.fault();
  if (operator === "=" || operator === "!=") {
    const isEqual = readOperand(scanner);
    // Assumed: a missing value is unequal to anything.
    if (operator === "!=") return (values) => !values.some(isEqual);
    return (values) => values.some(isEqual);
  }
  const bound = numberIn(scanner.match(BARE));
  if (bound === undefined) throw scanner.fault();
  return (values) => values.some((value) => isOrdered(numberIn(value), operator, bound));
}

/** A value that needs no quotes. */
const BARE = /[\p{L}\p{N}_.*:/+-]+/uy;

/** Reads the right side of `=`: the test whether a value equals it. */
function readOperand(scanner: PatternScanner): (value: unknown) => boolean {
  const regex = scanner.regex();
  if (regex) return (value) => isScalar(value) && regex(String(value));
  const text = scanner.quoted();
  if (text !== undefined) return (value) => isScalar(value) && starMatches(text, String(value));
  const bare = scanner.match(BARE);
  if (bare === undefined) throw scanner.fault();
  const number = numberIn(bare);
  return (value) =>
    isScalar(value) &&
    (starMatches(bare, String(value)) || (number !== undefined && numberIn(value) === number));
}

function isOrdered(value: number | undefined, operator: string, bound: number): boolean {
  if (value === undefined) return false;
  switch (operator) {
    case "<":
      return value < bound;
    case "<=":
      return value <= bound;
    case ">":
      return value > bound;
    default:
      return value >= bound;
  }
}

function isScalar(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A number, or a text that is one. */
function numberIn(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && NUMBER.test(value) ? Number(value) : undefined;
}

/** Whether `text` matches `pattern`, in which `*` stands for any characters. */
function starMatches(pattern: string, text: string): boolean {
  const [first, ...others] = pattern.split("*");
  const last = others.pop();
  if (last === undefined) return text === pattern;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
