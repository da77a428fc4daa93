/**
 * The constraints of AWS's models, which the SDK's schemas do not carry: required members,
 * lengths, ranges, patterns and enums. They stand beside each operation and are checked here.
 * @module
 */

/** Constraints of one member. Lengths are in characters for text, bytes for blobs, items for lists. */
export interface MemberConstraint {
  readonly required?: true;
  readonly length?: readonly [min: number, max: number];
  readonly range?: readonly [min: number, max: number];
  /** As AWS prints it, without `^` and `$`; the whole value must match. */
  readonly pattern?: string;
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
}

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
  const found = [...ofMembers(constraints, input, "", style)];
  if (found.length === 0) return undefined;
  const count = found.length === 1 ? "1 validation error" : `${found.length} validation errors`;
  return `${count} detected: ${found.join("; ")}`;
}

function* ofMembers(
  constraints: Constraints,
  value: Readonly<Record<string, unknown>>,
  path: string,
  style: ViolationStyle,
): Generator<string> {
  for (const [name, constraint] of Object.entries(constraints)) {
    const memberPath = path + name.charAt(0).toLowerCase() + name.slice(1);
    yield* ofMember(constraint, value[name], memberPath, style);
  }
}

function* ofMember(
  constraint: MemberConstraint,
  value: unknown,
  path: string,
  style: ViolationStyle,
): Generator<string> {
  if (value === undefined || value === null) {
    if (constraint.required) yield violation(value, path, "Member must not be null", style);
    return;
  }
  for (const rule of brokenRules(constraint, value)) yield violation(value, path, rule, style);
  if (Array.isArray(value)) {
    if (!constraint.item) return;
    for (const [index, item] of value.entries()) {
      yield* ofMember(constraint.item, item, `${path}.${index + 1}.member`, style);
    }
  } else if (isStructure(value)) {
    if (constraint.members) yield* ofMembers(constraint.members, value, `${path}.`, style);
    for (const [key, item] of Object.entries(value)) {
      if (constraint.key) yield* ofMember(constraint.key, key, `${path}.key`, style);
      if (constraint.item) yield* ofMember(constraint.item, item, `${path}.${key}.value`, style);
    }
  }
}

function* brokenRules(constraint: MemberConstraint, value: unknown): Generator<string> {
  const { length, range, pattern } = constraint;
  const size = sizeOf(value);
  if (length && size !== undefined) {
    if (size < length[0]) {
      yield `Member must have length greater than or equal to ${length[0]}`;
    }
    if (size > length[1]) yield `Member must have length less than or equal to ${length[1]}`;
  }
  if (range && typeof value === "number") {
    if (value < range[0]) yield `Member must have value greater than or equal to ${range[0]}`;
    if (value > range[1]) yield `Member must have value less than or equal to ${range[1]}`;
  }
  if (pattern && typeof value === "string" && !whole(pattern).test(value)) {
    yield `Member must satisfy regular expression pattern: ${pattern}`;
  }
  if (constraint.enum && typeof value === "string" && !constraint.enum.includes(value)) {
    yield `Member must satisfy enum value set: [${constraint.enum.join(", ")}]`;
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

function whole(pattern: string): RegExp {
  const known = patterns.get(pattern);
  if (known) return known;
  const compiled = new RegExp(`^(?:${pattern})$`);
  patterns.set(pattern, compiled);
  return compiled;
}

/** The most characters of a value that a text shows: a record's data is not an error message. */
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
  return "Value";
}
