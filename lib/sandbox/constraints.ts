/**
 * The constraints of AWS's models: required members, lengths, ranges, patterns and enums. The SDK's
 * schemas do not have them, so each operation states its own. They are checked here.
 * @module
 */

/** Constraints of one member. Lengths are in characters for text, bytes for blobs, items for lists. */
export interface MemberConstraint {
  readonly required?: true;
  readonly length?: readonly [min: number, max: number];
  readonly range?: readonly [min: number, max: number];
  /** Whether the range is one of a double: AWS prints `1.0`. All others are of integers. */
  readonly isDouble?: true;
  /** As AWS prints it; the whole value must match. */
  readonly pattern?: string;
  /** Whether a dot of `pattern` stands for a line break too. */
  readonly dotAll?: true;
  readonly enum?: readonly string[];
  /** Constraints of a structure's members. */
  readonly members?: Constraints;
  /** Constraints of each item of a list, or of each value of a map. */
  readonly item?: MemberConstraint;
  /** Constraints of each key of a map. */
  readonly key?: MemberConstraint;
}

/** Constraints by member name, as the model spells it (`DeliveryStreamName`). */
export type Constraints = Readonly<Record<string, MemberConstraint>>;

/** How violations are worded. */
export interface ViolationStyle {
  /** Whether AWS's text shows the offending value of the member at `path` (lower camel case). */
  showsValue(path: string): boolean;
  /** Whether the rules of list items and of map values end with "Member must not be null". */
  readonly itemsNotNull?: boolean;
}

/**
 * Violations that a text lists: two of each record of a full batch. The text about 3 million empty records
 * would have 296 MB.
 */
const VIOLATIONS_SHOWN_MAX = 1_000;

/**
 * The text of AWS's ValidationException for `input`, or undefined if it satisfies `constraints`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(
 *   violations({ Name: { length: [1, 3] } }, { Name: "abcd" }, { showsValue: () => true }),
 *   "1 validation error detected: Value 'abcd' at 'name' failed to satisfy constraint: " +
 *     "Member must have length less than or equal to 3",
 * );
 * ```
 */
export function violations(
  constraints: Constraints,
  input: Readonly<Record<string, unknown>>,
  style: ViolationStyle,
): string | undefined {
  const shown: string[] = [];
  let count = 0;
  checkMembers(constraints, input, undefined, {
    report: (value, path, rule) => {
      if (++count > VIOLATIONS_SHOWN_MAX) return;
      shown.push(violation(value, textOf(path), rule, style));
    },
    itemsNotNull: style.itemsNotNull ?? false,
  });
  if (count === 0) return undefined;
  const left = count > shown.length ? `; and ${count - shown.length} more` : "";
  const errors = count === 1 ? "1 validation error" : `${count} validation errors`;
  return `${errors} detected: ${shown.join("; ")}${left}`;
}

/** The place of a value. It becomes text only for a violation, and most requests have none. */
interface Path {
  readonly outer: Path | undefined;
  readonly name: string | number;
  readonly suffix: "" | ".member" | ".value";
}

function textOf({ outer, name, suffix }: Path): string {
  const shown = typeof name === "string" && suffix === "" ? lowerCamel(name) : name;
  return `${outer ? `${textOf(outer)}.` : ""}${shown}${suffix}`;
}

const lowerCamel = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

interface Check {
  readonly report: (value: unknown, path: Path, rule: string) => void;
  readonly itemsNotNull: boolean;
}

function checkMembers(
  constraints: Constraints,
  value: Readonly<Record<string, unknown>>,
  outer: Path | undefined,
  check: Check,
): void {
  for (const name of Object.keys(constraints)) {
    checkMember(constraints[name], value[name], { outer, name, suffix: "" }, check);
  }
}

function checkMember(
  constraint: MemberConstraint,
  value: unknown,
  path: Path,
  check: Check,
): void {
  if (value === undefined || value === null) {
    if (constraint.required) check.report(value, path, "Member must not be null");
    return;
  }
  checkRules(constraint, value, (rule) => check.report(value, path, rule));
  if (Array.isArray(value)) checkItems(constraint, value, path, check);
  else if ((constraint.members || constraint.key || constraint.item) && isStructure(value)) {
    if (constraint.members) checkMembers(constraint.members, value, path, check);
    checkEntries(constraint, value, path, check);
  }
}

/** A structure in a list is named by its place; other items are judged together, as Coral does. */
function checkItems({ item }: MemberConstraint, list: unknown[], path: Path, check: Check): void {
  if (!item) return;
  if (!item.members) return checkTogether("Member", item, list, list, path, check);
  for (let index = 0; index < list.length; index++) {
    checkMember(item, list[index], { outer: path, name: index + 1, suffix: ".member" }, check);
  }
}

function checkEntries(
  { key, item }: MemberConstraint,
  map: Readonly<Record<string, unknown>>,
  path: Path,
  check: Check,
): void {
  if (key) checkTogether("Map keys", key, Object.keys(map), map, path, check);
  if (!item) return;
  const values = Object.values(map);
  const shown = item.isDouble ? doubles(map) : map;
  if (!item.members) return checkTogether("Map value", item, values, shown, path, check);
  for (const [name, value] of Object.entries(map)) {
    checkMember(item, value, { outer: path, name, suffix: ".value" }, check);
  }
}

