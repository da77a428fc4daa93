/**
 * Object bodies: files beside the database. A body is written and synced first; a row of the
 * database makes it visible; files without a row are swept at start.
 * @module
 */

import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import type { FinishedBody } from "./body_file.ts";
import type { BodyThread } from "./body_thread.ts";
import type { FileRange } from "./segment_files.ts";

/** A finished body: its file and what S3 needs to know of it. */
export interface StoredBody extends FinishedBody {
  /** Opaque name of the file inside the store; goes into the row. */
  readonly file: string;
}

/** A body that is being written. One of `finish` and `discard` ends it, or both if `finish` fails. */
export interface BodyWriter<Body extends StoredBody = StoredBody> {
  write(chunk: Uint8Array): Promise<void>;
  /** As `write`, for bytes that are in another file: they don't pass through this thread. */
  copy(from: FileRange): Promise<void>;
  /** Completes the body. If it is a file, it is on disk then, so a row may name it. */
  finish(): Promise<Body>;
  discard(): Promise<void>;
}

/** Where bodies are kept: a folder, or memory for `--memory`. */
export interface ObjectFiles {
  create(): Promise<BodyWriter>;
  /**
   * The bytes from `start` (inclusive) to `end` (exclusive), streamed. The file is open when this
   * returns, so that a reader may go on when it is removed. Read the stream to its end, or cancel it.
   */
  read(file: string, start: number, end: number): ReadableStream<Uint8Array>;
  /** Harmless if there is no such file. */
  remove(file: string): Promise<void>;
  /** Removes every file that `isKnown` does not know. Called once, at start. */
  sweep(isKnown: (file: string) => boolean): Promise<void>;
}

/** Bytes of one read or write: short turns of the event loop, and the most of a body in memory. */
const PIECE_BYTES = 256 * 1024;

/** Object files in the folder `root`, spread over 256 subfolders and written by `thread`. */
export function diskFiles(root: string, thread: BodyThread): ObjectFiles {
  Deno.mkdirSync(root, { recursive: true, mode: 0o700 });
  syncFolderNow(dirname(root));
  const made = new Map<string, Promise<void>>();
  const folderOf = (file: string) => join(root, file.slice(0, 2));
  const pathOf = (file: string) => join(folderOf(file), file);

  /** Makes a subfolder durable, once; a failure is not remembered. */
  const ensure = (folder: string): Promise<void> => {
    const known = made.get(folder);
    if (known) return known;
    const making = Deno.mkdir(folder, { recursive: true, mode: 0o700 })
      .then(() => syncFolder(root));
    made.set(folder, making);
    making.catch(() => made.delete(folder));
    return making;
  };

  return {
    async create() {
      const file = crypto.randomUUID();
      const folder = folderOf(file);
      await ensure(folder);
      const sink = thread.create(pathOf(file));
      return {
        async write(chunk) {
          for (const piece of pieces(chunk)) await sink.write(piece);
        },
        copy: sink.copy,
        finish: async () => ({ file, ...await sink.finish() }),
        discard: sink.discard,
      };
    },
    read: (file, start, end) => fileStream(pathOf(file), start, end),
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

function* pieces(chunk: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < chunk.length; start += PIECE_BYTES) {
    yield chunk.subarray(start, start + PIECE_BYTES);
  }
}

function closeOnce(handle: Deno.FsFile): () => void {
  let isOpen = true;
  return () => {
    if (isOpen) handle.close();
    isOpen = false;
  };
}

/** Opens the file now and not at the first read, before which it could be removed. */
function fileStream(path: string, start: number, end: number): ReadableStream<Uint8Array> {
  const handle = Deno.openSync(path);
  const close = closeOnce(handle);
  let left = end - start;
  return new ReadableStream({
    async start() {
      await handle.seek(start, Deno.SeekMode.Start);
    },
    async pull(controller) {
      if (left === 0) {
        close();
        return controller.close();
      }
      try {
        const piece = new Uint8Array(Math.min(left, PIECE_BYTES));
        const read = await handle.read(piece);
        if (read === null) throw new Error(`${path} ends ${left} bytes before its row says`);
        left -= read;
        controller.enqueue(piece.subarray(0, read));
      } catch (error) {
        close();
        throw error;
      }
    },
    cancel: close,
  }, { highWaterMark: 0 });
}

/** A new file is durable only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  using folder = await Deno.open(path);
  await folder.sync();
}

function syncFolderNow(path: string): void {
  using folder = Deno.openSync(path);
  folder.syncSync();
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
      let sizeBytes = 0;
      const add = (bytes: Uint8Array) => {
        sum.update(bytes);
        sizeBytes += bytes.length;
        chunks.push(bytes);
      };
      return Promise.resolve({
        // A copy, which the `slice` of a Buffer would not be.
        write: (chunk) => Promise.resolve(add(new Uint8Array(chunk))),
        async copy({ path, offset, length }) {
          using handle = await Deno.open(path);
          await handle.seek(offset, Deno.SeekMode.Start);
          const bytes = new Uint8Array(length);
          for (let filled = 0; filled < length;) {
            const read = await handle.read(bytes.subarray(filled));
            if (read === null) throw new Error(`${path} ends before ${offset + length}`);
            filled += read;
          }
          add(bytes);
        },
        finish() {
          bodies.set(file, chunks);
          return Promise.resolve({ file, sizeBytes, md5Hex: sum.digest("hex") });
        },
        discard: () => Promise.resolve(),
      });
    },
    read(file, start, end) {
      const chunks = bodies.get(file);
      if (!chunks) throw new Error(`there is no body ${file}`);
      return ReadableStream.from(cut(chunks, start, end));
    },
    remove(file) {
      bodies.delete(file);
      return Promise.resolve();
    },
    sweep(isKnown) {
      for (const file of bodies.keys()) if (!isKnown(file)) bodies.delete(file);
      return Promise.resolve();
    },
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
