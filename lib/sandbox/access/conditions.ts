/**
 * Condition operators of policies. Follows "IAM JSON policy elements: Condition operators"
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
 * @module
 */

import {
  addressBits,
  isArnPattern,
  isBase64,
  momentOf,
  networkOf,
  numberOf,
} from "./condition_values.ts";
import { arnMatches, plainText, wildcardMatches } from "./wildcards.ts";

/** One operator on one key with its values, any of which may match. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** Values of condition keys, by key name in lower case. */
export type ConditionValues = ReadonlyMap<string, readonly string[]>;

/** A policy's text with its variables replaced; undefined when one of them has no value. */
export type Expand = (text: string) => string | undefined;

/** How an operator compares one value of the policy with one of the request. */
interface Comparison {
  /** Whether AWS takes `wanted` as a value of the policy. */
  readonly accepts: (wanted: string) => boolean;
  readonly matches: (wanted: string, found: string) => boolean;
  /** Whether policy variables are replaced: AWS does that for strings and ARNs only. */
  readonly takesVariables: boolean;
}

const text = (matches: Comparison["matches"]): Comparison => ({
  accepts: () => true,
  matches,
  takesVariables: true,
});

const ARN: Comparison = { accepts: isArnPattern, matches: arnMatches, takesVariables: true };

/** Compares what `read` makes of both texts; a text that it refuses matches nothing. */
const ordered = (
  read: (text: string) => number | undefined,
  compare: (found: number, wanted: number) => boolean,
): Comparison => ({
  accepts: (wanted) => read(wanted) !== undefined,
  matches: (wanted, found) => {
    const [left, right] = [read(found), read(wanted)];
    return left !== undefined && right !== undefined && compare(left, right);
  },
  takesVariables: false,
});

const ORDERS = {
  equals: (found: number, wanted: number) => found === wanted,
  lessthan: (found: number, wanted: number) => found < wanted,
  lessthanequals: (found: number, wanted: number) => found <= wanted,
  greaterthan: (found: number, wanted: number) => found > wanted,
  greaterthanequals: (found: number, wanted: number) => found >= wanted,
};

const orderedBy = (prefix: string, read: (text: string) => number | undefined) =>
  Object.entries(ORDERS).map(([name, compare]) =>
    [`${prefix}${name}`, ordered(read, compare)] as const
  );

/** Positive operators; each `…Not…` is the opposite of one of them. */
const OPERATORS: ReadonlyMap<string, Comparison> = new Map([
  ["stringequals", text((wanted, found) => plainText(wanted) === found)],
  [
    "stringequalsignorecase",
    text((wanted, found) => plainText(wanted).toLowerCase() === found.toLowerCase()),
  ],
  ["stringlike", text(wildcardMatches)],
  ["arnequals", ARN],
  ["arnlike", ARN],
  ...orderedBy("numeric", numberOf),
  ...orderedBy("date", momentOf),
  ["bool", {
    accepts: () => true,
    matches: (wanted, found) => wanted.toLowerCase() === found.toLowerCase(),
    takesVariables: false,
  }],
  ["binaryequals", {
    accepts: isBase64,
    matches: (wanted, found) => wanted === found,
    takesVariables: false,
  }],
  ["ipaddress", {
    accepts: (wanted) => networkOf(wanted) !== undefined,
    matches: isInNetwork,
    takesVariables: false,
  }],
]);

const NEGATED: ReadonlyMap<string, string> = new Map([
  ["stringnotequals", "stringequals"],
  ["stringnotequalsignorecase", "stringequalsignorecase"],
  ["stringnotlike", "stringlike"],
  ["arnnotequals", "arnequals"],
  ["arnnotlike", "arnlike"],
  ["numericnotequals", "numericequals"],
  ["datenotequals", "dateequals"],
  ["notipaddress", "ipaddress"],
]);

/** An operator's name in parts. */
interface Operator {
  /** In lower case, without quantifier and `IfExists`. */
  readonly name: string;
  readonly quantifier?: string;
  readonly ifExists: boolean;
}

function parseOperator(operator: string): Operator {
  const [, quantifier, name = "", ifExists] =
    /^(?:(forallvalues|foranyvalue):)?(.*?)(ifexists)?$/.exec(operator.toLowerCase()) ?? [];
  return { name, quantifier, ifExists: ifExists !== undefined };
}

function comparisonOf({ name }: Operator): Comparison | undefined {
  return OPERATORS.get(NEGATED.get(name) ?? name);
}

/** Whether AWS has this operator, with or without `ForAllValues:`, `ForAnyValue:` and `IfExists`. */
export function isConditionOperator(operator: string): boolean {
  const parsed = parseOperator(operator);
  // Measured: ForAllValues:Null is taken, NullIfExists is not.
  return parsed.name === "null" ? !parsed.ifExists : comparisonOf(parsed) !== undefined;
}

/** Whether AWS takes `value` as a value of `operator`: a number, a date, a network, an ARN, base64. */
export function isConditionValue(operator: string, value: string): boolean {
  return comparisonOf(parseOperator(operator))?.accepts(value) ?? true;
}

/** Whether policy variables in values of `operator` are replaced. */
export function takesVariables(operator: string): boolean {
  return comparisonOf(parseOperator(operator))?.takesVariables ?? false;
}

/** Whether all `conditions` hold. One with a value that AWS refuses never holds. */
export function conditionsMatch(
  conditions: readonly Condition[],
  values: ConditionValues,
  expand: Expand,
): boolean {
  return conditions.every((condition) => conditionMatches(condition, values, expand));
}

function conditionMatches(
  { operator, key, values: wanted }: Condition,
  values: ConditionValues,
  expand: Expand,
): boolean {
  const found = values.get(key.toLowerCase()) ?? [];
  const parsed = parseOperator(operator);
  const { name, ifExists, quantifier } = parsed;
  if (name === "null") return nullMatches(wanted, found);
  const comparison = comparisonOf(parsed);
  if (!comparison || !wanted.every(comparison.accepts)) return false;
  const isNegated = NEGATED.has(name);
  if (found.length === 0) {
    return ifExists || quantifier === "forallvalues" || (isNegated && quantifier === undefined);
  }
  // Documented: a variable without a value is equal to nothing, so it counts for negated operators.
  const comparable = comparison.takesVariables
    ? wanted.flatMap((one) => expand(one) ?? [])
    : wanted;
  const holds = (value: string) =>
    comparable.some((one) => comparison.matches(one, value)) !== isNegated;
  return quantifier === "forallvalues" || (isNegated && quantifier === undefined)
    ? found.every(holds)
    : found.some(holds);
}

/** `Null` with `true` asks that the key is missing, with `false` that it is there. */
function nullMatches(wanted: readonly string[], found: readonly string[]): boolean {
  return wanted.some((one) => one.toLowerCase() === (found.length === 0 ? "true" : "false"));
}

function isInNetwork(wanted: string, found: string): boolean {
  const network = networkOf(wanted);
  const bits = addressBits(found);
  return network !== undefined && bits !== undefined && bits.length === network.bits.length &&
    bits.slice(0, network.length) === network.bits.slice(0, network.length);
}
