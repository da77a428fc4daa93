/**
 * Form-encoded query input to the SDK's input types, by schema: `Tags.member.1.Key=a`.
 * @module
 */

import type { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "../errors.ts";

/** A form, and what its names say of lists. */
interface Form {
  readonly values: ReadonlyMap<string, string>;
  /** The highest number of each list, by what stands before it: 2 of `Tags.member`. */
  readonly highest: ReadonlyMap<string, number>;
}

/**
 * Reads the structure `schema` from a form. Throws `MalformedInput` for a value of the wrong type, and
 * for a list with a gap: what follows it would be lost.
 */
export function readQueryShape(schema: NormalizedSchema, form: URLSearchParams): unknown {
  const values = new Map(form);
  return read(schema, { values, highest: highestNumbers(values.keys()) }, "") ?? {};
}

/** Longer names are no member's: the longest has some 80 characters. */
const NAME_LENGTH_MAX = 256;
/** Lists inside each other in a name. No input has more than two. */
const LISTS_MAX = 4;

/** Bounded: each prefix of a name is kept, so a long name of many numbers would fill the memory. */
function highestNumbers(names: Iterable<string>): Map<string, number> {
  const highest = new Map<string, number>();
  for (const name of names) {
    if (name.length > NAME_LENGTH_MAX) continue;
    const numbers = name.matchAll(/\.(\d+)(?=\.|$)/g).take(LISTS_MAX);
    for (const { 1: digits, index } of numbers) {
      const list = name.slice(0, index);
      highest.set(list, Math.max(highest.get(list) ?? 0, Number(digits)));
    }
  }
  return highest;
}

function checkNumbers({ highest }: Form, list: string, count: number): void {
  if ((highest.get(list) ?? 0) <= count) return;
  throw new AwsError("MalformedInput", 400, `${list}.${count + 1} is missing in a list`);
}

function read(schema: NormalizedSchema, form: Form, path: string): unknown {
  if (schema.isStructSchema()) return readStruct(schema, form, path);
  if (schema.isListSchema()) return readList(schema, form, path);
  if (schema.isMapSchema()) return readMap(schema, form, path);
  const text = form.values.get(path);
  return text === undefined ? undefined : readScalar(schema, text, path);
}

function readStruct(schema: NormalizedSchema, form: Form, path: string) {
  const result: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const key = member.getMemberTraits().xmlName ?? name;
    const value = read(member, form, path === "" ? key : `${path}.${key}`);
    if (value !== undefined) result[name] = value;
  }
  return Object.keys(result).length > 0 || path === "" ? result : undefined;
}

function readList(schema: NormalizedSchema, form: Form, path: string) {
  if (form.values.get(path) === "") return [];
  const item = schema.getValueSchema();
  const base = schema.getMergedTraits().xmlFlattened
    ? path
    : `${path}.${item.getMergedTraits().xmlName ?? "member"}`;
  const result: unknown[] = [];
  for (let index = 1;; index++) {
    const value = read(item, form, `${base}.${index}`);
    if (value === undefined) {
      checkNumbers(form, base, result.length);
      return result.length > 0 ? result : undefined;
    }
    result.push(value);
  }
}

function readMap(schema: NormalizedSchema, form: Form, path: string) {
  const base = schema.getMergedTraits().xmlFlattened ? path : `${path}.entry`;
  const result: Record<string, unknown> = {};
  for (let index = 1;; index++) {
    const key = form.values.get(`${base}.${index}.key`);
    if (key === undefined) {
      checkNumbers(form, base, index - 1);
      return index > 1 ? result : undefined;
    }
    result[key] = read(schema.getValueSchema(), form, `${base}.${index}.value`);
  }
}

function readScalar(schema: NormalizedSchema, text: string, path: string): unknown {
  if (schema.isBooleanSchema()) {
    if (text === "true" || text === "false") return text === "true";
    throw malformed(path, text, "boolean");
  }
  if (schema.isNumericSchema()) {
    if (text.trim() !== "" && Number.isFinite(Number(text))) return Number(text);
    throw malformed(path, text, "number");
  }
  if (schema.isTimestampSchema()) {
    const date = new Date(text);
    if (!Number.isNaN(date.getTime())) return date;
    throw malformed(path, text, "timestamp");
  }
  return text;
}

function malformed(path: string, text: string, wanted: string): AwsError {
  return new AwsError("MalformedInput", 400, `${path} is "${text}"; a ${wanted} was expected`);
}
