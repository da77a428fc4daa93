/**
 * The records of a slice of the journal.
 * @module
 */

import type { Slice } from "../services/firehose/journal/slices.ts";

/** Each record with its index in the row of the journal. */
export function* recordsOf(
  { data, lengths, firstRecord }: Slice,
): Generator<{ readonly record: number; readonly data: Uint8Array }> {
  let at = 0;
  for (const [index, length] of lengths.entries()) {
    yield { record: firstRecord + index, data: data.subarray(at, at + length) };
    at += length;
  }
}
