/**
 * Log events, in the database: written in order of arrival, read by time, and bounded. When all
 * events together pass {@linkcode STORED_BYTES_MAX}, those that came first make room.
 * @module
 */

import type { SQLInputValue, SQLOutputValue } from "node:sqlite";
import type { Database } from "../../store/database.ts";

/** What an event takes besides its message, as AWS counts it. */
export const EVENT_OVERHEAD_BYTES = 26;

/** Bytes that all events of a sandbox may take. Ours: AWS has no such limit. */
export const STORED_BYTES_MAX = 128 * 1024 * 1024;

/** Events that make room at a time. */
const REMOVED_EVENTS = 1_000;

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
      CREATE TRIGGER IF NOT EXISTS log_event_added AFTER INSERT ON log_events BEGIN
        UPDATE log_bytes SET bytes = bytes + new.bytes;
      END;
      CREATE TRIGGER IF NOT EXISTS log_event_removed AFTER DELETE ON log_events BEGIN
        UPDATE log_bytes SET bytes = bytes - old.bytes;
      END;
    `);
  }

  /** Adds events to a stream, and makes room for them. Returns the ids of the events. */
  append(
    stream: { readonly id: number; readonly groupId: number },
    events: readonly NewEvent[],
    ingestionMs: number,
  ): number[] {
    const insert = this.#database.statement(`
      INSERT INTO log_events (stream_id, group_id, timestamp_ms, ingestion_ms, bytes, message)
      VALUES (?, ?, ?, ?, ?, ?)
    `);
    const ids = events.map(({ timestampMs, message }) => {
      const { lastInsertRowid } = insert.run(
        stream.id,
        stream.groupId,
        timestampMs,
        ingestionMs,
        eventBytes(message),
        message,
      );
      return Number(lastInsertRowid);
    });
    this.#makeRoom();
    return ids;
  }

  #makeRoom(): void {
    const remove = this.#database.statement(
      "DELETE FROM log_events WHERE id IN (SELECT id FROM log_events ORDER BY id LIMIT ?)",
    );
    while (this.#totalBytes() > this.#storedBytesMax) remove.run(REMOVED_EVENTS);
  }

  #totalBytes(): number {
    return Number(this.#database.statement("SELECT bytes FROM log_bytes").get()?.bytes);
  }

  /** Bytes of a group's events. */
  groupBytes(groupId: number): number {
    const row = this.#database.statement(
      "SELECT coalesce(sum(bytes), 0) AS bytes FROM log_events WHERE group_id = ?",
    )
      .get(groupId);
    return Number(row?.bytes);
  }

  /** Removes a group's events that are older than `beforeMs`. */
  expire(groupId: number, beforeMs: number): void {
    this.#database.statement("DELETE FROM log_events WHERE group_id = ? AND timestamp_ms < ?")
      .run(groupId, beforeMs);
  }

  /** The events of a range, one at a time, in the direction of reading. */
  *read(range: EventRange): Generator<LogEvent> {
    const { fromMs, toMs, beyond, direction } = range;
    const [compare, order] = direction === "forward" ? [">", "ASC"] : ["<", "DESC"];
    const { where, parameters } = placeOf(range);
    parameters.push(fromMs, toMs);
    if (beyond) parameters.push(beyond.timestampMs, beyond.id);
    const rows = this.#database.statement(`
      SELECT e.id, e.timestamp_ms, e.ingestion_ms, s.name AS stream_name,
        CAST(e.message AS BLOB) AS message
      FROM log_events e JOIN log_streams s ON s.id = e.stream_id
      WHERE ${where} AND e.timestamp_ms BETWEEN ? AND ?
      ${beyond ? `AND (e.timestamp_ms, e.id) ${compare} (?, ?)` : ""}
      ORDER BY e.timestamp_ms ${order}, e.id ${order}
    `).iterate(...parameters);
    for (const row of rows) yield eventOf(row);
  }
}

/** One stream is read by its own index; several, like all, in the order of their group. */
function placeOf({ streamIds, groupId }: EventRange): {
  readonly where: string;
  readonly parameters: SQLInputValue[];
} {
  if (!streamIds) return { where: "e.group_id = ?", parameters: [groupId] };
  if (streamIds.length === 1) return { where: "e.stream_id = ?", parameters: [streamIds[0]] };
  return {
    where: "e.group_id = ? AND +e.stream_id IN (SELECT value FROM json_each(?))",
    parameters: [groupId, JSON.stringify(streamIds)],
  };
}

function eventOf(row: Record<string, SQLOutputValue>): LogEvent {
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
