/**
 * Condition operators of policies. Follows "IAM JSON policy elements: Condition operators"
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
 * @module
 */

import { arnMatches, wildcardMatches } from "./wildcards.ts";

/** One operator on one key with its values, any of which may match. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** Values of condition keys, by key name in lower case. */
export type ConditionValues = ReadonlyMap<string, readonly string[]>;

type Compare = (wanted: string, found: string) => boolean;

const numeric = (compare: (found: number, wanted: number) => boolean): Compare => (wanted, found) =>
  Number.isFinite(Number(wanted)) && Number.isFinite(Number(found)) &&
  compare(Number(found), Number(wanted));

const date = (compare: (found: number, wanted: number) => boolean): Compare => (wanted, found) =>
  compare(momentOf(found), momentOf(wanted));

/** Positive operators; each `…Not…` is the opposite of one of them. */
const OPERATORS: Readonly<Record<string, Compare>> = {
  stringequals: (wanted, found) => plain(wanted) === found,
  stringequalsignorecase: (wanted, found) => plain(wanted).toLowerCase() === found.toLowerCase(),
  stringlike: wildcardMatches,
  arnequals: arnMatches,
  arnlike: arnMatches,
  numericequals: numeric((found, wanted) => found === wanted),
  numericlessthan: numeric((found, wanted) => found < wanted),
  numericlessthanequals: numeric((found, wanted) => found <= wanted),
  numericgreaterthan: numeric((found, wanted) => found > wanted),
  numericgreaterthanequals: numeric((found, wanted) => found >= wanted),
  dateequals: date((found, wanted) => found === wanted),
  datelessthan: date((found, wanted) => found < wanted),
  datelessthanequals: date((found, wanted) => found <= wanted),
  dategreaterthan: date((found, wanted) => found > wanted),
  dategreaterthanequals: date((found, wanted) => found >= wanted),
  bool: (wanted, found) => wanted.toLowerCase() === found.toLowerCase(),
  binaryequals: (wanted, found) => wanted === found,
  ipaddress: inNetwork,
};

const NEGATED: Readonly<Record<string, string>> = {
  stringnotequals: "stringequals",
  stringnotequalsignorecase: "stringequalsignorecase",
  stringnotlike: "stringlike",
  arnnotequals: "arnequals",
  arnnotlike: "arnlike",
  numericnotequals: "numericequals",
  datenotequals: "dateequals",
  notipaddress: "ipaddress",
};

/** Whether AWS has this operator, with or without `ForAllValues:`, `ForAnyValue:` and `IfExists`. */
export function isConditionOperator(operator: string): boolean {
  const { name } = parseOperator(operator);
  return name === "null" || Object.hasOwn(OPERATORS, NEGATED[name] ?? name);
}

/** Whether all `conditions` hold. `expand` replaces policy variables, undefined where one has no value. */
export function conditionsMatch(
  conditions: readonly Condition[],
  values: ConditionValues,
  expand: (text: string) => string | undefined,
): boolean {
  return conditions.every((condition) => conditionMatches(condition, values, expand));
}

function conditionMatches(
  { operator, key, values: wanted }: Condition,
  values: ConditionValues,
  expand: (text: string) => string | undefined,
): boolean {
  const found = values.get(key.toLowerCase());
  const { name, ifExists, quantifier } = parseOperator(operator);
  if (name === "null") {
    return wanted.some((text) => (text.toLowerCase() === "true") === (found === undefined));
  }
  const negated = NEGATED[name];
  const compare = OPERATORS[negated ?? name];
  if (!compare) {
    throw new Error(`invariant broken: a policy with the operator ${operator} was kept`);
  }
  const expanded = wanted.map(expand);
  if (expanded.some((text) => text === undefined)) return false;
  const isOne = (value: string) => expanded.some((text) => compare(text ?? "", value));
  const holds = negated ? (value: string) => !isOne(value) : isOne;
  if (quantifier === "forallvalues") return (found ?? []).every(holds);
  if (quantifier === "foranyvalue") return (found ?? []).some(holds);
  if (found === undefined || found.length === 0) return ifExists || negated !== undefined;
  return negated ? found.every(holds) : found.some(holds);
}

function parseOperator(operator: string) {
  const [, quantifier, base, ifExists] =
    /^(?:(forallvalues|foranyvalue):)?(.*?)(ifexists)?$/.exec(operator.toLowerCase()) ?? [];
  return { name: base ?? "", quantifier, ifExists: ifExists !== undefined };
}

/** Undoes the placeholders that keep a variable's `*` and `?` from being wildcards. */
function plain(text: string): string {
  return text.replaceAll("\ue000", "*").replaceAll("\ue001", "?");
}

/** Milliseconds of an ISO 8601 text or of epoch seconds. */
function momentOf(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

function inNetwork(network: string, address: string): boolean {
  const [base, bits] = network.split("/");
  const wanted = addressBits(base);
  const found = addressBits(address);
  if (!wanted || !found || wanted.length !== found.length) return false;
  const length = bits === undefined ? wanted.length : Number(bits);
  return wanted.slice(0, length) === found.slice(0, length);
}

/** An IPv4 or IPv6 address as a text of 32 or 128 binary digits. */
function addressBits(address: string): string | undefined {
  if (/^\d+(\.\d+){3}$/.test(address)) {
    return address.split(".").map((part) => Number(part).toString(2).padStart(8, "0")).join("");
  }
  if (!address.includes(":")) return undefined;
  const [head, tail] = address.split("::");
  const before = head ? head.split(":") : [];
  const after = tail ? tail.split(":") : [];
  const gap = Array.from({ length: 8 - before.length - after.length }, () => "0");
  const groups = tail === undefined ? before : [...before, ...gap, ...after];
  if (groups.length !== 8) return undefined;
  return groups.map((group) => parseInt(group, 16).toString(2).padStart(16, "0")).join("");
}
