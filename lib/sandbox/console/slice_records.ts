/**
 * The records of a slice of the journal.
 * @module
 */

import type { Slice } from "../services/firehose/journal/slices.ts";

/** Each record with its index in the row of the journal. */
export function* recordsOf(
  slice: Slice,
): Generator<{ readonly record: number; readonly data: Uint8Array }> {
  const data = slice.read();
  let at = 0;
  for (const [index, length] of slice.lengths.entries()) {
    yield { record: slice.firstRecord + index, data: data.subarray(at, at + length) };
    at += length;
  }
}
