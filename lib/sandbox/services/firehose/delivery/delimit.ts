/**
 * AppendDelimiterToRecord: a line feed between the records of an object, none after the last
 * (captured; the guide says "add a new line delimiter between records"). It does not look whether
 * a record ends in one already.
 * @module
 */

import type { Slice } from "../journal/slices.ts";

const LINE_FEED = 10;

/** The data of an object's slices, with a line feed between every two records. */
export function* delimited(slices: Iterable<Slice>): Generator<Uint8Array> {
  let isFirst = true;
  for (const slice of slices) {
    const lines = withLineFeedBeforeEach(slice.read(), slice.lengths);
    yield isFirst ? lines.subarray(1) : lines;
    isFirst = false;
  }
}

function withLineFeedBeforeEach(data: Uint8Array, lengths: Uint32Array): Uint8Array {
  const result = new Uint8Array(data.length + lengths.length);
  let from = 0;
  let to = 0;
  for (const length of lengths) {
    result[to++] = LINE_FEED;
    result.set(data.subarray(from, from + length), to);
    from += length;
    to += length;
  }
  return result;
}
