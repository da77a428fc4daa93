/**
 * Log groups and their log streams, in the database.
 * @module
 */

import type { LogGroupClass } from "@aws-sdk/client-cloudwatch-logs";
import type { SQLOutputValue } from "node:sqlite";
import type { Database } from "../../store/database.ts";
import type { Row } from "../../store/statement.ts";

/** A log group. */
export interface LogGroup {
  readonly id: number;
  readonly name: string;
  readonly createMs: number;
  readonly logGroupClass: LogGroupClass;
  /** Days after which events expire; undefined keeps them. */
  readonly retentionInDays?: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** A log stream. The times of its events are those of all that were ever written to it. */
export interface LogStream {
  readonly id: number;
  readonly groupId: number;
  readonly name: string;
  readonly createMs: number;
  readonly firstEventMs?: number;
  readonly lastEventMs?: number;
  readonly lastIngestionMs?: number;
}

/**
 * How the names of groups and streams begin that are being removed: no other name has a colon. Their
 * events are removed bit by bit (`log_sweeper.ts`), their rows after them.
 */
export const REMOVED = ":";
const IS_REMOVED = "name >= ':' AND name < ';'";

/** Changes are made inside a commit of the database; its rows are the only copy. */
export class LogGroups {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
    database.define(`
      CREATE TABLE IF NOT EXISTS log_groups (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        create_ms INTEGER NOT NULL,
        class TEXT NOT NULL,
        retention_days INTEGER,
        tags TEXT NOT NULL
      ) STRICT;
      CREATE TABLE IF NOT EXISTS log_streams (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        group_id INTEGER NOT NULL REFERENCES log_groups (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        create_ms INTEGER NOT NULL,
        first_event_ms INTEGER,
        last_event_ms INTEGER,
        last_ingestion_ms INTEGER,
        UNIQUE (group_id, name)
      ) STRICT;
      CREATE INDEX IF NOT EXISTS log_streams_removed ON log_streams (id) WHERE ${IS_REMOVED};
    `);
  }

  find(name: string): LogGroup | undefined {
    const row = this.#database.statement("SELECT * FROM log_groups WHERE name = ?").get(name);
    return row && groupOf(row);
  }

  /** All groups, by name. */
  all(): LogGroup[] {
    return this.#database
      .statement(`SELECT * FROM log_groups WHERE NOT (${IS_REMOVED}) ORDER BY name`).all()
      .map(groupOf);
  }

  insert(group: Omit<LogGroup, "id">): void {
    this.#database.statement(
      "INSERT INTO log_groups (name, create_ms, class, retention_days, tags) VALUES (?, ?, ?, ?, ?)",
    ).run(
      group.name,
      group.createMs,
      group.logGroupClass,
      group.retentionInDays ?? null,
      JSON.stringify(group.tags),
    );
  }

  /** Saves the members of a group that can change: its retention and its tags. */
  update({ id, retentionInDays, tags }: LogGroup): void {
    this.#database.statement("UPDATE log_groups SET retention_days = ?, tags = ? WHERE id = ?")
      .run(retentionInDays ?? null, JSON.stringify(tags), id);
  }

  /** Removes a group with its streams; the events follow. */
  remove({ id }: LogGroup): void {
    this.#database.statement("DELETE FROM log_subscriptions WHERE group_id = ?").run(id);
    this.#database.statement("UPDATE log_streams SET name = ':' || id WHERE group_id = ?").run(id);
    this.#database.statement("UPDATE log_groups SET name = ':' || id WHERE id = ?").run(id);
  }

  findStream(group: LogGroup, name: string): LogStream | undefined {
    const row = this.#database.statement(
      "SELECT * FROM log_streams WHERE group_id = ? AND name = ?",
    ).get(group.id, name);
    return row && streamOf(row);
  }

  /** All streams of a group, by name. */
  streams(group: LogGroup): LogStream[] {
    return this.#database.statement("SELECT * FROM log_streams WHERE group_id = ? ORDER BY name")
      .all(group.id)
      .map(streamOf);
  }

  insertStream(group: LogGroup, name: string, createMs: number): void {
    this.#database.statement("INSERT INTO log_streams (group_id, name, create_ms) VALUES (?, ?, ?)")
      .run(group.id, name, createMs);
  }

  /** Notes the times of events that were written to a stream. */
  noteEvents(stream: LogStream, times: { firstMs: number; lastMs: number; nowMs: number }): void {
    this.#database.statement(`
      UPDATE log_streams SET
        first_event_ms = min(coalesce(first_event_ms, ?), ?),
        last_event_ms = max(coalesce(last_event_ms, ?), ?),
        last_ingestion_ms = ?
      WHERE id = ?
    `).run(
      times.firstMs,
      times.firstMs,
      times.lastMs,
      times.lastMs,
      times.nowMs,
      stream.id,
    );
  }

  /** Removes a stream; the events follow. */
  removeStream({ id }: LogStream): void {
    this.#database.statement("UPDATE log_streams SET name = ':' || id WHERE id = ?").run(id);
  }

  // --- what is being removed --------------------------------------------------------------------

  /** A stream that is being removed: by id, if there is any. */
  removedStream(): number | undefined {
    const row = this.#database
      .statement(`SELECT id FROM log_streams WHERE ${IS_REMOVED} LIMIT 1`).get();
    return row && Number(row.id);
  }

  /** Ends the removal of a stream, which has no events any more. */
  forgetStream(id: number): void {
    this.#database.statement("DELETE FROM log_streams WHERE id = ?").run(id);
  }

  /** Ends the removal of groups, which have no streams any more. Returns their ids. */
  forgetGroups(): number[] {
    return this.#database.statement(`DELETE FROM log_groups WHERE ${IS_REMOVED} RETURNING id`).all()
      .map(({ id }) => Number(id));
  }
}

const CLASSES = ["STANDARD", "INFREQUENT_ACCESS", "DELIVERY", "ESSENTIALS"] as const;

function groupOf(row: Row): LogGroup {
  return {
    id: Number(row.id),
    name: String(row.name),
    createMs: Number(row.create_ms),
    logGroupClass: CLASSES.find((name) => name === row.class) ?? "STANDARD",
    retentionInDays: numberIn(row.retention_days),
    tags: JSON.parse(String(row.tags)),
  };
}

function streamOf(row: Row): LogStream {
  return {
    id: Number(row.id),
    groupId: Number(row.group_id),
    name: String(row.name),
    createMs: Number(row.create_ms),
    firstEventMs: numberIn(row.first_event_ms),
    lastEventMs: numberIn(row.last_event_ms),
    lastIngestionMs: numberIn(row.last_ingestion_ms),
  };
}

function numberIn(value: SQLOutputValue): number | undefined {
  return value === null ? undefined : Number(value);
}
