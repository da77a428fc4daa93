/**
 * Multipart uploads under way: rows of uploads and of their parts, whose bodies are files. An
 * upload ends when it is completed or aborted, or when its bucket is deleted.
 * @module
 */

import { Buffer } from "node:buffer";
import type { Checksum, ChecksumAlgorithm } from "../../checksums.ts";
import type { Database } from "../../store/database.ts";
import type { Bodies } from "./bodies.ts";
import type { ObjectHeaders } from "./object_headers.ts";
import type { ChecksumType } from "./part_checksums.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_Initiator.html */
export interface Initiator {
  readonly ID: string;
  readonly DisplayName: string;
}

/** An upload that was created. */
export interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly initiatedMs: number;
  /** The headers of the future object. */
  readonly headers: ObjectHeaders;
  /** The algorithm that the parts must have a checksum of; undefined if none is required. */
  readonly algorithm?: ChecksumAlgorithm;
  readonly checksumType?: ChecksumType;
  /** The user or session that created it; absent for the account's owner, and in old uploads. */
  readonly initiator?: Initiator;
  /** The body file of the object that had this key when the upload was created. */
  readonly replaces?: string;
  /** Whether the object of this key was deleted after that. */
  readonly isKeyDeleted?: boolean;
}

/**
 * An upload that was completed, for a client that did not get the answer and sends its request
 * again.
 */
export interface CompletedUpload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly completedMs: number;
  /** Number and ETag of each part of the request. */
  readonly parts: readonly (readonly [number: number, etag: string])[];
  readonly answer: Readonly<Record<string, string>>;
}

/** How long a completed upload is remembered, and how many of them. AWS's bounds are not known. */
const COMPLETED_KEPT_MS = 24 * 3_600_000;
const COMPLETED_MAX = 10_000;

/** A part that was uploaded. */
export interface Part {
  /** 1 to 10,000. */
  readonly number: number;
  readonly file: string;
  readonly sizeBytes: number;
  /** MD5, as hex. */
  readonly etag: string;
  readonly modifiedMs: number;
  /** The checksum that the request stated. */
  readonly checksum?: Checksum;
  /** The checksum from which the object's is computed. */
  readonly sum: Checksum;
}

/** The uploads of one region. Methods that change something run inside `database.commit`. */
export class Uploads {
  readonly #database: Database;
  readonly #bodies: Bodies;

  constructor(database: Database, bodies: Bodies) {
    this.#database = database;
    this.#bodies = bodies;
    database.define(`
      CREATE TABLE IF NOT EXISTS upload (
        id TEXT PRIMARY KEY, bucket TEXT NOT NULL REFERENCES bucket (name), key BLOB NOT NULL,
        initiated_ms INTEGER NOT NULL, document TEXT NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS upload_of_bucket ON upload (bucket, key, id);
      CREATE TABLE IF NOT EXISTS part (
        upload TEXT NOT NULL REFERENCES upload (id), number INTEGER NOT NULL, file TEXT NOT NULL,
        size_bytes INTEGER NOT NULL, md5 TEXT NOT NULL, modified_ms INTEGER NOT NULL,
        checksums TEXT NOT NULL, PRIMARY KEY (upload, number)
      ) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS completed_upload (
        id TEXT PRIMARY KEY, completed_ms INTEGER NOT NULL, document TEXT NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS completed_upload_by_age ON completed_upload (completed_ms);
    `);
  }

  /** Forgets every upload, also completed ones. */
  clear(): void {
    for (const table of ["part", "upload", "completed_upload"] as const) {
      this.#database.statement(`DELETE FROM ${table}`).run();
    }
  }

  insert(upload: Upload): void {
    const { id, bucket, key, initiatedMs, ...document } = upload;
    this.#database.statement("INSERT INTO upload VALUES (?, ?, ?, ?, ?)")
      .run(id, bucket, Buffer.from(key), initiatedMs, JSON.stringify(document));
  }

  find(id: string): Upload | undefined {
    const row = this.#database.statement("SELECT * FROM upload WHERE id = ?").get(id);
    return row && uploadOfRow(row);
  }

