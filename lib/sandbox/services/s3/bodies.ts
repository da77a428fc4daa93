/**
 * Bodies of objects and parts: large ones in files, small ones in the database, and joined ones,
 * which are several others one after another. A file is synced by itself, and its folder after it.
 * A body in the database goes to disk with the commit that makes it visible, which many puts share.
 * @module
 */

import { Buffer } from "node:buffer";
import { hash } from "node:crypto";
import type { Statement } from "../../store/statement.ts";
import type { Database } from "../../store/database.ts";
import type { FinishedBody } from "../../ports/object_store.ts";
import type { BodyWriter, ObjectFiles } from "../../store/object_files.ts";
import type { FileRange } from "../../store/segment_files.ts";

/** The most bytes of a body in the database. */
const SMALL_BYTES_MAX = 64 * 1024;
/** The prefix of names of bodies in the database. Names of files are UUIDs. */
const SMALL = "small-";
const JOINED = "joined-";

/** A body that is kept. */
export interface KeptBody {
  readonly file: string;
  readonly sizeBytes: number;
}

/** A run of bytes of a joined body: in memory, or of a file. */
type Piece = Uint8Array | (KeptBody & { readonly start: number; readonly end: number });

/** The bodies of one region. */
export class Bodies {
  readonly #database: Database;
  readonly #files: ObjectFiles;
  readonly #insert: Statement;
  readonly #select: Statement;
  readonly #delete: Statement;
  /** The number of readers of a joined body, and the work to do when the last one has ended. */
  readonly #readers = new Map<string, { count: number; whenRead?: () => void }>();

  constructor(database: Database, files: ObjectFiles) {
    this.#database = database;
    this.#files = files;
    database.define(`
      CREATE TABLE IF NOT EXISTS small_body (name TEXT PRIMARY KEY, data BLOB NOT NULL);
      CREATE TABLE IF NOT EXISTS joined_body (
        name TEXT NOT NULL, position INTEGER NOT NULL, file TEXT NOT NULL,
        size_bytes INTEGER NOT NULL, PRIMARY KEY (name, position)
      ) WITHOUT ROWID;
    `);
    this.#insert = database.statement("INSERT INTO small_body VALUES (?, ?)");
    this.#select = database.statement("SELECT data FROM small_body WHERE name = ?");
    this.#delete = database.statement("DELETE FROM small_body WHERE name = ?");
  }

  /** Writes a stream. The finished body is lost unless {@linkcode keep} is called with it. */
  async write(chunks: AsyncIterable<Uint8Array>): Promise<FinishedBody> {
    const writer = this.create();
    try {
      for await (const chunk of chunks) await writer.write(chunk);
      return await writer.finish();
    } catch (error) {
      await writer.discard();
      throw error;
    }
  }

  /** A body that stays in memory while it is small, and then goes on in a file. */
  create(): BodyWriter<FinishedBody> {
    return new GrowingBody(this.#files);
  }

  /** Keeps a finished body; inside the commit that makes it visible. */
  keep({ file, data }: FinishedBody): void {
    if (data === undefined) return;
    this.#insert.run(file, data);
  }

  /**
   * Joins kept bodies in this order; only inside a commit. From then on they belong to the joined
   * body.
   */
  join(parts: readonly KeptBody[]): KeptBody {
    const name = `${JOINED}${crypto.randomUUID()}`;
    const insert = this.#database.statement("INSERT INTO joined_body VALUES (?, ?, ?, ?)");
    for (const [position, { file, sizeBytes }] of parts.entries()) {
      insert.run(name, position, file, sizeBytes);
    }
    return { file: name, sizeBytes: parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
  }

  /** Removes a body that a row named; inside the commit that removes the row. */
  drop(file: string): void {
    if (file.startsWith(SMALL)) {
      this.#delete.run(file);
      return;
    }
    const isJoined = file.startsWith(JOINED);
    const parts = isJoined ? this.#partsOf(file) : [];
    if (isJoined) {
      this.#database.statement("DELETE FROM joined_body WHERE name = ?").run(file);
      for (const part of parts.filter((part) => part.file.startsWith(SMALL))) this.drop(part.file);
    }
    const files = isJoined ? parts.map((part) => part.file) : [file];
    // A file that outlives a crash is swept at the next start.
    this.#database.afterCommit(() => {
      const remove = () => this.#removeFiles(files.filter((name) => !name.startsWith(SMALL)));
      const reading = this.#readers.get(file);
      if (reading) reading.whenRead = remove;
      else remove();
    });
  }