/** The numbers of a map as AWS prints doubles: `2.0`. */
const doubles = (map: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(map).map((
      [name, value],
    ) => [name, Number.isInteger(value) ? `${value}.0` : value]),
  );

/** Reports `whole` once, with all rules, if one of `parts` breaks one. */
function checkTogether(
  subject: "Member" | "Map keys" | "Map value",
  constraint: MemberConstraint,
  parts: readonly unknown[],
  whole: unknown,
  path: Path,
  check: Check,
): void {
  let isBroken = false;
  for (const part of parts) checkRules(constraint, part, () => isBroken = true);
  if (!isBroken) return;
  const rules = rulesOf(constraint);
  if (check.itemsNotNull && subject !== "Map keys") rules.push("Member must not be null");
  check.report(whole, path, `${subject} must satisfy constraint: [${rules.join(", ")}]`);
}

/** All rules of `constraint`, in AWS's order. */
function rulesOf({ length, range, isDouble, pattern, enum: values }: MemberConstraint): string[] {
  const bounds = range?.map((bound) => isDouble ? bound.toFixed(1) : String(bound));
  return [
    ...(length ? [lengthAtMost(length[1]), lengthAtLeast(length[0])] : []),
    ...(bounds ? [valueAtMost(bounds[1]), valueAtLeast(bounds[0])] : []),
    ...(pattern ? [patternRule(pattern)] : []),
    ...(values ? [enumRule(values)] : []),
  ];
}

const lengthAtLeast = (min: number) => `Member must have length greater than or equal to ${min}`;
const lengthAtMost = (max: number) => `Member must have length less than or equal to ${max}`;
const valueAtLeast = (min: string) => `Member must have value greater than or equal to ${min}`;
const valueAtMost = (max: string) => `Member must have value less than or equal to ${max}`;
const patternRule = (pattern: string) =>
  `Member must satisfy regular expression pattern: ${pattern}`;
const enumRule = (values: readonly string[]) =>
  `Member must satisfy enum value set: [${values.join(", ")}]`;

function checkRules(
  { length, range, isDouble, pattern, dotAll, enum: values }: MemberConstraint,
  value: unknown,
  broken: (rule: string) => void,
): void {
  const size = length && sizeOf(value);
  if (length && size !== undefined) {
    if (size < length[0]) broken(lengthAtLeast(length[0]));
    if (size > length[1]) broken(lengthAtMost(length[1]));
  }
  if (range && typeof value === "number") {
    // The text is ours: the SDK's schemas do not tell integers from other numbers.
    if (!isDouble && !Number.isInteger(value)) broken("Member must be an integer");
    if (value < range[0]) broken(valueAtLeast(String(range[0])));
    if (value > range[1]) broken(valueAtMost(String(range[1])));
  }
  if (pattern && typeof value === "string" && !whole(pattern, dotAll ? "s" : "").test(value)) {
    broken(patternRule(pattern));
  }
  if (values && typeof value === "string" && !values.includes(value)) {
    broken(enumRule(values));
  }
}

function sizeOf(value: unknown): number | undefined {
  if (typeof value === "string") return value.length;
  if (value instanceof Uint8Array || Array.isArray(value)) return value.length;
  if (isStructure(value)) return Object.keys(value).length;
  return undefined;
}

function isStructure(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Uint8Array) && !(value instanceof ReadableStream) &&
    !(value instanceof Date);
}

const patterns = new Map<string, RegExp>();

function whole(pattern: string, flag: "s" | ""): RegExp {
  const known = patterns.get(flag + pattern);
  if (known) return known;
  // `\\p{L}` means a letter only in a regular expression with the flag "u".
  const compiled = new RegExp(`^(?:${pattern})$`, flag + (pattern.includes("\\p{") ? "u" : ""));
  patterns.set(flag + pattern, compiled);
  return compiled;
}

/** Characters of a value that a text shows at most, so that no record's data fills an error. */
const SHOWN_CHARACTERS_MAX = 1_024;

function violation(value: unknown, path: string, rule: string, style: ViolationStyle): string {
  const shown = style.showsValue(path) ? shownValue(value) : "Value";
  return `${shown} at '${path}' failed to satisfy constraint: ${rule}`;
}

function shownValue(value: unknown): string {
  if (value === undefined || value === null) return "Value null";
  if (typeof value === "string" || typeof value === "number") {
    return `Value '${String(value).slice(0, SHOWN_CHARACTERS_MAX)}'`;
  }
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) {
    return `Value '[${value.join(", ").slice(0, SHOWN_CHARACTERS_MAX)}]'`;
  }
  if (isStructure(value) && Object.values(value).every((item) => typeof item !== "object")) {
    const entries = Object.entries(value).map(([name, item]) => `${name}=${item}`);
    return `Value '{${entries.join(", ").slice(0, SHOWN_CHARACTERS_MAX)}}'`;
  }
  return "Value";
}
