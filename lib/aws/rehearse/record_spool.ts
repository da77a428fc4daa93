/**
 * The records of a rehearsal, in order. Many of them are kept in a file, so that memory does not grow
 * with their bytes.
 * @module
 */

import { tmpdir } from "node:os";
import { GrowingColumn, type RecordBytes } from "./record_bytes.ts";

/** Records that can be read again and again. */
export interface Records {
  /** Bytes of each record. */
  readonly sizes: RecordBytes;
  /** The data of the records from `start` up to `end`. */
  slice(start: number, end: number): readonly Uint8Array[];
}

/** Records that are in memory already. */
export const recordsInMemory = (data: readonly Uint8Array[]): Records => ({
  sizes: data.map(({ length }) => length),
  slice: (start, end) => data.slice(start, end),
});

/** Up to so many bytes stay in memory: most rehearsals need no file. */
const MEMORY_BYTES_MAX = 32 * 1024 * 1024;
/** What a file may hold: a rehearsal needs a sample, not a day of data. */
const FILE_BYTES_MAX = 8 * 1024 * 1024 * 1024;
/** Bytes are collected in blocks of this size. */
const BLOCK_BYTES = 1024 * 1024;

/**
 * Takes records one after the other. Disposing of it removes its file; on Linux and macOS the file has
 * no name from the start, so that nothing is left if the process is killed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * using spool = new RecordSpool();
 * for (const size of [1, 2, 3]) spool.add(new Uint8Array(size).fill(size));
 * assertEquals(Array.from(spool.sizes), [1, 2, 3]);
 * assertEquals(spool.slice(1, 2), [new Uint8Array([2, 2])]);
 * ```
 */
export class RecordSpool implements Records, Disposable {
  /** Where each record ends among all bytes. */
  readonly #ends = new GrowingColumn();
  readonly #sizes = new GrowingColumn();
  readonly #memoryBytesMax: number;
  /** What is in no file: full blocks, and the one that is being filled. */
  #blocks: Uint8Array[] = [];
  #file: SpoolFile | undefined;

  constructor({ memoryBytesMax = MEMORY_BYTES_MAX }: { readonly memoryBytesMax?: number } = {}) {
    this.#memoryBytesMax = memoryBytesMax;
  }

  get sizes(): RecordBytes {
    return this.#sizes.numbers;
  }

  /** Adds a copy of the data. Throws a `RangeError` beyond 8 GiB. */
  add(data: Uint8Array): void {
    const start = this.#startOf(this.#ends.length);
    const end = start + data.length;
    if (end > FILE_BYTES_MAX) {
      throw new RangeError("the records have more than 8 GiB: a rehearsal needs a sample");
    }
    this.#copy(data, start - (this.#file?.length ?? 0));
    this.#sizes.add(data.length);
    this.#ends.add(end);
    const isFull = end - (this.#file?.length ?? 0) >= BLOCK_BYTES;
    if (this.#file ? isFull : end > this.#memoryBytesMax) this.#write();
  }

  slice(start: number, end: number): readonly Uint8Array[] {
    const last = Math.min(end, this.#ends.length);
    const from = this.#startOf(start);
    const length = this.#startOf(last) - from;
    if (this.#file) this.#write();
    const bytes = this.#file ? this.#file.read(from, length) : this.#read(from, length);
    return Array.from(
      { length: last - start },
      (_, index) =>
        bytes.subarray(
          this.#startOf(start + index) - from,
          this.#startOf(start + index + 1) - from,
        ),
    );
  }

  /** Where a record begins, or where the next one will. */
  #startOf(index: number): number {
    return index === 0 ? 0 : this.#ends.at(index - 1);
  }

  [Symbol.dispose](): void {
    this.#file?.remove();
    this.#file = undefined;
    this.#blocks = [];
  }

  /** Copies data to where it belongs among the blocks. */
  #copy(data: Uint8Array, at: number): void {
    for (let done = 0; done < data.length;) {
      const block = this.#blocks[Math.floor((at + done) / BLOCK_BYTES)] ?? this.#newBlock();
      const offset = (at + done) % BLOCK_BYTES;
      const part = data.subarray(done, done + BLOCK_BYTES - offset);
      block.set(part, offset);
      done += part.length;
    }
  }

  #newBlock(): Uint8Array {
    const block = new Uint8Array(BLOCK_BYTES);
    this.#blocks.push(block);
    return block;
  }

  #read(start: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const offset = (start + done) % BLOCK_BYTES;
      const block = this.#blocks[Math.floor((start + done) / BLOCK_BYTES)];
      const part = block.subarray(offset, offset + length - done);
      bytes.set(part, done);
      done += part.length;
    }
    return bytes;
  }

  #write(): void {
    try {
      this.#append(this.#file ??= openSpoolFile());
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(
        `The records do not fit into the temporary folder ${tmpdir()}: ${why}. Make room there, set TMPDIR ` +
          "to another folder, or take fewer records.",
        { cause },
      );
    }
  }

  #append(file: SpoolFile): void {
    let waiting = this.#startOf(this.#ends.length) - file.length;
    for (const block of this.#blocks) {
      file.append(block.subarray(0, waiting));
      waiting -= Math.min(waiting, BLOCK_BYTES);
    }
    this.#blocks.length = Math.min(1, this.#blocks.length);
  }
}

interface SpoolFile {
  /** Bytes in it. */
  readonly length: number;
  append(bytes: Uint8Array): void;
  read(start: number, count: number): Uint8Array;
  remove(): void;
}

function openSpoolFile(): SpoolFile {
  const path = Deno.makeTempFileSync({ prefix: "firehose-lab-records-" });
  const file = Deno.openSync(path, { read: true, write: true });
  // A file that is open can lose its name everywhere but on Windows.
  const isNamed = Deno.build.os === "windows";
  if (!isNamed) Deno.removeSync(path);
  let length = 0;
  return {
    get length() {
      return length;
    },
    append(bytes) {
      file.seekSync(length, Deno.SeekMode.Start);
      length += bytes.length;
      for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
    },
    read(start, count) {
      const bytes = new Uint8Array(count);
      file.seekSync(start, Deno.SeekMode.Start);
      for (let at = 0; at < count;) {
        const read = file.readSync(bytes.subarray(at));
        if (read === null) throw new Error("the file of the records is shorter than it was");
        at += read;
      }
      return bytes;
    },
    remove() {
      file.close();
      if (isNamed) Deno.removeSync(path);
    },
  };
}
