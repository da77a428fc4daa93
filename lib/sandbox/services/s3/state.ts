/**
 * S3's state: buckets and object rows. An object exists when its row does.
 * @module
 */

import { Buffer } from "node:buffer";
import type { AccessControl } from "../../access/caller.ts";
import type { Clock } from "../../clock.ts";
import type { Database } from "../../store/database.ts";
import type { ObjectFiles, StoredBody } from "../../store/object_files.ts";
import { noSuchBucket, permanentRedirect } from "./errors.ts";

/** The buckets of all regions: their names are unique together. */
export interface S3Regions {
  /** The states of all regions that have buckets. */
  s3States(): readonly S3State[];
  /** Opens a region; undefined where that is no region's name. */
  s3In(region: string): Promise<S3State | undefined>;
}

/** What S3 is made of. */
export interface S3Options {
  readonly database: Database;
  readonly files: ObjectFiles;
  readonly access: AccessControl;
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  /** The other regions; without it there are none. */
  readonly regions?: S3Regions;
}

export interface Bucket {
  readonly name: string;
  readonly createMs: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** Headers that S3 keeps with an object and gives back. */
export interface ObjectHeaders {
  readonly contentType: string;
  readonly contentEncoding?: string;
  readonly contentDisposition?: string;
  readonly contentLanguage?: string;
  readonly cacheControl?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Algorithm (`crc32`) and base64 value. */
  readonly checksum?: { readonly algorithm: string; readonly value: string };
}

/** An object as its row has it. */
export interface StoredObject extends ObjectHeaders, StoredBody {
  readonly key: string;
  readonly modifiedMs: number;
}

/** Buckets and objects of one account in one region. */
export class S3State {
  readonly database: Database;
  readonly files: ObjectFiles;
  readonly access: AccessControl;
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  readonly regions: S3Regions;

  constructor({ database, files, access, clock, region, accountId, regions }: S3Options) {
    this.database = database;
    this.files = files;
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
      CREATE TABLE IF NOT EXISTS object (
        bucket TEXT NOT NULL REFERENCES bucket (name), key BLOB NOT NULL, file TEXT NOT NULL,
        size_bytes INTEGER NOT NULL, md5 TEXT NOT NULL, modified_ms INTEGER NOT NULL,
        headers TEXT NOT NULL, PRIMARY KEY (bucket, key)
      ) WITHOUT ROWID;
    `);
  }

  /** Removes body files that no row names: of puts that were never finished. */
  async sweep(): Promise<void> {
    const known = new Set<string>();
    for (const { file } of this.database.sqlite.prepare("SELECT file FROM object").iterate()) {
      known.add(String(file));
    }
    await this.files.sweep((file) => known.has(file));
  }

  // --- buckets --------------------------------------------------------------------------------

  bucketExists(name: string): boolean {
    return this.findBucket(name) !== undefined;
  }

  findBucket(name: string): Bucket | undefined {
    const row = this.database.sqlite.prepare("SELECT * FROM bucket WHERE name = ?").get(name);
    return row && bucketOfRow(row);
  }

  /** The bucket. Throws NoSuchBucket, or PermanentRedirect where another region has it. */
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

  buckets(): Bucket[] {
    return this.database.sqlite.prepare("SELECT * FROM bucket ORDER BY name").all()
      .map(bucketOfRow);
  }

  /** Inserts or changes a bucket; only inside `database.commit`. */
  saveBucket({ name, createMs, tags }: Bucket): void {
    this.database.sqlite
      .prepare("INSERT INTO bucket VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET tags = excluded.tags")
      .run(name, createMs, JSON.stringify(tags));
  }

  /** Removes an empty bucket; only inside `database.commit`. */
  removeBucket(name: string): void {
    this.database.sqlite.prepare("DELETE FROM bucket WHERE name = ?").run(name);
  }

  // --- objects --------------------------------------------------------------------------------

  /**
   * Makes a body visible as an object; only inside `database.commit`. Replaces an object of the
   * same key, whose file is removed afterwards.
   */
  insertObject(
    { bucket, key, body, ...headers }:
      & { readonly bucket: string; readonly key: string; readonly body: StoredBody }
      & ObjectHeaders,
  ): void {
    this.bucket(bucket);
    const replaced = this.findObject(bucket, key);
    this.database.sqlite.prepare("INSERT OR REPLACE INTO object VALUES (?, ?, ?, ?, ?, ?, ?)").run(
      bucket,
      Buffer.from(key),
      body.file,
      body.sizeBytes,
      body.md5Hex,
      this.clock.nowMs(),
      JSON.stringify(headers),
    );
    if (replaced) this.#removeLater(replaced.file);
  }

  findObject(bucket: string, key: string): StoredObject | undefined {
    const row = this.database.sqlite.prepare("SELECT * FROM object WHERE bucket = ? AND key = ?")
      .get(bucket, Buffer.from(key));
    return row && objectOfRow(row);
  }

  /** Removes an object; only inside `database.commit`. Returns whether there was one. */
  removeObject(bucket: string, key: string): boolean {
    const object = this.findObject(bucket, key);
    if (!object) return false;
    this.database.sqlite.prepare("DELETE FROM object WHERE bucket = ? AND key = ?")
      .run(bucket, Buffer.from(key));
    this.#removeLater(object.file);
    return true;
  }

  isEmpty(bucket: string): boolean {
    return this.database.sqlite.prepare("SELECT 1 FROM object WHERE bucket = ? LIMIT 1")
      .get(bucket) === undefined;
  }

  /** Up to `limit` objects whose key bytes are at or after `from`, in S3's order. */
  objectsFrom(bucket: string, from: Uint8Array, limit: number): StoredObject[] {
    return this.database.sqlite
      .prepare("SELECT * FROM object WHERE bucket = ? AND key >= ? ORDER BY key LIMIT ?")
      .all(bucket, from, limit)
      .map(objectOfRow);
  }

  /** The row is gone at the commit; a file that outlives a crash is swept at the next start. */
  #removeLater(file: string): void {
    setTimeout(() => void this.files.remove(file).catch(() => {}), 0);
  }
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
    md5Hex: String(row.md5),
    modifiedMs: Number(row.modified_ms),
  };
}
