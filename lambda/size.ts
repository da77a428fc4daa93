/**
 * Bytes on the wire: what a value takes as the JSON that the Lambda runtime posts.
 * @module
 */

import { Buffer } from "node:buffer";

/**
 * The largest response that Lambda takes of a function, in bytes: 6 MiB and 100.
 * The Runtime API answers a longer one with 413 and the invocation fails.
 */
export const RESPONSE_BYTES_MAX = 6_291_556;

/**
 * Bytes that `value` takes on the wire: the UTF-8 length of its JSON. What JSON has no word for
 * counts as `null`, as the runtime posts it. Throws as `JSON.stringify` does: a `TypeError` for a
 * BigInt and for a cycle.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(getSize({ key: "é" }), 12);
 * ```
 */
export function getSize(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? "null");
}

/** Bytes of standard base64, padded, of so many bytes. */
export function base64Size(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}
