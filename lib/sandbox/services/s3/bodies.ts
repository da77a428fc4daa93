/**
 * Bodies of objects and parts: large ones in files, small ones in the database. A file is synced
 * on its own, and its folder after it; what is in the database goes to disk with the commit that
 * makes it visible, which many puts share.
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { StatementSync } from "node:sqlite";
import type { Database } from "../../store/database.ts";
import type { BodyWriter, ObjectFiles, StoredBody } from "../../store/object_files.ts";

/** The most bytes of a body in the database. */
const SMALL_BYTES_MAX = 64 * 1024;
/** How names of bodies in the database begin. Those of files are UUIDs. */
const SMALL = "small-";

/** A finished body; `data` is there for a small one, until {@linkcode Bodies.keep} has it. */
export interface FinishedBody extends StoredBody {
  readonly data?: Uint8Array;
}

/** The bodies of one region. */
export class Bodies {
  readonly #database: Database;
  readonly #files: ObjectFiles;
  readonly #insert: StatementSync;
  readonly #select: StatementSync;
  readonly #delete: StatementSync;

  constructor(database: Database, files: ObjectFiles) {
    this.#database = database;
    this.#files = files;
    database.define(
      "CREATE TABLE IF NOT EXISTS small_body (name TEXT PRIMARY KEY, data BLOB NOT NULL)",
    );
    this.#insert = database.sqlite.prepare("INSERT INTO small_body VALUES (?, ?)");
    this.#select = database.sqlite.prepare("SELECT data FROM small_body WHERE name = ?");
    this.#delete = database.sqlite.prepare("DELETE FROM small_body WHERE name = ?");
  }

  /** Writes what comes. The finished body is lost unless {@linkcode keep} is called with it. */
  async write(chunks: AsyncIterable<Uint8Array>): Promise<FinishedBody> {
    let writer: BodyWriter | undefined;
    let held: Uint8Array[] = [];
    let bytes = 0;
    try {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        held.push(chunk);
        if (bytes <= SMALL_BYTES_MAX) continue;
        writer ??= await this.#files.create();
        for (const piece of held) await writer.write(piece);
        held = [];
      }
    } catch (error) {
      await writer?.discard();
      throw error;
    }
    return writer ? await writer.finish() : smallBody(Buffer.concat(held));
  }

  /** Keeps a finished body; inside the commit that makes it visible. */
  keep({ file, data }: FinishedBody): void {
    if (data === undefined) return;
    this.#insert.run(file, data);
  }

  /** Removes a body that a row named; inside the commit that removes the row. */
  drop(file: string): void {
    if (file.startsWith(SMALL)) {
      this.#delete.run(file);
      return;
    }
    // A file that outlives a crash is swept at the next start.
    this.#database.afterCommit(() => void this.#files.remove(file).catch(() => {}));
  }

  /** Removes a finished body that was not kept. */
  async discard({ file }: FinishedBody): Promise<void> {
    if (!file.startsWith(SMALL)) await this.#files.remove(file);
  }

  /** The bytes from `start` (inclusive) to `end` (exclusive): at once, or as they are read. */
  read(file: string, start: number, end: number): Uint8Array | ReadableStream<Uint8Array> {
    if (!file.startsWith(SMALL)) return this.#files.read(file, start, end);
    const row = this.#select.get(file);
    if (!(row?.data instanceof Uint8Array)) throw new Error(`there is no body ${file}`);
    return row.data.subarray(start, end);
  }

  /** The same, as a stream. */
  stream(file: string, start: number, end: number): ReadableStream<Uint8Array> {
    const bytes = this.read(file, start, end);
    return bytes instanceof Uint8Array ? ReadableStream.from([bytes]) : bytes;
  }

  /** Removes every file that `isKnown` does not know. Called once, at start. */
  async sweep(isKnown: (file: string) => boolean): Promise<void> {
    await this.#files.sweep(isKnown);
  }
}

function smallBody(data: Uint8Array): FinishedBody {
  const md5Hex = createHash("md5").update(data).digest("hex");
  return { file: `${SMALL}${crypto.randomUUID()}`, sizeBytes: data.length, md5Hex, data };
}
