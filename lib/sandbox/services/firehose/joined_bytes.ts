/**
 * Byte arrays as one, without a copy where they are one already.
 * @module
 */

import { Buffer } from "node:buffer";

/**
 * The bytes of all `parts`, `bytes` together. Mostly the parts follow each other in one buffer: the
 * records of a put are one run of their request's memory, those of a batch are stored together.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const memory = Uint8Array.of(1, 2, 3);
 * assertEquals(joinedBytes([memory.subarray(0, 1), memory.subarray(1)], 3).buffer, memory.buffer);
 * assertEquals([...joinedBytes([Uint8Array.of(1), Uint8Array.of(2)], 2)], [1, 2]);
 * ```
 */
export function joinedBytes(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  if (parts.length === 0) return new Uint8Array();
  const [{ buffer, byteOffset }] = parts;
  let end = byteOffset;
  for (const part of parts) {
    if (part.buffer !== buffer || part.byteOffset !== end) return Buffer.concat(parts, bytes);
    end += part.length;
  }
  return new Uint8Array(buffer, byteOffset, bytes);
}
