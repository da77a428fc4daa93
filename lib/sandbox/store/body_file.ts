/**
 * The file of one body: written once, from its beginning to its end, hashed on the way, and on disk
 * when it is finished.
 *
 * Whole pieces are written past the page cache if the system allows it. What was just delivered is
 * seldom read at once, and filling the cache with it is expensive: in a virtual machine, whose host
 * has to find each new page, a batch of puts took 2.1 ms of system time in place of 0.6 (measured on
 * 2026-11-30, once the machine had no free pages left in its cache).
 * @module
 */

import { createHash } from "node:crypto";
import { closeSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { type PastCache, PIECE_BYTES } from "./past_cache.ts";
import type { FileRange } from "./segment_files.ts";

/** A body that is on disk. */
export interface FinishedBody {
  readonly sizeBytes: number;
  /** MD5 of the bytes, 32 lower-case hex digits: S3's ETag of a plain PUT. */
  readonly md5Hex: string;
}

/**
 * Bytes after which a file that grows in the cache is synced. The database shares the disk, and its
 * commits would wait behind one sync of a whole large body: with 4 MiB, one put in a hundred waits
 * twice as long as with this (measured).
 */
const SYNC_BYTES = 1024 * 1024;

/**
 * The first bytes of a file go through the cache: Deno writes them on another thread, and others are
 * hashed meanwhile. Past the cache it writes on this thread only.
 */
const CACHED_BYTES = 1024 * 1024;

/** Memory of one write. */
interface Piece {
  readonly bytes: Uint8Array;
  /** Whether it is the {@linkcode PastCache}'s, so that it can be written past the cache. */
  readonly isAligned: boolean;
}

/**
 * A body that is being written. The next bytes are hashed while those before are on their way to the
 * disk; what fails there is thrown by a later call. Wait for each call before the next. Call `finish`
 * or `discard` in the end, also after a failure.
 */
export class BodyFile {
  readonly #path: string;
  readonly #file: Deno.FsFile;
  readonly #pastCache: PastCache;
  readonly #md5 = createHash("md5");
  /** Its first {@linkcode #filled} bytes are not on their way yet. */
  #piece: Piece;
  #filled = 0;
  /** The other piece; it is free once {@linkcode #written} resolves. */
  #other: Piece | undefined;
  #written: Promise<void> = Promise.resolve();
  /** Bytes that are written, or on their way. */
  #fileBytes = 0;
  /** Bytes that went through the cache since the last sync. */
  #unsyncedBytes = 0;
  /** The same file, opened to write past the cache. */
  #direct: number | undefined;
  #isOpen = true;

  /** Creates the file at `path`, whose folder exists. */
  constructor(path: string, pastCache: PastCache) {
    this.#path = path;
    this.#file = Deno.openSync(path, { write: true, createNew: true, mode: 0o600 });
    this.#pastCache = pastCache;
    this.#piece = this.#takePiece();
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let left = bytes; left.length > 0;) {
      const part = left.subarray(0, PIECE_BYTES - this.#filled);
      this.#piece.bytes.set(part, this.#filled);
      await this.#add(part.length);
      left = left.subarray(part.length);
    }
  }

  /** Writes bytes from another file. Throws if that has fewer. */
  async copy({ path, offset, length }: FileRange): Promise<void> {
    using source = Deno.openSync(path);
    source.seekSync(offset, Deno.SeekMode.Start);
    for (let left = length; left > 0;) {
      const end = Math.min(this.#filled + left, PIECE_BYTES);
      const read = source.readSync(this.#piece.bytes.subarray(this.#filled, end));
      if (read === null) throw new Error(`${path} ends before ${offset + length}`);
      await this.#add(read);
      left -= read;
    }
  }

  /** Syncs the file and its folder. */
  async finish(): Promise<FinishedBody> {
    await this.#flush();
    await this.#written;
    // A new file is durable only when its folder is. Both syncs share one wait for the disk.
    using folder = Deno.openSync(dirname(this.#path));
    await Promise.all([this.#file.sync(), folder.sync()]);
    this.#close();
    return { sizeBytes: this.#fileBytes, md5Hex: this.#md5.digest("hex") };
  }

  /** Removes the file. */
  async discard(): Promise<void> {
    await this.#written.catch(() => {});
    this.#close();
    Deno.removeSync(this.#path);
  }

  async #add(bytes: number): Promise<void> {
    this.#filled += bytes;
    if (this.#filled === PIECE_BYTES) await this.#flush();
  }

  /** Sends what the piece holds to the file, once the piece before is there. */
  async #flush(): Promise<void> {
    const [piece, position] = [this.#piece, this.#fileBytes];
    const bytes = piece.bytes.subarray(0, this.#filled);
    this.#md5.update(bytes);
    await this.#written;
    this.#fileBytes += bytes.length;
    this.#filled = 0;
    // Only whole pieces begin and end at a block.
    const isWhole = piece.isAligned && bytes.length === PIECE_BYTES;
    if (isWhole && position >= CACHED_BYTES && this.#writeDirectly(bytes, position)) return;
    this.#written = this.#writeThroughCache(bytes, position);
    this.#written.catch(() => {}); // thrown where it is awaited
    this.#piece = this.#other ?? this.#takePiece();
    this.#other = piece;
  }

  async #writeThroughCache(bytes: Uint8Array, position: number): Promise<void> {
    await this.#file.seek(position, Deno.SeekMode.Start);
    for (let done = 0; done < bytes.length;) done += await this.#file.write(bytes.subarray(done));
    this.#unsyncedBytes += bytes.length;
    if (this.#unsyncedBytes <= SYNC_BYTES) return;
    this.#unsyncedBytes = 0;
    await this.#file.sync();
  }

  /** Writes past the cache. Returns false, and has written nothing, if that is not possible. */
  #writeDirectly(bytes: Uint8Array, position: number): boolean {
    if (this.#pastCache.isRefused) return false;
    try {
      this.#direct ??= this.#pastCache.open(this.#path);
      for (let done = 0; done < bytes.length;) {
        done += writeSync(this.#direct, bytes, done, bytes.length - done, position + done);
      }
      return true;
    } catch {
      // Whatever the reason: the way through the cache works, or throws the true error.
      this.#pastCache.refuse();
      return false;
    }
  }

  #takePiece(): Piece {
    const aligned = this.#pastCache.take();
    return { bytes: aligned ?? new Uint8Array(PIECE_BYTES), isAligned: aligned !== undefined };
  }

  #close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#file.close();
    if (this.#direct !== undefined) closeSync(this.#direct);
    for (const piece of [this.#piece, this.#other]) {
      if (piece?.isAligned) this.#pastCache.giveBack(piece.bytes);
    }
  }
}
