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
  const found: string[] = [];
  checkMembers(constraints, input, undefined, (value, path, rule) => {
    found.push(violation(value, textOf(path), rule, style));
  });
  if (found.length === 0) return undefined;
  const count = found.length === 1 ? "1 validation error" : `${found.length} validation errors`;
  return `${count} detected: ${found.join("; ")}`;
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

type Report = (value: unknown, path: Path, rule: string) => void;

function checkMembers(
  constraints: Constraints,
  value: Readonly<Record<string, unknown>>,
  outer: Path | undefined,
  report: Report,
): void {
  for (const name of Object.keys(constraints)) {
    checkMember(constraints[name], value[name], { outer, name, suffix: "" }, report);
  }
}

function checkMember(
  constraint: MemberConstraint,
  value: unknown,
  path: Path,
  report: Report,
): void {
  if (value === undefined || value === null) {
    if (constraint.required) report(value, path, "Member must not be null");
    return;
  }
  checkRules(constraint, value, (rule) => report(value, path, rule));
  if (Array.isArray(value)) {
    if (!constraint.item) return;
    for (let index = 0; index < value.length; index++) {
      const itemPath: Path = { outer: path, name: index + 1, suffix: ".member" };
      checkMember(constraint.item, value[index], itemPath, report);
    }
  } else if ((constraint.members || constraint.key || constraint.item) && isStructure(value)) {
    if (constraint.members) checkMembers(constraint.members, value, path, report);
    if (!constraint.key && !constraint.item) return;
    for (const [key, item] of Object.entries(value)) {
      if (constraint.key) {
        checkMember(constraint.key, key, { outer: path, name: "key", suffix: "" }, report);
      }
      if (constraint.item) {
        checkMember(constraint.item, item, { outer: path, name: key, suffix: ".value" }, report);
      }
    }
  }
}

function checkRules(
  { length, range, pattern, enum: values }: MemberConstraint,
  value: unknown,
  broken: (rule: string) => void,
): void {
  const size = length && sizeOf(value);
  if (length && size !== undefined) {
    if (size < length[0]) broken(`Member must have length greater than or equal to ${length[0]}`);
    if (size > length[1]) broken(`Member must have length less than or equal to ${length[1]}`);
  }
  if (range && typeof value === "number") {
    if (value < range[0]) broken(`Member must have value greater than or equal to ${range[0]}`);
    if (value > range[1]) broken(`Member must have value less than or equal to ${range[1]}`);
  }
  if (pattern && typeof value === "string" && !whole(pattern).test(value)) {
    broken(`Member must satisfy regular expression pattern: ${pattern}`);
  }
  if (values && typeof value === "string" && !values.includes(value)) {
    broken(`Member must satisfy enum value set: [${values.join(", ")}]`);
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
  // `\\p{L}` means a letter only in a regular expression with the flag "u".
  const compiled = new RegExp(`^(?:${pattern})$`, pattern.includes("\\p{") ? "u" : "");
  patterns.set(pattern, compiled);
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
  return "Value";
}