  /**
   * The uploads of a bucket, by key and then by id: those after the key `marker`, and those of this
   * key with an id after `idMarker`.
   */
  after(bucket: string, marker: string, idMarker: string): Upload[] {
    const key = Buffer.from(marker);
    const sameKey = idMarker === "" ? "" : "OR (key = ?2 AND id > ?3)";
    const rows = this.#database.statement(
      `SELECT * FROM upload WHERE bucket = ?1 AND (key > ?2 ${sameKey}) ORDER BY key, id`,
    )
      .all(bucket, key, ...(idMarker === "" ? [] : [idMarker]));
    return rows.map(uploadOfRow);
  }

  /** Adds a part, or replaces it. */
  savePart(id: string, part: Part): void {
    const replaced = this.parts(id, part.number - 1, 1).find(({ number }) =>
      number === part.number
    );
    this.#database.statement("INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?, ?, ?, ?)").run(
      id,
      part.number,
      part.file,
      part.sizeBytes,
      part.etag,
      part.modifiedMs,
      JSON.stringify({ checksum: part.checksum, sum: part.sum }),
    );
    if (replaced) this.#bodies.drop(replaced.file);
  }

  /** Up to `limit` parts whose number is greater than `after`, ascending. */
  parts(id: string, after: number, limit: number): Part[] {
    return this.#database.statement(
      "SELECT * FROM part WHERE upload = ? AND number > ? ORDER BY number LIMIT ?",
    )
      .all(id, after, limit)
      .map(partOfRow);
  }

  /** Notes for the uploads of a key that its object was deleted. */
  noteDeleted(bucket: string, key: string): void {
    this.#database.statement(
      "UPDATE upload SET document = json_set(document, '$.isKeyDeleted', json('true')) " +
        "WHERE bucket = ? AND key = ?",
    ).run(bucket, Buffer.from(key));
  }

  /** Remembers the answer to a request that completed an upload, and forgets old ones. */
  remember({ id, completedMs, ...document }: CompletedUpload): void {
    const database = this.#database;
    database.statement("DELETE FROM completed_upload WHERE completed_ms < ?")
      .run(completedMs - COMPLETED_KEPT_MS);
    database.statement(
      "DELETE FROM completed_upload WHERE id IN " +
        "(SELECT id FROM completed_upload ORDER BY completed_ms DESC LIMIT -1 OFFSET ?)",
    ).run(COMPLETED_MAX - 1);
    database.statement("INSERT INTO completed_upload VALUES (?, ?, ?)")
      .run(id, completedMs, JSON.stringify(document));
  }

  /** The answer that an upload was completed with; undefined if it is not known. */
  findCompleted(id: string): CompletedUpload | undefined {
    const row = this.#database.statement("SELECT * FROM completed_upload WHERE id = ?").get(id);
    if (!row) return undefined;
    const document: Omit<CompletedUpload, "id" | "completedMs"> = JSON.parse(String(row.document));
    return { ...document, id, completedMs: Number(row.completed_ms) };
  }

  /**
   * Ends an upload and removes its parts, except those in `taken`, which belong to an object now.
   */
  remove(id: string, taken: readonly Part[] = []): void {
    const database = this.#database;
    const kept = new Set(taken.map(({ file }) => file));
    const files = database.statement("SELECT file FROM part WHERE upload = ?").all(id)
      .map(({ file }) => String(file));
    database.statement("DELETE FROM part WHERE upload = ?").run(id);
    database.statement("DELETE FROM upload WHERE id = ?").run(id);
    for (const file of files) if (!kept.has(file)) this.#bodies.drop(file);
  }

  /** Ends all uploads of a bucket, and forgets its completed ones. */
  removeOf(bucket: string): void {
    this.#database.statement(
      "DELETE FROM completed_upload WHERE json_extract(document, '$.bucket') = ?",
    ).run(bucket);
    const ids = this.#database.statement("SELECT id FROM upload WHERE bucket = ?").all(bucket);
    for (const { id } of ids) this.remove(String(id));
  }

  /** The files of all parts. */
  *files(): Generator<string> {
    for (const { file } of this.#database.statement("SELECT file FROM part").iterate()) {
      yield String(file);
    }
  }
}

type Row = Record<string, unknown>;

function uploadOfRow(row: Row): Upload {
  const document: Omit<Upload, "id" | "bucket" | "key" | "initiatedMs"> = JSON.parse(
    String(row.document),
  );
  return {
    ...document,
    id: String(row.id),
    bucket: String(row.bucket),
    key: new TextDecoder().decode(row.key instanceof Uint8Array ? row.key : new Uint8Array()),
    initiatedMs: Number(row.initiated_ms),
  };
}

function partOfRow(row: Row): Part {
  const checksums: Pick<Part, "checksum" | "sum"> = JSON.parse(String(row.checksums));
  return {
    number: Number(row.number),
    file: String(row.file),
    sizeBytes: Number(row.size_bytes),
    etag: String(row.md5),
    modifiedMs: Number(row.modified_ms),
    ...checksums,
  };
}
