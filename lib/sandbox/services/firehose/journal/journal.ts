/**
 * The journal: every accepted record, until the object (or error line) with it is visible. A row is
 * one put call, or what one Lambda invocation gave one partition.
 *
 * A *log* is a line of rows; a *buffer* reads a log from its own position. The records of a stream
 * are one log, read by the buffer that delivers or transforms them and, where S3 backup is
 * enabled, by that of the backup. A delivery moves a position, so its cost does not depend on the
 * number of records; rows that every buffer has passed are removed later, in small portions.
 *
 * The bytes of a large put, and of a processed batch, are in a segment file, written and synced
 * before the rows that name them: inside the database they would be written twice, and all other
 * puts would wait.
 * @module
 */

import { assert } from "../../../assert.ts";
import { nextTurn } from "../../../next_turn.ts";
import { joinedBytes } from "../joined_bytes.ts";
import type { Database } from "../../../store/database.ts";
import type { SegmentFiles, SegmentPlace } from "../../../store/segment_files.ts";
import {
  bytesOf,
  cut,
  type JournalRow,
  journalRowOf,
  lengthsOf,
  type Position,
  type Room,
  type Slice,
  sum,
} from "./slices.ts";
import { defineTables, prepare } from "./statements.ts";

/** What the records of a buffer are waiting for. */
export type BufferKind =
  /** As they were put: for the destination, or for the Lambda function if there is one. */
  | "source"
  /** Transformed and partitioned: for the destination. */
  | "primary"
  /** Lines for the error output prefix. */
  | "error"
  /** As they were put: for the backup. */
  | "backup";

/** A buffer's row. */
export interface BufferRow {
  readonly id: number;
  readonly streamId: number;
  readonly log: number;
  readonly kind: BufferKind;
  /** Identifies a buffer among those of its kind: partition, error output type, or nothing. */
  readonly key: string;
  readonly position: Position;
}

/** Records on their way into a log, one after the other in `data`. */
export interface Entry {
  /** When the oldest of them was put, in milliseconds since the epoch. */
  readonly arrivalMs: number;
  /** When they arrived in this log: a buffer's interval starts here. */
  readonly bufferedMs: number;
  readonly data: Uint8Array;
  /** Bytes of each record; absent for a single one. */
  readonly lengths?: Uint32Array;
  /** Bytes of each record as it was put, where transforming has changed that. */
  readonly sourceLengths?: Uint32Array;
  /** Where the bytes are in a segment file; absent if they go into the row. */
  readonly place?: SegmentPlace;
}

/** What waits in a buffer. */
export interface Waiting {
  readonly bytes: number;
  /** When the first waiting record came; undefined if none waits. */
  readonly openedMs: number | undefined;
}

/** Bytes that are read from the database in one turn of the event loop. */
const READ_BYTES = 512 * 1024;
const READ_ROWS_MAX = 256;
/** Rows of the first such turn: most buffers have fewer. */
const READ_ROWS_FIRST = 8;
/** Puts and batches of this size or more go to a segment file. */
const SEGMENT_BYTES_MIN = 16 * 1024;
/** What one commit of the sweep removes from the database: a few milliseconds of work. */
const SWEEP_BYTES = 4 * 1024 * 1024;
const SWEEP_ROWS = 500;

/** The journal's tables. Changes run inside `database.commit`. */
export class Journal {
  readonly #database: Database;
  readonly #segments: SegmentFiles;
  /** One for each put whose row is not committed yet: its bytes are in this segment or a later one. */
  readonly #arriving = new Set<{ readonly segment: number }>();
  readonly #statements: ReturnType<typeof prepare>;
  #nextSeq: number;
  #sweeping: Promise<void> | undefined;
  #unswept = new Set<number>();
  readonly #onSweepFailed: (error: unknown) => void;

  /** `onSweepFailed` receives why rows that are not needed any more could not be removed. */
  constructor(
    database: Database,
    segments: SegmentFiles,
    onSweepFailed: (error: unknown) => void,
  ) {
    this.#database = database;
    this.#segments = segments;
    this.#onSweepFailed = onSweepFailed;
    defineTables(database);
    this.#statements = prepare(database);
    // Above every position: a new row must come after each position that buffers have passed.
    this.#nextSeq = Number(this.#statements.lastSeq.get()?.seq ?? 0) + 1;
  }

