/**
 * Small parts of an object, gathered to larger ones. A put of one record is a part: each would cost
 * a message to the writing thread and a turn of the event loop. Pure.
 * @module
 */

import { Buffer } from "node:buffer";

/** Bytes of a gathered part. Larger parts stay as they are. */
export const GATHERED_BYTES = 64 * 1024;

/**
 * `parts` in order, with neighbouring small arrays joined. Parts of other types, such as ranges of
 * files, stay between the arrays as they are. Empty arrays are left out.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const parts = [Uint8Array.of(1), Uint8Array.of(2), "a range", Uint8Array.of(3)];
 * const [joined, range, last] = gathered(parts);
 * assertEquals([[...joined], range, [...last]], [[1, 2], "a range", [3]]);
 * ```
 */
export function* gathered<Other = never>(
  parts: Iterable<Uint8Array | Other>,
): Generator<Uint8Array | Other> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  for (const part of parts) {
    const isArray = part instanceof Uint8Array;
    if (bytes > 0 && (!isArray || bytes + part.length > GATHERED_BYTES)) {
      yield joined(held, bytes);
      held = [];
      bytes = 0;
    }
    if (!isArray) {
      yield part;
    } else if (part.length > 0) {
      held.push(part);
      bytes += part.length;
    }
  }
  if (bytes > 0) yield joined(held, bytes);
}

function joined(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  return parts.length === 1 ? parts[0] : Buffer.concat(parts, bytes);
}
