/**
 * The next records of a stream on their way through its processors: from the journal, taken apart
 * where they are aggregates. Before `transform`.
 * @module
 */

import type { LiveBuffer } from "../journal/buffers.ts";
import { type DeAggregation, subRecordsOf } from "./deaggregate.ts";
import type { Journal } from "../journal/journal.ts";
import type { Position, Slice } from "../journal/slices.ts";
import { type SourceRecord, sourceRecords, subRecord } from "./lambda_event.ts";

/** Records that go through the processors together. */
export interface Batch {
  readonly records: readonly SourceRecord[];
  /** Bytes that were taken out of the buffer. */
  readonly bytes: number;
  /** Where the buffer stands that has given these records. */
  readonly next: Position;
}

/** How much goes through together. */
export interface BatchLimits {
  readonly bytesMax: number;
  /** No further record is taken when there are so many; one is never divided over two batches. */
  readonly recordsMax: number;
}

/** The next batch of a buffer; undefined if nothing waits. */
export function nextBatch(
  { log, position }: LiveBuffer,
  limits: BatchLimits,
  deAggregation: DeAggregation | undefined,
  journal: Journal,
): Batch | undefined {
  const records: SourceRecord[] = [];
  let bytes = 0;
  let next = position;
  for (const slice of journal.take({ log, position, ...limits, endSeq: journal.endSeq })) {
    for (const [index, record] of sourceRecords(slice).entries()) {
      if (records.length >= limits.recordsMax) return { records, bytes, next };
      records.push(...(deAggregation ? subRecords(record, deAggregation) : [record]));
      bytes += record.data.length;
      next = after(slice, index);
    }
  }
  return records.length === 0 ? undefined : { records, bytes, next };
}

function subRecords(record: SourceRecord, deAggregation: DeAggregation): SourceRecord[] {
  return subRecordsOf(record.data, deAggregation).map((data, index) =>
    subRecord(record, index, data)
  );
}

/** Where a buffer stands that has taken a slice's records up to and with the one at `index`. */
function after({ seq, firstRecord, lengths, next }: Slice, index: number): Position {
  return index === lengths.length - 1 ? next : { seq, record: firstRecord + index + 1 };
}
