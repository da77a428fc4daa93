/**
 * S3's state: buckets and object rows. An object exists when its row does.
 * @module
 */

import { Buffer } from "node:buffer";
import type { AccessControl } from "../../access/caller.ts";
import type { Clock } from "../../clock.ts";
import type { Database } from "../../store/database.ts";
import type { ObjectFiles } from "../../store/object_files.ts";
import { noSuchBucket, permanentRedirect } from "./errors.ts";
import type { FinishedBody } from "../../ports/object_store.ts";
import { Bodies, type KeptBody } from "./bodies.ts";
import type { ObjectHeaders } from "./object_headers.ts";
import type { Tags } from "./tags.ts";
import { Uploads } from "./uploads.ts";

/** The buckets of all regions. A name is unique in all of them. */
export interface S3Regions {
  /** The states of all regions that have buckets. */
  s3States(): readonly S3State[];
  /** Opens a region; undefined if it does not exist. */
  s3In(region: string): Promise<S3State | undefined>;
}

/** The parts that S3's state is built from. */
export interface S3Options {
  readonly database: Database;
  readonly files: ObjectFiles;
  readonly access: AccessControl;
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  /** The other regions; absent means that there are none. */
  readonly regions?: S3Regions;
}

export interface Bucket {
  readonly name: string;
  readonly createMs: number;
  readonly tags: Tags;
}

/** A setting of every new bucket that a call can remove. */
export type RemovableSetting = "ownershipControls" | "publicAccessBlock";

/** An object as its row stores it. */
export interface StoredObject extends ObjectHeaders {
  readonly key: string;
  readonly file: string;
  readonly sizeBytes: number;
  /** Without quotes: the MD5 of the bytes, or of the parts' MD5s with the number of parts. */
  readonly etag: string;
  readonly modifiedMs: number;
}

/** An object to make visible. */
export interface NewObject extends ObjectHeaders {
  readonly bucket: string;
  readonly key: string;
  /** Finished, or already kept. */
  readonly body: FinishedBody | KeptBody;
  /** Absent means the MD5 of the bytes. */
  readonly etag?: string;
}

/** A canonical user id: 64 hex digits, the same for the same account. */
export function ownerId(accountId: string): string {
  return accountId.padStart(64, "0");
}

/** Buckets and objects of one account in one region. */
export class S3State {
  readonly database: Database;
  readonly bodies: Bodies;
  readonly access: AccessControl;
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  readonly regions: S3Regions;
  readonly uploads: Uploads;
  readonly #statements: ReturnType<typeof prepare>;

  constructor({ database, files, access, clock, region, accountId, regions }: S3Options) {
    this.database = database;
    this.bodies = new Bodies(database, files);
    this.access = access;
    this.clock = clock;
    this.region = region;
    this.accountId = accountId;
    this.regions = regions ?? {
      s3States: () => [this],
      s3In: (name) => Promise.resolve(name === region ? this : undefined),
    };
    // Keys are blobs: SQLite compares those byte by byte, which is S3's order.
    database.define(`
      CREATE TABLE IF NOT EXISTS bucket (
        name TEXT PRIMARY KEY, create_ms INTEGER NOT NULL, tags TEXT NOT NULL
      ) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS removed_setting (
        bucket TEXT NOT NULL, setting TEXT NOT NULL, PRIMARY KEY (bucket, setting)
      ) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS object (
        bucket TEXT NOT NULL REFERENCES bucket (name), key BLOB NOT NULL, file TEXT NOT NULL,
        size_bytes INTEGER NOT NULL, md5 TEXT NOT NULL, modified_ms INTEGER NOT NULL,
        headers TEXT NOT NULL, PRIMARY KEY (bucket, key)
      ) WITHOUT ROWID;
    `);
    this.#statements = prepare(database);
    this.uploads = new Uploads(database, this.bodies);
  }

  /** Removes body files that no row names. They are from puts that were not finished. */
  async sweep(): Promise<void> {
    const known = new Set<string>(this.uploads.files());
    for (const { file } of this.database.statement("SELECT file FROM object").iterate()) {
      known.add(String(file));
    }
    await this.bodies.sweep((file) => known.has(file));
  }

  // --- buckets --------------------------------------------------------------------------------

  bucketExists(name: string): boolean {
    return this.findBucket(name) !== undefined;
  }

  findBucket(name: string): Bucket | undefined {
    const row = this.#statements.findBucket.get(name);
    return row && bucketOfRow(row);
  }

  /** The bucket. Throws NoSuchBucket, or PermanentRedirect if another region has it. */
  bucket(name: string): Bucket {
    const bucket = this.findBucket(name);
    if (bucket) return bucket;
    const owner = this.ownerOf(name);
    throw owner ? permanentRedirect(name, owner.region) : noSuchBucket(name);
  }

  /** The region's state that has the bucket; undefined if none has. */
  ownerOf(name: string): S3State | undefined {
    return this.regions.s3States().find((state) => state.bucketExists(name));
  }

  regionOf(name: string): string | undefined {
    return this.ownerOf(name)?.region;
  }

  buckets(): Bucket[] {
    return this.database.statement("SELECT * FROM bucket ORDER BY name").all()
      .map(bucketOfRow);
  }

  /** Inserts or changes a bucket; only inside `database.commit`. */
  saveBucket({ name, createMs, tags }: Bucket): void {
    this.database.statement(
      "INSERT INTO bucket VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET tags = excluded.tags",
    )
      .run(name, createMs, JSON.stringify(tags));
  }

  /** Removes an empty bucket, and its unfinished uploads; only inside `database.commit`. */
  removeBucket(name: string): void {
    this.uploads.removeOf(name);
    this.database.statement("DELETE FROM removed_setting WHERE bucket = ?").run(name);
    this.database.statement("DELETE FROM bucket WHERE name = ?").run(name);
  }

