/**
 * Ranges of bytes in headers.
 * @module
 */

import { AwsError } from "../../errors.ts";

/** From start (inclusive) to end (exclusive). */
export type ByteRange = readonly [start: number, end: number];

/**
 * The bytes that a Range header selects; undefined for all. A malformed range is ignored. Throws
 * InvalidRange (416) for one that cannot be satisfied.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseRange("bytes=-3", 10), [7, 10]);
 * assertEquals(parseRange("bytes=3-1", 10), undefined);
 * ```
 */
export function parseRange(range: string | undefined, sizeBytes: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(range ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return undefined;
  const [first, last] = [match[1], match[2]];
  if (first === "") {
    const count = Number(last);
    if (count === 0 || sizeBytes === 0) throw unsatisfiable(range ?? "", sizeBytes);
    return [Math.max(0, sizeBytes - count), sizeBytes];
  }
  const start = Number(first);
  const end = last === "" ? sizeBytes : Math.min(Number(last) + 1, sizeBytes);
  if (last !== "" && Number(last) < start) return undefined;
  if (start >= sizeBytes) throw unsatisfiable(range ?? "", sizeBytes);
  return [start, end];
}

const unsatisfiable = (RangeRequested: string, sizeBytes: number) =>
  new AwsError("InvalidRange", 416, "The requested range is not satisfiable", {
    fields: { RangeRequested, ActualObjectSize: String(sizeBytes) },
  });
