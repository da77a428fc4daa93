/**
 * Object bodies: files beside the database. A body is written and synced first; a row of the
 * database makes it visible; files without a row are swept at start.
 * @module
 */

import { createHash } from "node:crypto";
import { join } from "node:path";

/** A finished body: its file and what S3 needs to know of it. */
export interface StoredBody {
  /** Opaque name of the file inside the store; goes into the row. */
  readonly file: string;
  readonly sizeBytes: number;
  /** MD5 of the bytes, 32 lower-case hex digits: S3's ETag of a plain PUT. */
  readonly md5Hex: string;
}

/** A body that is being written. Exactly one of `finish` and `discard` ends it. */
export interface BodyWriter {
  write(chunk: Uint8Array): Promise<void>;
  /** Syncs the file and its folder, so that a row may name it. */
  finish(): Promise<StoredBody>;
  discard(): Promise<void>;
}

/** Where bodies are kept: a folder, or memory for `--memory`. */
export interface ObjectFiles {
  create(): Promise<BodyWriter>;
  /** The bytes from `start` (inclusive) to `end` (exclusive), streamed. */
  read(file: string, start: number, end: number): ReadableStream<Uint8Array>;
  remove(file: string): Promise<void>;
  /** Removes every file that `isKnown` does not know. Called once, at start. */
  sweep(isKnown: (file: string) => boolean): Promise<void>;
}

/** Object files in the folder `root`, spread over 256 subfolders. */
export function diskFiles(root: string): ObjectFiles {
  Deno.mkdirSync(root, { recursive: true, mode: 0o700 });
  const made = new Set<string>();
  const folderOf = (file: string) => join(root, file.slice(0, 2));
  const pathOf = (file: string) => join(folderOf(file), file);
  return {
    async create() {
      const file = crypto.randomUUID();
      const folder = folderOf(file);
      if (!made.has(folder)) {
        await Deno.mkdir(folder, { recursive: true });
        await syncFolder(root);
        made.add(folder);
      }
      const handle = await Deno.open(pathOf(file), { write: true, createNew: true, mode: 0o600 });
      const sum = createHash("md5");
      let sizeBytes = 0;
      return {
        async write(chunk) {
          sum.update(chunk);
          sizeBytes += chunk.length;
          for (let left = chunk; left.length > 0;) left = left.subarray(await handle.write(left));
        },
        async finish() {
          await handle.sync();
          handle.close();
          await syncFolder(folder);
          return { file, sizeBytes, md5Hex: sum.digest("hex") };
        },
        async discard() {
          handle.close();
          await Deno.remove(pathOf(file));
        },
      };
    },
    read: (file, start, end) => ReadableStream.from(readRange(pathOf(file), start, end)),
    async remove(file) {
      await Deno.remove(pathOf(file)).catch(ignoreMissing);
    },
    async sweep(isKnown) {
      for await (const folder of Deno.readDir(root)) {
        if (!folder.isDirectory) continue;
        for await (const { name } of Deno.readDir(join(root, folder.name))) {
          if (!isKnown(name)) await Deno.remove(join(root, folder.name, name));
        }
      }
    },
  };
}

/** Bytes of one read: short turns of the event loop, and the most that is held of a body. */
const READ_BYTES = 256 * 1024;

async function* readRange(path: string, start: number, end: number): AsyncGenerator<Uint8Array> {
  using handle = await Deno.open(path);
  await handle.seek(start, Deno.SeekMode.Start);
  for (let left = end - start; left > 0;) {
    const chunk = new Uint8Array(Math.min(left, READ_BYTES));
    const read = await handle.read(chunk);
    if (read === null) throw new Error(`${path} ends ${left} bytes before its row says`);
    left -= read;
    yield chunk.subarray(0, read);
  }
}

/** A new file is durable only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  using folder = await Deno.open(path);
  await folder.sync();
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

/** Object files in memory, for a sandbox that keeps nothing. */
export function memoryFiles(): ObjectFiles {
  const bodies = new Map<string, readonly Uint8Array[]>();
  return {
    create() {
      const file = crypto.randomUUID();
      const sum = createHash("md5");
      const chunks: Uint8Array[] = [];
      return Promise.resolve({
        write(chunk) {
          sum.update(chunk);
          chunks.push(chunk.slice());
          return Promise.resolve();
        },
        finish() {
          bodies.set(file, chunks);
          const sizeBytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
          return Promise.resolve({ file, sizeBytes, md5Hex: sum.digest("hex") });
        },
        discard: () => Promise.resolve(),
      });
    },
    read: (file, start, end) => ReadableStream.from(cut(bodies.get(file) ?? [], start, end)),
    remove(file) {
      bodies.delete(file);
      return Promise.resolve();
    },
    sweep: () => Promise.resolve(),
  };
}

function* cut(chunks: readonly Uint8Array[], start: number, end: number): Generator<Uint8Array> {
  let offset = 0;
  for (const chunk of chunks) {
    const part = chunk.subarray(Math.max(0, start - offset), Math.max(0, end - offset));
    offset += chunk.length;
    if (part.length > 0) yield part;
  }
}
