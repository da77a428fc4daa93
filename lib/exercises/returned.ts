/**
 * What a reader's function returned, before a check looks inside it.
 * @module
 */

import { inspected } from "../view/value_text.ts";

/**
 * `value` as it is. Throws an `Error` in plain words if the function returned nothing, or a promise:
 * otherwise the check would fail on a member of it, with an error of JavaScript that names no line of
 * the reader's.
 */
export function returned<Value>(value: Value): Value {
  if (value === undefined || value === null) {
    throw new Error("your function returned nothing: is a `return` missing?");
  }
  if (value instanceof Promise) {
    throw new Error("your function returned a promise: write it without async");
  }
  return value;
}

/** What `value` is in place of a text in base64, in plain words; undefined for a text. */
export function unlikeText(value: unknown): string | undefined {
  if (typeof value === "string") return undefined;
  return value instanceof Uint8Array ? "bytes: base64 is missing" : `no text: ${inspected(value)}`;
}