  isRemoved(bucket: string, setting: RemovableSetting): boolean {
    return this.database.statement("SELECT 1 FROM removed_setting WHERE bucket = ? AND setting = ?")
      .get(bucket, setting) !== undefined;
  }

  /** Removes a setting of a bucket, or puts it back; only inside `database.commit`. */
  setRemoved(bucket: string, setting: RemovableSetting, isRemoved: boolean): void {
    const sql = isRemoved
      ? "INSERT OR IGNORE INTO removed_setting VALUES (?, ?)"
      : "DELETE FROM removed_setting WHERE bucket = ? AND setting = ?";
    this.database.statement(sql).run(bucket, setting);
  }

  // --- objects --------------------------------------------------------------------------------

  /**
   * Makes a body visible as an object; only inside `database.commit`. Replaces an object of the
   * same key, whose file is removed afterwards.
   */
  insertObject({ bucket, key, body, ...more }: NewObject): StoredObject {
    const { etag = "md5Hex" in body ? body.md5Hex : "", ...headers } = more;
    this.bucket(bucket);
    const replaced = this.findObject(bucket, key);
    const modifiedMs = this.clock.nowMs();
    this.#statements.insertObject.run(
      bucket,
      Buffer.from(key),
      body.file,
      body.sizeBytes,
      etag,
      modifiedMs,
      JSON.stringify(headers),
    );
    if ("md5Hex" in body) this.bodies.keep(body);
    if (replaced) this.bodies.drop(replaced.file);
    return { ...headers, key, file: body.file, sizeBytes: body.sizeBytes, etag, modifiedMs };
  }

  /** Changes the headers of an object, such as its tags; only inside `database.commit`. */
  changeHeaders(bucket: string, object: StoredObject): void {
    const { key, file: _file, sizeBytes: _size, etag: _etag, modifiedMs: _at, ...headers } = object;
    this.database.statement("UPDATE object SET headers = ? WHERE bucket = ? AND key = ?")
      .run(JSON.stringify(headers), bucket, Buffer.from(key));
  }

  findObject(bucket: string, key: string): StoredObject | undefined {
    const row = this.#statements.findObject
      .get(bucket, Buffer.from(key));
    return row && objectOfRow(row);
  }

  /** Removes an object; only inside `database.commit`. Returns whether there was one. */
  removeObject(bucket: string, key: string): boolean {
    const object = this.findObject(bucket, key);
    if (!object) return false;
    this.#statements.removeObject
      .run(bucket, Buffer.from(key));
    this.uploads.noteDeleted(bucket, key);
    this.bodies.drop(object.file);
    return true;
  }

  /** Removes all buckets with everything in them, as one commit. */
  async reset(): Promise<void> {
    const { database } = this;
    await database.commit(() => {
      for (const table of ["object", "part"] as const) this.#dropFiles(table);
      this.uploads.clear();
      database.statement("DELETE FROM object").run();
      database.statement("DELETE FROM bucket").run();
      this.bodies.clear();
    });
  }

  #dropFiles(table: "object" | "part"): void {
    const rows = this.database
      .statement(`SELECT file FROM ${table} WHERE file NOT LIKE 'small-%'`).all();
    for (const { file } of rows) this.bodies.drop(String(file));
  }

  isEmpty(bucket: string): boolean {
    return this.database.statement("SELECT 1 FROM object WHERE bucket = ? LIMIT 1")
      .get(bucket) === undefined;
  }

  /** The first key at or after `from`, in S3's order; undefined if there is none. */
  keyFrom(bucket: string, from: Uint8Array): string | undefined {
    const row = this.#statements.keyFrom.get(bucket, from);
    return row?.key instanceof Uint8Array ? Buffer.from(row.key).toString() : undefined;
  }

  /** Up to `limit` objects whose key bytes are at or after `from`, in S3's order. */
  objectsFrom(bucket: string, from: Uint8Array, limit: number): StoredObject[] {
    return this.#statements.objectsFrom
      .all(bucket, from, limit)
      .map(objectOfRow);
  }
}

/** The statements of nearly every request, prepared once. */
function prepare(database: Database) {
  return {
    findBucket: database.statement("SELECT * FROM bucket WHERE name = ?"),
    findObject: database.statement("SELECT * FROM object WHERE bucket = ? AND key = ?"),
    insertObject: database.statement("INSERT OR REPLACE INTO object VALUES (?, ?, ?, ?, ?, ?, ?)"),
    removeObject: database.statement("DELETE FROM object WHERE bucket = ? AND key = ?"),
    keyFrom: database.statement(
      "SELECT key FROM object WHERE bucket = ? AND key >= ? ORDER BY key LIMIT 1",
    ),
    objectsFrom: database.statement(
      "SELECT * FROM object WHERE bucket = ? AND key >= ? ORDER BY key LIMIT ?",
    ),
  };
}

type Row = Record<string, unknown>;

function bucketOfRow(row: Row): Bucket {
  return {
    name: String(row.name),
    createMs: Number(row.create_ms),
    tags: JSON.parse(String(row.tags)),
  };
}

function objectOfRow(row: Row): StoredObject {
  const key = row.key instanceof Uint8Array ? row.key : new Uint8Array();
  const headers: ObjectHeaders = JSON.parse(String(row.headers));
  return {
    ...headers,
    key: new TextDecoder().decode(key),
    file: String(row.file),
    sizeBytes: Number(row.size_bytes),
    etag: String(row.md5),
    modifiedMs: Number(row.modified_ms),
  };
}
