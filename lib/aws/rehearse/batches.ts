/**
 * Batches as Firehose cuts them for a function: by the bytes of the records as they were put.
 * https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
 * @module
 */

import { BATCH_RECORDS_MAX } from "../../sandbox/services/firehose/processing/invoke_transform.ts";
import type { RecordBytes } from "./record_bytes.ts";

/** Bytes of a megabyte, as BufferSizeInMBs counts. */
export const MIB = 1024 * 1024;

/** Where one batch begins and ends among all records. */
export interface BatchRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The batches for a buffer of this size: as many records as fit into it, at least one, at most
 * 10,000. Sizes are bytes. The same rule as in the sandbox.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(batchRanges([600, 400, 300], 1000), [{ start: 0, end: 2 }, { start: 2, end: 3 }]);
 * ```
 */
export function batchRanges(sizes: RecordBytes, bufferBytes: number): BatchRange[] {
  const ranges: BatchRange[] = [];
  let [start, bytes] = [0, 0];
  for (let index = 0; index < sizes.length; index++) {
    const size = sizes[index];
    const isFull = index > start &&
      (bytes + size > bufferBytes || index - start >= BATCH_RECORDS_MAX);
    if (isFull) {
      ranges.push({ start, end: index });
      [start, bytes] = [index, 0];
    }
    bytes += size;
  }
  if (sizes.length > 0) ranges.push({ start, end: sizes.length });
  return ranges;
}