  /** The sequence number of the next row: rows from here on are newer than now. */
  get endSeq(): number {
    return this.#nextSeq;
  }

  // --- buffers --------------------------------------------------------------------------------

  /** Adds a buffer that reads `log` from now on; without `log` it gets a new one. */
  createBuffer(
    { streamId, kind, key, log }:
      & Pick<BufferRow, "streamId" | "kind" | "key">
      & { readonly log?: number },
  ): BufferRow {
    const position = { seq: this.#nextSeq, record: 0 };
    const { lastInsertRowid } = this.#statements.insertBuffer.run(
      streamId,
      log ?? 0,
      kind,
      key,
      position.seq,
    );
    const id = Number(lastInsertRowid);
    if (log === undefined) this.#statements.ownLog.run(id);
    return { id, streamId, log: log ?? id, kind, key, position };
  }

  findBuffer(streamId: number, kind: BufferKind, key: string): BufferRow | undefined {
    const row = this.#statements.findBuffer.get(streamId, kind, key);
    return row && bufferOfRow(row);
  }

  /** How many buffers of a kind a stream has. */
  countBuffers(streamId: number, kind: BufferKind): number {
    return Number(this.#statements.countBuffers.get(streamId, kind)?.count ?? 0);
  }

  buffersOf(streamId: number): BufferRow[] {
    return this.#statements.buffersOf.all(streamId).map(bufferOfRow);
  }

  hasBuffer(id: number): boolean {
    return this.#statements.hasBuffer.get(id) !== undefined;
  }

  /** A buffer's position on disk; undefined if there is no such buffer. */
  position(id: number): Position | undefined {
    const row = this.#statements.position.get(id);
    return row && { seq: Number(row.seq), record: Number(row.record) };
  }

  /**
   * Moves a buffer on: the records before `position` have been delivered, processed or given up. The
   * buffer of a partition or of an error type is removed with its last record. Only inside
   * `database.commit`.
   */
  settle(
    { id, log, kind, position: from }: BufferRow,
    position: Position,
  ): "open" | "closed" {
    const isOnward = position.seq > from.seq ||
      (position.seq === from.seq && position.record >= from.record);
    assert(isOnward, "a buffer moves on: going back would deliver records twice");
    const { changes } = this.#statements.advance
      .run(position.seq, position.record, id, from.seq, from.record);
    assert(
      changes === 1,
      "a buffer moves on from its position: from another one, records are twice",
    );
    const isOfAPartition = kind === "primary" || kind === "error";
    if (!isOfAPartition || this.openedMs(log, position) !== undefined) return "open";
    this.removeBuffer(id);
    return "closed";
  }

  removeBuffer(id: number): void {
    this.#statements.removeBuffer.run(id);
  }

  /** Removes every buffer and every record. Segments go with the next sweep. */
  clear(): void {
    this.#database.statement("DELETE FROM firehose_buffer").run();
    this.#database.statement("DELETE FROM firehose_journal").run();
  }

  // --- rows -----------------------------------------------------------------------------------

  /**
   * Appends an entry and resolves, with its row, once it is on disk. `alongside` runs in the same
   * commit.
   */
  async accept(log: number, entry: Entry, alongside?: () => void): Promise<number> {
    return await this.storing([entry], ([stored]) =>
      this.#database.commit(() => {
        alongside?.();
        return this.append(log, stored);
      }));
  }

  /**
   * Writes the bytes of `entries` to a segment file if they are many, and hands the entries on to
   * `use`, whose commit appends them.
   */
  async storing<Result>(
    entries: readonly Entry[],
    use: (stored: readonly Entry[]) => Promise<Result>,
  ): Promise<Result> {
    const bytes = entries.reduce((total, { data }) => total + data.length, 0);
    if (bytes < SEGMENT_BYTES_MIN) return await use(entries);
    const arriving = { segment: this.#segments.current };
    this.#arriving.add(arriving);
    try {
      const first = await this.#segments.append(
        joinedBytes(entries.map(({ data }) => data), bytes),
      );
      return await use(placed(entries, first));
    } finally {
      this.#arriving.delete(arriving);
    }
  }

  /** Appends an entry to the commit that is under way. Returns its row. */
  append(
    log: number,
    { arrivalMs, bufferedMs, data, lengths, sourceLengths, place }: Entry,
  ): number {
    const seq = this.#nextSeq++;
    this.#statements.append.run(
      seq,
      log,
      arrivalMs,
      bufferedMs,
      data.length,
      lengths ? bytesOf(lengths) : null,
      sourceLengths ? bytesOf(sourceLengths) : null,
      place ? new Uint8Array() : data,
      place?.segment ?? null,
      place?.offset ?? null,
    );
    return seq;
  }

  /** The log of a row that was not removed yet, and its record; undefined if there is none. */
  record({ seq, record }: Position): { readonly log: number; readonly slice: Slice } | undefined {
    const row = this.#statements.row.get(seq);
    const room = { bytes: 0, recordsMin: 1, recordsMax: 1 };
    const slice = row && cut(journalRowOf(row, this.#segments), record, room);
    return slice && { log: Number(row?.log), slice };
  }

  /** What waits at or after `position`. */
  waiting(log: number, position: Position): Waiting {
    const total = this.#statements.waitingBytes.get(log, position.seq);
    const first = this.#statements.first.get(log, position.seq);
    if (!first) return { bytes: 0, openedMs: undefined };
    let bytes = Number(total?.bytes ?? 0);
    if (Number(first.seq) === position.seq && position.record > 0) {
      const lengths = lengthsOf(first.lengths, Number(first.bytes));
      bytes -= sum(lengths.subarray(0, position.record));
    }
    return { bytes, openedMs: Number(first.buffered_ms) };
  }

  /** How many records wait at or after `position`: reads every row, not their bytes. */
  countRecords(log: number, { seq, record }: Position): number {
    const count = Number(this.#statements.waitingRecords.get(log, seq)?.records ?? 0);
    const isInside = record > 0 && Number(this.#statements.first.get(log, seq)?.seq) === seq;
    return isInside ? count - record : count;
  }

  /** When the first record at or after `position` came to the log; undefined if there is none. */
  openedMs(log: number, position: Position): number | undefined {
    const first = this.#statements.first.get(log, position.seq);
    return first && Number(first.buffered_ms);
  }

  /** When the oldest record at or after `position` was put; undefined if there is none. */
  oldestArrivalMs(log: number, position: Position): number | undefined {
    const first = this.#statements.first.get(log, position.seq);
    return first && Number(first.arrival_ms);
  }

  /**
   * The records from `position` on, in order: as many whole records as fit into `bytesMax` (one at
   * least), no more than `recordsMax`, none of rows at or after `endSeq`. Each step reads half a MiB at
   * most, or one row: the caller lets others run in between.
   */
  *take(
    { log, position, bytesMax, recordsMax = Infinity, endSeq }: {
      readonly log: number;
      readonly position: Position;
      readonly bytesMax: number;
      readonly recordsMax?: number;
      readonly endSeq: number;
    },
  ): Generator<Slice> {
    let at = position;
    let room: Room = { bytes: bytesMax, recordsMin: 1, recordsMax };
    let rowsMax = READ_ROWS_FIRST;
    while (true) {
      const { rows, isEnd } = this.#read({ log, fromSeq: at.seq, endSeq, rowsMax });
      for (const row of rows) {
        const slice = cut(row, row.seq === at.seq ? at.record : 0, room);
        if (!slice) return;
        yield slice;
        room = {
          bytes: room.bytes - slice.bytes,
          recordsMin: 0,
          recordsMax: room.recordsMax - slice.lengths.length,
        };
        at = slice.next;
        if (at.record > 0) return;
      }
      if (isEnd) return;
      // No more than twice as many as were read are looked at.
      rowsMax = Math.min(rows.length * 2, READ_ROWS_MAX);
    }
  }

  /** The next rows, and whether there is none after them. */
  #read(
    { log, fromSeq, endSeq, rowsMax }: {
      readonly log: number;
      readonly fromSeq: number;
      readonly endSeq: number;
      readonly rowsMax: number;
    },
  ): { readonly rows: readonly JournalRow[]; readonly isEnd: boolean } {
    const ahead = this.#statements.ahead.all(log, fromSeq, endSeq, rowsMax);
    let bytes = 0;
    const tooMany = ahead.findIndex((row, index) =>
      (bytes += Number(row.bytes)) > READ_BYTES && index > 0
    );
    const last = tooMany < 0 ? ahead.at(-1) : ahead[tooMany - 1];
    if (last === undefined) return { rows: [], isEnd: true };
    const rows = this.#statements.read.all(log, fromSeq, Number(last.seq));
    return {
      rows: rows.map((row) => journalRowOf(row, this.#segments)),
      isEnd: tooMany < 0 && ahead.length < rowsMax,
    };
  }

  // --- sweeping -------------------------------------------------------------------------------

  /** Removes, bit by bit, the rows of `log` that no buffer will read again. */
  sweep(log: number): void {
    this.#unswept.add(log);
    this.#startSweeping();
  }

  #startSweeping(): void {
    this.#sweeping ??= this.#sweepAll();
  }

  /** Sweeps every log. Called at the start, which does not know what was left. */
  sweepEverything(): void {
    for (let log = 0;;) {
      const next = this.#statements.nextLog.get(log)?.log;
      if (next === null || next === undefined) break;
      log = Number(next);
      this.#unswept.add(log);
    }
    this.#startSweeping();
  }

  /** Resolves when no sweep is under way. */
  async swept(): Promise<void> {
    await this.#sweeping;
  }

  /** Stops the sweep, which the next start continues, and closes the segments. */
  async close(): Promise<void> {
    this.#unswept.clear();
    await this.#sweeping;
    await this.#segments.close();
  }

  async #sweepAll(): Promise<void> {
    try {
      do {
        await this.#sweepRows();
        await this.#removeSegments();
      } while (this.#unswept.size > 0);
    } catch (error) {
      this.#onSweepFailed(error); // a full disk, for example: the next sweep, or start, continues
    } finally {
      this.#sweeping = undefined;
    }
  }

  async #sweepRows(): Promise<void> {
    for (const log of this.#unswept) {
      const sweepSome = () => this.#database.commit(() => this.#sweepSome(log));
      while (this.#unswept.has(log) && await sweepSome()) await nextTurn();
      this.#unswept.delete(log);
    }
  }

  /** Removes segments that no row names or will name. A slow stream keeps no others alive. */
  async #removeSegments(): Promise<void> {
    // In one turn with the queries: a row committed meanwhile cannot name one of these.
    const arriving = [...this.#arriving].map(({ segment }) => segment);
    const left = this.#segments.before(Math.min(this.#segments.current, ...arriving))
      .filter((segment) => !this.#statements.namesSegment.get(segment));
    for (const segment of left) await this.#segments.remove(segment);
  }

  /** Returns whether there may be more. */
  #sweepSome(log: number): boolean {
    const keep = this.#statements.firstNeeded.get(log)?.seq;
    const end = keep === null || keep === undefined ? this.#nextSeq : Number(keep);
    let bytes = 0;
    let lastSeq = -1;
    for (const row of this.#statements.passed.all(log, end, SWEEP_ROWS)) {
      lastSeq = Number(row.seq);
      bytes += Number(row.bytes);
      if (bytes >= SWEEP_BYTES) break;
    }
    if (lastSeq < 0) return false;
    this.#statements.removeRows.run(log, lastSeq);
    return true;
  }
}

/** `entries` with their places: one after the other from `first` on. */
function placed(entries: readonly Entry[], { segment, offset }: SegmentPlace): Entry[] {
  let end = offset;
  return entries.map((entry) => {
    const place = { segment, offset: end };
    end += entry.data.length;
    return { ...entry, place };
  });
}

function bufferOfRow(row: Record<string, unknown>): BufferRow {
  return {
    id: Number(row.id),
    streamId: Number(row.stream),
    log: Number(row.log),
    kind: kindOf(row.kind),
    key: String(row.key),
    position: { seq: Number(row.seq), record: Number(row.record) },
  };
}

function kindOf(value: unknown): BufferKind {
  if (value === "source" || value === "primary" || value === "error" || value === "backup") {
    return value;
  }
  throw new Error(`a buffer of kind ${value} is not one of ours`);
}
