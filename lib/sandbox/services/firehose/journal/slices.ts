/**
 * Rows of the journal, and how records are cut out of them. A row is one put call, or what one
 * Lambda invocation gave one partition; a slice is what one object or invocation takes of it.
 * @module
 */

import type { FileRange, SegmentFiles, SegmentPlace } from "../../../store/segment_files.ts";

/** A buffer's position in its log: before record `record` of row `seq`, or of the first row after. */
export interface Position {
  readonly seq: number;
  readonly record: number;
}

/** Records of one row, as a buffer takes them. */
export interface Slice {
  readonly seq: number;
  /** The index of its first record in the row. */
  readonly firstRecord: number;
  readonly arrivalMs: number;
  /** The bytes of the records, one after the other: reads the disk. */
  read(): Uint8Array;
  /** Where these bytes are, if in a file. */
  readonly file: FileRange | undefined;
  readonly bytes: number;
  readonly lengths: Uint32Array;
  /** Bytes of these records as they were put. */
  readonly sourceBytes: number;
  /** A buffer's position after taking them. */
  readonly next: Position;
}

/** A row; its bytes are not read yet. */
export interface JournalRow {
  readonly seq: number;
  readonly arrivalMs: number;
  readonly stored: StoredBytes;
  readonly lengths: Uint32Array;
  readonly sourceLengths: Uint32Array | undefined;
}

/** Bytes of a row: in it, or in a segment. */
interface StoredBytes {
  read(start: number, length: number): Uint8Array;
  file(start: number, length: number): FileRange | undefined;
}

/** The row as the database has it. */
export function journalRowOf(
  row: Record<string, unknown>,
  segments: SegmentFiles,
): JournalRow {
  return {
    seq: Number(row.seq),
    arrivalMs: Number(row.arrival_ms),
    stored: storedBytes(row, segments),
    lengths: lengthsOf(row.lengths, Number(row.bytes)),
    sourceLengths: row.source_lengths === null ? undefined : lengthsOf(row.source_lengths, 0),
  };
}

function storedBytes(
  { data, segment, segment_offset }: Record<string, unknown>,
  segments: SegmentFiles,
): StoredBytes {
  if (segment === null) {
    const bytes = data instanceof Uint8Array ? data : new Uint8Array();
    return {
      read: (start, length) => bytes.subarray(start, start + length),
      file: () => undefined,
    };
  }
  const placeOf = (start: number): SegmentPlace => ({
    segment: Number(segment),
    offset: Number(segment_offset) + start,
  });
  return {
    read: (start, length) => segments.read(placeOf(start), length),
    file: (start, length) => segments.range(placeOf(start), length),
  };
}

/** How much more may be taken: at least `recordsMin` records, even beyond `bytes`. */
export interface Room {
  readonly bytes: number;
  readonly recordsMin: number;
  readonly recordsMax: number;
}

/** The records of `row`, from record `from` on, that fit into `room`; undefined if none does. */
export function cut(
  { seq, arrivalMs, stored, lengths, sourceLengths }: JournalRow,
  from: number,
  room: Room,
): Slice | undefined {
  const start = sum(lengths.subarray(0, from));
  const endMax = Math.min(lengths.length, from + room.recordsMax);
  let end = from;
  let bytes = 0;
  while (end < endMax && (bytes + lengths[end] <= room.bytes || end - from < room.recordsMin)) {
    bytes += lengths[end++];
  }
  if (end === from) return undefined;
  return {
    seq,
    firstRecord: from,
    arrivalMs,
    read: () => stored.read(start, bytes),
    file: stored.file(start, bytes),
    bytes,
    lengths: lengths.subarray(from, end),
    sourceBytes: sourceLengths ? sum(sourceLengths.subarray(from, end)) : bytes,
    next: end === lengths.length ? { seq: seq + 1, record: 0 } : { seq, record: end },
  };
}

/** Lengths as they are stored. */
export function bytesOf(lengths: Uint32Array): Uint8Array {
  return new Uint8Array(lengths.buffer, lengths.byteOffset, lengths.byteLength);
}

/** Lengths as they were stored; `null` is one record of `bytes`. */
export function lengthsOf(stored: unknown, bytes: number): Uint32Array {
  if (!(stored instanceof Uint8Array)) return Uint32Array.of(bytes);
  const { buffer, byteOffset, byteLength } = stored.byteOffset % Uint32Array.BYTES_PER_ELEMENT === 0
    ? stored
    : stored.slice();
  return new Uint32Array(buffer, byteOffset, byteLength / Uint32Array.BYTES_PER_ELEMENT);
}

/** The bytes of all records together. */
export function sum(lengths: Uint32Array): number {
  let total = 0;
  for (const length of lengths) total += length;
  return total;
}