  #removeFiles(files: readonly string[]): void {
    for (const file of files) void this.#files.remove(file).catch(() => {});
  }

  #partsOf(name: string): KeptBody[] {
    return this.#database.statement(
      "SELECT file, size_bytes FROM joined_body WHERE name = ? ORDER BY position",
    )
      .all(name)
      .map((row) => ({ file: String(row.file), sizeBytes: Number(row.size_bytes) }));
  }

  /** Removes the bodies that are in the database, all of them; only inside a commit. */
  clear(): void {
    this.#database.statement("DELETE FROM small_body").run();
    this.#database.statement("DELETE FROM joined_body").run();
  }

  /** Removes a finished body that was not kept. */
  async discard({ file }: FinishedBody): Promise<void> {
    if (!file.startsWith(SMALL)) await this.#files.remove(file);
  }

  /** The bytes from `start` (inclusive) to `end` (exclusive): as a whole, or as they are read. */
  read(file: string, start: number, end: number): Uint8Array | ReadableStream<Uint8Array> {
    if (file.startsWith(JOINED)) {
      return this.#joinedStream(file, this.#piecesOf(file, start, end));
    }
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

  /** The bytes of each part between `start` and `end`. Small parts are read immediately. */
  #piecesOf(name: string, start: number, end: number): Piece[] {
    const pieces: Piece[] = [];
    let offset = 0;
    for (const part of this.#partsOf(name)) {
      const from = Math.max(0, start - offset);
      const to = Math.min(part.sizeBytes, end - offset);
      offset += part.sizeBytes;
      if (from >= to) continue;
      const read = part.file.startsWith(SMALL) && this.read(part.file, from, to);
      pieces.push(read instanceof Uint8Array ? read : { ...part, start: from, end: to });
    }
    return pieces;
  }

  /**
   * Its files stay until it was read or cancelled, from now on and not only from the first read.
   */
  #joinedStream(name: string, pieces: readonly Piece[]): ReadableStream<Uint8Array> {
    const release = this.#hold(name);
    const chunks = this.#chunksOf(pieces);
    return new ReadableStream({
      async pull(controller) {
        try {
          const { value, done } = await chunks.next();
          if (!done) return controller.enqueue(value);
        } catch (error) {
          release();
          throw error;
        }
        release();
        controller.close();
      },
      async cancel() {
        release();
        await chunks.return(undefined);
      },
    }, { highWaterMark: 0 });
  }

  async *#chunksOf(pieces: readonly Piece[]): AsyncGenerator<Uint8Array, undefined> {
    for (const piece of pieces) {
      if (piece instanceof Uint8Array) yield piece;
      else yield* this.#files.read(piece.file, piece.start, piece.end);
    }
    return undefined;
  }

  /** Counts a reader of a joined body. The returned function ends its reading, once. */
  #hold(name: string): () => void {
    const reading = this.#readers.get(name) ?? { count: 0 };
    this.#readers.set(name, reading);
    reading.count++;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      reading.count--;
      if (reading.count > 0) return;
      this.#readers.delete(name);
      reading.whenRead?.();
    };
  }

  /** Removes every file that neither `isKnown` nor a joined body knows. Called once, at start. */
  async sweep(isKnown: (file: string) => boolean): Promise<void> {
    const rows = this.#database.statement("SELECT file FROM joined_body").iterate();
    const joined = new Set<string>();
    for (const { file } of rows) joined.add(String(file));
    await this.#files.sweep((file) => isKnown(file) || joined.has(file));
  }
}

/** A body under way. Its bytes are held in memory until they are too many for the database. */
class GrowingBody implements BodyWriter<FinishedBody> {
  readonly #files: ObjectFiles;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #writer: BodyWriter | undefined;

  constructor(files: ObjectFiles) {
    this.#files = files;
  }

  async write(chunk: Uint8Array): Promise<void> {
    const writer = await this.#writerFor(chunk.length);
    if (writer) return await writer.write(chunk);
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
  }

  async copy(from: FileRange): Promise<void> {
    const writer = await this.#writerFor(from.length);
    await (writer ? writer.copy(from) : this.write(bytesOf(from)));
  }

  /** The file's writer, if there are too many bytes with `more`. It has received all held bytes. */
  async #writerFor(more: number): Promise<BodyWriter | undefined> {
    if (this.#writer || this.#heldBytes + more <= SMALL_BYTES_MAX) return this.#writer;
    this.#writer = await this.#files.create();
    for (const chunk of this.#held) await this.#writer.write(chunk);
    this.#held = [];
    return this.#writer;
  }

  async finish(): Promise<FinishedBody> {
    if (this.#writer) return await this.#writer.finish();
    const data = Buffer.concat(this.#held);
    const md5Hex = hash("md5", data, "hex");
    return { file: `${SMALL}${crypto.randomUUID()}`, sizeBytes: data.length, md5Hex, data };
  }

  async discard(): Promise<void> {
    await this.#writer?.discard();
  }
}

/** The bytes of a short range, read at once. */
function bytesOf({ path, offset, length }: FileRange): Uint8Array {
  const bytes = new Uint8Array(length);
  using file = Deno.openSync(path);
  file.seekSync(offset, Deno.SeekMode.Start);
  for (let filled = 0; filled < length;) {
    const read = file.readSync(bytes.subarray(filled));
    if (read === null) throw new Error(`${path} ends before ${offset + length}`);
    filled += read;
  }
  return bytes;
}
