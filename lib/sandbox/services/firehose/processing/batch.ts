/**
 * The next records of a stream for its processors. Reads them from the journal, decompresses gzip
 * from CloudWatch Logs, and takes aggregates apart. Before `transform`.
 * @module
 */

import type { Decompression } from "../configuration/logs_processors.ts";
import type { LiveBuffer } from "../journal/buffers.ts";
import type { DeAggregation } from "../configuration/partitioning_processors.ts";
import { decompressed } from "./decompress.ts";
import { subRecordsOf } from "./deaggregate.ts";
import type { Journal } from "../journal/journal.ts";
import type { Position, Slice } from "../journal/slices.ts";
import { sourceRecords, subRecord } from "./lambda_event.ts";
import type { SourceRecord } from "../record.ts";

/** Records that go through the processors together. */
export interface Batch {
  readonly records: readonly SourceRecord[];
  /** Records that should have been gzip from CloudWatch Logs but were not. They go no further. */
  readonly undecompressed: readonly SourceRecord[];
  /** Bytes that were taken out of the buffer, and records. */
  readonly bytes: number;
  readonly taken: number;
  /** Where the buffer stands once these records are processed. */
  readonly next: Position;
}

/** How much one batch may hold. */
export interface BatchLimits {
  /** Limits the records as they were put, and also as they are after decompression. */
  readonly bytesMax: number;
  /** A batch of this many records is full. A record is never divided over two batches. */
  readonly recordsMax: number;
}

/** What is done with each record before it is processed. */
export interface Division {
  readonly decompression: Decompression | undefined;
  readonly deAggregation: DeAggregation | undefined;
}

/** The next batch of a buffer; undefined if nothing waits. */
export function nextBatch(
  { log, position }: LiveBuffer,
  limits: BatchLimits,
  { decompression, deAggregation }: Division,
  journal: Journal,
): Batch | undefined {
  const records: SourceRecord[] = [];
  const undecompressed: SourceRecord[] = [];
  let bytes = 0;
  let taken = 0;
  let dividedBytes = 0;
  let next = position;
  for (const slice of journal.take({ log, position, ...limits, endSeq: journal.endSeq })) {
    for (const [index, record] of sourceRecords(slice).entries()) {
      if (records.length >= limits.recordsMax || dividedBytes >= limits.bytesMax) {
        return { records, undecompressed, bytes, taken, next };
      }
      const whole = decompression ? decompressedRecord(record, decompression) : record;
      if (!whole) undecompressed.push(record);
      else records.push(...(deAggregation ? subRecords(whole, deAggregation) : [whole]));
      bytes += record.data.length;
      taken += 1;
      dividedBytes += whole?.data.length ?? 0;
      next = after(slice, index);
    }
  }
  return next === position ? undefined : { records, undecompressed, bytes, taken, next };
}

function decompressedRecord(
  record: SourceRecord,
  decompression: Decompression,
): SourceRecord | undefined {
  const data = decompressed(record.data, decompression);
  return data && { ...record, data };
}

function subRecords(record: SourceRecord, deAggregation: DeAggregation): SourceRecord[] {
  return subRecordsOf(record.data, deAggregation).map((data, index) =>
    subRecord(record, index, data)
  );
}

/** Where a buffer stands once it has taken the records of a slice up to and including `index`. */
function after({ seq, firstRecord, lengths, next }: Slice, index: number): Position {
  return index === lengths.length - 1 ? next : { seq, record: firstRecord + index + 1 };
}
