/**
 * Log events, in the database: written in order of arrival, read by time, and bounded. When all
 * events together exceed {@linkcode STORED_BYTES_MAX}, the first ones are removed.
 * @module
 */

import type { SQLOutputValue } from "node:sqlite";
import { nextTurn } from "../../next_turn.ts";
import type { Database } from "../../store/database.ts";
import type { Row } from "../../store/statement.ts";
import { REMOVED } from "./log_groups.ts";

/** Bytes of an event besides its message, as AWS counts them. */
export const EVENT_OVERHEAD_BYTES = 26;

/** Bytes that all events of a sandbox may take. Ours: AWS has no such limit. */
export const STORED_BYTES_MAX = 128 * 1024 * 1024;

/** Events that are removed at a time: some milliseconds of work. */
const REMOVED_EVENTS_MAX = 1_000;

/** Events, and bytes of them, that are read at a time. */
const READ_EVENTS = 100;
const READ_BYTES = 256 * 1024;

/** One event as it is stored. */
export interface LogEvent {
  readonly id: number;
  readonly streamName: string;
  readonly timestampMs: number;
  readonly ingestionMs: number;
  readonly message: string;
}

/** An event on its way in. */
export interface NewEvent {
  readonly timestampMs: number;
  readonly message: string;
}

/** A place in the order of events: by time, and by arrival where the times are equal. */
export interface Position {
  readonly timestampMs: number;
  readonly id: number;
}

/** Which events are read, from where, in which direction. */
export interface EventRange {
  /** Streams by id; undefined is all streams of the group. */
  readonly streamIds?: readonly number[] | undefined;
  readonly groupId: number;
  /** First and last moment, both inclusive. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Events after this place (`forward`) or before it (`backward`). */
  readonly beyond?: Position | undefined;
  readonly direction: "forward" | "backward";
}

/** Bytes of a message as AWS counts an event. */
export function eventBytes(message: string): number {
  return new TextEncoder().encode(message).length + EVENT_OVERHEAD_BYTES;
}

/** Changes are made inside a commit of the database. */
export class LogEvents {
  readonly #database: Database;
  readonly #storedBytesMax: number;

  constructor(database: Database, storedBytesMax: number) {
    this.#database = database;
    this.#storedBytesMax = storedBytesMax;
    database.define(`
      CREATE TABLE IF NOT EXISTS log_events (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        stream_id INTEGER NOT NULL REFERENCES log_streams (id) ON DELETE CASCADE,
        group_id INTEGER NOT NULL,
        timestamp_ms INTEGER NOT NULL,
        ingestion_ms INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        message TEXT NOT NULL
      ) STRICT;
      CREATE INDEX IF NOT EXISTS log_events_of_stream ON log_events (stream_id, timestamp_ms, id);
      CREATE INDEX IF NOT EXISTS log_events_of_group
        ON log_events (group_id, timestamp_ms, id, bytes);
      CREATE TABLE IF NOT EXISTS log_bytes (
        id INTEGER PRIMARY KEY CHECK (id = 0),
        bytes INTEGER NOT NULL
      ) STRICT;
      INSERT OR IGNORE INTO log_bytes VALUES (0, 0);
    `);
    this.#defineGroupBytes();
  }

