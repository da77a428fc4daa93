/**
 * The journal's tables and the statements on them.
 * @module
 */

import type { Database } from "../../../store/database.ts";

/** Creates the journal's tables where they are missing. */
export function defineTables(database: Database): void {
  database.define(`
    CREATE TABLE IF NOT EXISTS firehose_journal (
      seq INTEGER PRIMARY KEY, log INTEGER NOT NULL, arrival_ms INTEGER NOT NULL,
      buffered_ms INTEGER NOT NULL, bytes INTEGER NOT NULL, lengths BLOB, source_lengths BLOB,
      data BLOB NOT NULL
    );
    CREATE INDEX IF NOT EXISTS firehose_journal_log ON firehose_journal (log, seq, bytes);
    CREATE TABLE IF NOT EXISTS firehose_buffer (
      id INTEGER PRIMARY KEY AUTOINCREMENT, stream INTEGER NOT NULL, log INTEGER NOT NULL,
      kind TEXT NOT NULL, key TEXT NOT NULL, seq INTEGER NOT NULL, record INTEGER NOT NULL,
      UNIQUE (stream, kind, key)
    );
  `);
  defineSegments(database);
}

/** Where a row's bytes are if not in the row: columns that journals had not from the beginning. */
function defineSegments(database: Database): void {
  const isDefined = database.sqlite.prepare(
    "SELECT 1 FROM pragma_table_info('firehose_journal') WHERE name = 'segment_offset'",
  ).get();
  if (isDefined) return;
  database.define(`
    BEGIN;
    ALTER TABLE firehose_journal ADD COLUMN segment INTEGER;
    ALTER TABLE firehose_journal ADD COLUMN segment_offset INTEGER;
    CREATE INDEX firehose_journal_segment ON firehose_journal (segment) WHERE segment IS NOT NULL;
    COMMIT;
  `);
}

/** The statements, prepared once. */
export function prepare({ sqlite }: Database) {
  return {
    lastSeq: sqlite.prepare(
      "SELECT max((SELECT ifnull(max(seq), 0) FROM firehose_journal), " +
        "(SELECT ifnull(max(seq), 0) FROM firehose_buffer)) AS seq",
    ),
    insertBuffer: sqlite.prepare(
      "INSERT INTO firehose_buffer (stream, log, kind, key, seq, record) VALUES (?, ?, ?, ?, ?, 0)",
    ),
    ownLog: sqlite.prepare("UPDATE firehose_buffer SET log = id WHERE id = ?"),
    findBuffer: sqlite.prepare(
      "SELECT * FROM firehose_buffer WHERE stream = ? AND kind = ? AND key = ?",
    ),
    countBuffers: sqlite.prepare(
      "SELECT count(*) AS count FROM firehose_buffer WHERE stream = ? AND kind = ?",
    ),
    buffersOf: sqlite.prepare("SELECT * FROM firehose_buffer WHERE stream = ? ORDER BY id"),
    hasBuffer: sqlite.prepare("SELECT 1 FROM firehose_buffer WHERE id = ?"),
    advance: sqlite.prepare("UPDATE firehose_buffer SET seq = ?, record = ? WHERE id = ?"),
    removeBuffer: sqlite.prepare("DELETE FROM firehose_buffer WHERE id = ?"),
    append: sqlite.prepare("INSERT INTO firehose_journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
    waitingBytes: sqlite.prepare(
      "SELECT sum(bytes) AS bytes FROM firehose_journal WHERE log = ? AND seq >= ?",
    ),
    first: sqlite.prepare(
      "SELECT seq, arrival_ms, buffered_ms, bytes, lengths FROM firehose_journal " +
        "WHERE log = ? AND seq >= ? ORDER BY seq LIMIT 1",
    ),
    ahead: sqlite.prepare(
      "SELECT seq, bytes FROM firehose_journal WHERE log = ? AND seq >= ? AND seq < ? " +
        "ORDER BY seq LIMIT ?",
    ),
    passed: sqlite.prepare(
      "SELECT seq, length(data) AS bytes FROM firehose_journal WHERE log = ? AND seq < ? " +
        "ORDER BY seq LIMIT ?",
    ),
    read: sqlite.prepare(
      "SELECT * FROM firehose_journal WHERE log = ? AND seq >= ? AND seq <= ? ORDER BY seq",
    ),
    nextLog: sqlite.prepare("SELECT min(log) AS log FROM firehose_journal WHERE log > ?"),
    firstNeeded: sqlite.prepare("SELECT min(seq) AS seq FROM firehose_buffer WHERE log = ?"),
    namesSegment: sqlite.prepare("SELECT 1 FROM firehose_journal WHERE segment = ? LIMIT 1"),
    removeRows: sqlite.prepare("DELETE FROM firehose_journal WHERE log = ? AND seq <= ?"),
  };
}
