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

/** Columns for bytes that are not in the row. Journals of older versions lack them. */
function defineSegments(database: Database): void {
  const isDefined = database.statement(
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
export function prepare(database: Database) {
  return {
    lastSeq: database.statement(
      "SELECT max((SELECT ifnull(max(seq), 0) FROM firehose_journal), " +
        "(SELECT ifnull(max(seq), 0) FROM firehose_buffer)) AS seq",
    ),
    insertBuffer: database.statement(
      "INSERT INTO firehose_buffer (stream, log, kind, key, seq, record) VALUES (?, ?, ?, ?, ?, 0)",
    ),
    ownLog: database.statement("UPDATE firehose_buffer SET log = id WHERE id = ?"),
    findBuffer: database.statement(
      "SELECT * FROM firehose_buffer WHERE stream = ? AND kind = ? AND key = ?",
    ),
    countBuffers: database.statement(
      "SELECT count(*) AS count FROM firehose_buffer WHERE stream = ? AND kind = ?",
    ),
    buffersOf: database.statement("SELECT * FROM firehose_buffer WHERE stream = ? ORDER BY id"),
    hasBuffer: database.statement("SELECT 1 FROM firehose_buffer WHERE id = ?"),
    position: database.statement("SELECT seq, record FROM firehose_buffer WHERE id = ?"),
    advance: database.statement(
      "UPDATE firehose_buffer SET seq = ?, record = ? WHERE id = ? AND seq = ? AND record = ?",
    ),
    removeBuffer: database.statement("DELETE FROM firehose_buffer WHERE id = ?"),
    append: database.statement(
      "INSERT INTO firehose_journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    ),
    waitingBytes: database.statement(
      "SELECT sum(bytes) AS bytes FROM firehose_journal WHERE log = ? AND seq >= ?",
    ),
    waitingRecords: database.statement(
      "SELECT sum(ifnull(length(lengths) / 4, 1)) AS records FROM firehose_journal " +
        "WHERE log = ? AND seq >= ?",
    ),
    first: database.statement(
      "SELECT seq, arrival_ms, buffered_ms, bytes, lengths FROM firehose_journal " +
        "WHERE log = ? AND seq >= ? ORDER BY seq LIMIT 1",
    ),
    ahead: database.statement(
      "SELECT seq, bytes FROM firehose_journal WHERE log = ? AND seq >= ? AND seq < ? " +
        "ORDER BY seq LIMIT ?",
    ),
    passed: database.statement(
      "SELECT seq, length(data) AS bytes FROM firehose_journal WHERE log = ? AND seq < ? " +
        "ORDER BY seq LIMIT ?",
    ),
    read: database.statement(
      "SELECT * FROM firehose_journal WHERE log = ? AND seq >= ? AND seq <= ? ORDER BY seq",
    ),
    row: database.statement("SELECT * FROM firehose_journal WHERE seq = ?"),
    nextLog: database.statement("SELECT min(log) AS log FROM firehose_journal WHERE log > ?"),
    firstNeeded: database.statement("SELECT min(seq) AS seq FROM firehose_buffer WHERE log = ?"),
    namesSegment: database.statement("SELECT 1 FROM firehose_journal WHERE segment = ? LIMIT 1"),
    removeRows: database.statement("DELETE FROM firehose_journal WHERE log = ? AND seq <= ?"),
  };
}