  /** Once for databases of older versions, which counted with triggers and had no sum by group. */
  #defineGroupBytes(): void {
    const isDefined = this.#database
      .statement("SELECT 1 FROM sqlite_schema WHERE name = 'log_group_bytes'").get();
    if (isDefined) return;
    this.#database.define(`
      BEGIN;
      DROP TRIGGER IF EXISTS log_event_added;
      DROP TRIGGER IF EXISTS log_event_removed;
      CREATE TABLE log_group_bytes (group_id INTEGER PRIMARY KEY, bytes INTEGER NOT NULL) STRICT;
      INSERT INTO log_group_bytes SELECT group_id, sum(bytes) FROM log_events GROUP BY group_id;
      COMMIT;
    `);
  }

  /** Adds events to a stream, and removes old ones for them. Returns the ids of the events. */
  append(
    stream: { readonly id: number; readonly groupId: number },
    events: readonly NewEvent[],
    ingestionMs: number,
  ): number[] {
    const insert = this.#database.statement(`
      INSERT INTO log_events (stream_id, group_id, timestamp_ms, ingestion_ms, bytes, message)
      VALUES (?, ?, ?, ?, ?, ?)
    `);
    let addedBytes = 0;
    const ids = events.map(({ timestampMs, message }) => {
      const bytes = eventBytes(message);
      addedBytes += bytes;
      const { lastInsertRowid } = insert.run(
        stream.id,
        stream.groupId,
        timestampMs,
        ingestionMs,
        bytes,
        message,
      );
      return Number(lastInsertRowid);
    });
    this.#count(stream.groupId, addedBytes);
    this.#makeRoom();
    return ids;
  }

  /** Notes that a group's events take so many bytes more, or fewer. */
  #count(groupId: number, bytes: number): void {
    this.#database.statement("UPDATE log_bytes SET bytes = bytes + ?").run(bytes);
    this.#database.statement(
      "INSERT INTO log_group_bytes VALUES (?, ?) ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes",
    ).run(groupId, bytes);
  }

  #makeRoom(): void {
    const oldest = this.#database.statement(
      "SELECT id, group_id, bytes FROM log_events ORDER BY id LIMIT ?",
    );
    while (this.#totalBytes() > this.#storedBytesMax) this.#remove(oldest.all(REMOVED_EVENTS_MAX));
  }

  #totalBytes(): number {
    return Number(this.#database.statement("SELECT bytes FROM log_bytes").get()?.bytes);
  }

  /** Bytes of a group's events. */
  groupBytes(groupId: number): number {
    const row = this.#database
      .statement("SELECT bytes FROM log_group_bytes WHERE group_id = ?").get(groupId);
    return Number(row?.bytes ?? 0);
  }

  /**
   * Removes events of a group that are older than `beforeMs`: at most
   * {@linkcode REMOVED_EVENTS_MAX}. Returns whether there may be more.
   */
  expire(groupId: number, beforeMs: number): boolean {
    const rows = this.#database.statement(
      "SELECT id, group_id, bytes FROM log_events WHERE group_id = ? AND timestamp_ms < ? LIMIT ?",
    ).all(groupId, beforeMs, REMOVED_EVENTS_MAX);
    return this.#remove(rows);
  }

  /** Removes events of a stream, in the same way. */
  removeOf(streamId: number): boolean {
    const rows = this.#database
      .statement("SELECT id, group_id, bytes FROM log_events WHERE stream_id = ? LIMIT ?")
      .all(streamId, REMOVED_EVENTS_MAX);
    return this.#remove(rows);
  }

  /** Forgets a group that has no events any more. */
  forget(groupId: number): void {
    this.#database.statement("DELETE FROM log_group_bytes WHERE group_id = ?").run(groupId);
  }

  #remove(rows: readonly Row[]): boolean {
    if (rows.length === 0) return false;
    this.#database.statement("DELETE FROM log_events WHERE id IN (SELECT value FROM json_each(?))")
      .run(JSON.stringify(rows.map(({ id }) => Number(id))));
    const bytesOf = new Map<number, number>();
    for (const { group_id, bytes } of rows) {
      const groupId = Number(group_id);
      bytesOf.set(groupId, (bytesOf.get(groupId) ?? 0) + Number(bytes));
    }
    for (const [groupId, bytes] of bytesOf) this.#count(groupId, -bytes);
    return rows.length === REMOVED_EVENTS_MAX;
  }

  /**
   * The events of a range in the direction of reading, in pages: others are answered between two
   * of them. A page may be empty, where all its events are of other streams.
   */
  async *read(range: EventRange): AsyncGenerator<readonly LogEvent[]> {
    const { streamIds } = range;
    const isAsked = (row: Row) =>
      streamIds === undefined || streamIds.includes(Number(row.stream_id));
    for (let beyond = range.beyond;;) {
      const { rows, isLast } = this.#page({ ...range, beyond });
      // A stream that is being removed has no name any more.
      yield rows.filter((row) => isAsked(row) && !String(row.stream_name).startsWith(REMOVED))
        .map(eventOf);
      if (isLast) return;
      const last = rows[rows.length - 1];
      beyond = { timestampMs: Number(last.timestamp_ms), id: Number(last.id) };
      await nextTurn();
    }
  }

  /** The next events, as many as are not too much at once; one at least. */
  #page(range: EventRange): { readonly rows: Row[]; readonly isLast: boolean } {
    const { fromMs, toMs, direction } = range;
    const isForward = direction === "forward";
    const { where, id } = placeOf(range);
    // One bound is a place in the index, at which reading begins; the other ends it.
    const [begin, end, order] = isForward
      ? ["(e.timestamp_ms, e.id) > (?, ?)", "e.timestamp_ms <= ?", "ASC"]
      : ["(e.timestamp_ms, e.id) < (?, ?)", "e.timestamp_ms >= ?", "DESC"];
    const from = isForward
      ? later(range.beyond, { timestampMs: fromMs, id: 0 })
      : earlier(range.beyond, { timestampMs: toMs, id: Number.MAX_SAFE_INTEGER });
    const endMs = isForward ? toMs : fromMs;
    // CROSS JOIN: SQLite must walk the events in their order, and not sort all of them by stream.
    const select = (columns: string, limit: number) =>
      this.#database.statement(`
        SELECT ${columns} FROM log_events e CROSS JOIN log_streams s ON s.id = e.stream_id
        WHERE ${where} = ? AND ${begin} AND ${end}
        ORDER BY e.timestamp_ms ${order}, e.id ${order} LIMIT ?
      `).all(id, from.timestampMs, from.id, endMs, limit);
    const sizes = select("e.bytes", READ_EVENTS).map(({ bytes }) => Number(bytes));
    const count = countWithin(sizes, READ_BYTES);
    return {
      rows: select(
        "e.id, e.stream_id, e.timestamp_ms, e.ingestion_ms, s.name AS stream_name, " +
          "CAST(e.message AS BLOB) AS message",
        count,
      ),
      isLast: count === sizes.length && sizes.length < READ_EVENTS,
    };
  }
}

/** How many of `sizes` fit into `max`; one, if there is any. */
function countWithin(sizes: readonly number[], max: number): number {
  let bytes = 0;
  const first = sizes.findIndex((size) => (bytes += size) > max);
  return first < 0 ? sizes.length : Math.max(1, first);
}

function later(place: Position | undefined, other: Position): Position {
  return place && place.timestampMs >= other.timestampMs ? place : other;
}

function earlier(place: Position | undefined, other: Position): Position {
  return place && place.timestampMs <= other.timestampMs ? place : other;
}

/** One stream is read by its own index; several, like all, in the order of their group. */
function placeOf({ streamIds, groupId }: EventRange) {
  return streamIds?.length === 1
    ? { where: "e.stream_id", id: streamIds[0] }
    : { where: "e.group_id", id: groupId };
}

function eventOf(row: Row): LogEvent {
  return {
    id: Number(row.id),
    streamName: String(row.stream_name),
    timestampMs: Number(row.timestamp_ms),
    ingestionMs: Number(row.ingestion_ms),
    message: messageOf(row.message),
  };
}

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** From its bytes: Deno reads a text up to its first NUL only (2.9.6). */
function messageOf(value: SQLOutputValue): string {
  if (value instanceof Uint8Array) return UTF8.decode(value);
  throw new Error("invariant broken: a message that was asked for as bytes is none");
}
