/**
 * Bytes on the wire: what a value takes as the JSON that the Lambda runtime posts.
 * @module
 */

import { sizeOfText } from "./text_size.ts";

/**
 * The largest response that Lambda takes of a function, in bytes: 6 MiB and 100.
 * The Runtime API answers a longer one with 413 and the invocation fails.
 */
export const RESPONSE_BYTES_MAX = 6_291_556;

/**
 * Bytes that `value` takes on the wire: the UTF-8 length of its JSON, counted without building it.
 * What JSON has no word for counts as `null`, as the runtime posts it. Throws a `TypeError` for a
 * BigInt and, as `JSON.stringify` does, an error for a cycle.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(getSize({ key: "é" }), 12);
 * ```
 */
export function getSize(value: unknown): number {
  return sizeOf(value, "") ?? NULL_BYTES;
}

/** Bytes of standard base64, padded, of so many bytes. */
export function base64Size(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

const NULL_BYTES = 4;
const BRACKETS_BYTES = 2;

/** Undefined for what `JSON.stringify` leaves out. `key` is for `toJSON`, which is given it. */
function sizeOf(value: unknown, key: string | number): number | undefined {
  return sizeOfPlain(hasToJson(value) ? value.toJSON(`${key}`) : value);
}

function sizeOfPlain(value: unknown): number | undefined {
  switch (typeof value) {
    case "string":
      return sizeOfText(value);
    case "number":
      return sizeOfNumber(value);
    case "boolean":
      return value ? 4 : 5;
    case "object":
      return isObject(value) ? sizeOfObject(value) : NULL_BYTES;
    case "bigint":
      throw new TypeError("a BigInt has no JSON");
    default:
      return undefined;
  }
}

function sizeOfNumber(value: number): number {
  if (Number.isInteger(value) && value >= 0 && value < 1e6) return digitsOf(value);
  return Number.isFinite(value) ? String(value).length : NULL_BYTES;
}

function digitsOf(value: number): number {
  if (value < 1e3) return value < 10 ? 1 : value < 100 ? 2 : 3;
  return value < 1e4 ? 4 : value < 1e5 ? 5 : 6;
}

function sizeOfObject(value: Readonly<Record<string, unknown>>): number | undefined {
  if (Array.isArray(value)) return sizeOfArray(value);
  if (value instanceof String || value instanceof Number || value instanceof Boolean) {
    return sizeOfPlain(value.valueOf());
  }
  let [size, members] = [BRACKETS_BYTES, 0];
  for (const key of Object.keys(value)) {
    const memberSize = sizeOf(value[key], key);
    if (memberSize === undefined) continue;
    size += sizeOfText(key) + 1 + memberSize;
    members++;
  }
  return size + Math.max(0, members - 1);
}

function sizeOfArray(items: readonly unknown[]): number {
  let size = BRACKETS_BYTES + Math.max(0, items.length - 1);
  for (let index = 0; index < items.length; index++) {
    size += sizeOf(items[index], index) ?? NULL_BYTES;
  }
  return size;
}

function hasToJson(value: unknown): value is { toJSON(key: string): unknown } {
  return isObject(value) && typeof value.toJSON === "function";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
