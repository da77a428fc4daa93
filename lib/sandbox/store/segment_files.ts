/**
 * Segments: files that are only ever appended to, for bytes that are too many for a database row.
 * Appends that come together share one sync, which does not keep the event loop waiting. Writing
 * and reading do: the system holds these bytes in memory, and handing them to another thread would
 * cost more (measured). A row of the database says where bytes are; bytes without a row count as
 * deleted.
 * @module
 */

import { join } from "node:path";

/** Where appended bytes begin. */
export interface SegmentPlace {
  readonly segment: number;
  readonly offset: number;
}

/** A range of bytes in a file. */
export interface FileRange {
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}

/** Where segments are kept: a folder, or memory for `--memory`. */
export interface SegmentFiles {
  /** Appends that begin now go to this segment or a later one. */
  readonly current: number;
  /** Appends, and resolves when the bytes are on disk. */
  append(data: Uint8Array): Promise<SegmentPlace>;
  /** `length` bytes from `place` on. Throws an `Error` if there are fewer. */
  read(place: SegmentPlace, length: number): Uint8Array;
  /** Where the `length` bytes from `place` on are, for other readers; undefined if in no file. */
  range(place: SegmentPlace, length: number): FileRange | undefined;
  /** The segments there are before `segment`. */
  before(segment: number): number[];
  /** Removes a segment before the current one that no row names any more. */
  remove(segment: number): Promise<void>;
  /** Waits for the appends under way and closes the file. */
  close(): Promise<void>;
}

/** Bytes after which a new segment begins, so that old ones can be removed. */
const SEGMENT_BYTES = 64 * 1024 * 1024;
/**
 * Removed segments kept for reuse: a file that does not grow is synced in less than half the time
 * (measured on ext4, whose journal then has nothing to record).
 */
const SPARES_MAX = 2;
const SPARE = "spare-";

interface Append {
  readonly data: Uint8Array;
  readonly settle: (place: SegmentPlace) => void;
  readonly fail: (error: unknown) => void;
}

/** Segments in the folder `root`. */
export function diskSegments(root: string): SegmentFiles {
  return new DiskSegments(root);
}

class DiskSegments implements SegmentFiles {
  readonly #root: string;
  #segment: number;
  #offset = 0;
  #file: Deno.FsFile | undefined;
  /** The segment that was read last, still open: rows are read in order. */
  #reader: { readonly segment: number; readonly file: Deno.FsFile } | undefined;
  /** Paths of files to reuse in place of new ones. */
  readonly #spares: string[] = [];
  #queue: Append[] = [];
  #isWriting = false;
  #written: Promise<void> = Promise.resolve();

  constructor(root: string) {
    Deno.mkdirSync(root, { recursive: true, mode: 0o700 });
    this.#root = root;
    for (const { name } of [...Deno.readDirSync(root)]) {
      if (name.startsWith(SPARE)) Deno.removeSync(join(root, name));
    }
    // Never a name that was used: the tail of an old segment may be half a write.
    this.#segment = Math.max(0, ...this.#names()) + 1;
  }

  get current(): number {
    return this.#segment;
  }

  append(data: Uint8Array): Promise<SegmentPlace> {
    return new Promise((settle, fail) => {
      this.#queue.push({ data, settle, fail });
      if (!this.#isWriting) this.#written = this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    while (this.#queue.length > 0) {
      const appends = this.#queue;
      this.#queue = [];
      try {
        const places = await this.#write(appends.map(({ data }) => data));
        for (const [index, { settle }] of appends.entries()) settle(places[index]);
      } catch (error) {
        for (const { fail } of appends) fail(error);
        // The end of this segment is unknown now: begin another.
        this.#roll();
      }
    }
    // In the turn that found the queue empty: a later append starts writing again.
    this.#isWriting = false;
  }

  async #write(parts: readonly Uint8Array[]): Promise<SegmentPlace[]> {
    if (this.#offset >= SEGMENT_BYTES) this.#roll();
    const file = this.#file ??= await this.#open();
    const places: SegmentPlace[] = [];
    for (const part of parts) {
      places.push({ segment: this.#segment, offset: this.#offset });
      for (let left = part; left.length > 0;) left = left.subarray(file.writeSync(left));
      this.#offset += part.length;
    }
    await file.syncData();
    return places;
  }

  /** A file's bytes from before are never read: no row names them. */
  async #open(): Promise<Deno.FsFile> {
    const path = this.#path(this.#segment);
    const spare = this.#spares.pop();
    if (spare) await Deno.rename(spare, path);
    const options = { write: true, createNew: spare === undefined, mode: 0o600 };
    const file = await Deno.open(path, options);
    using folder = await Deno.open(this.#root);
    await folder.sync();
    return file;
  }

  #roll(): void {
    this.#file?.close();
    this.#file = undefined;
    this.#segment++;
    this.#offset = 0;
  }

  read({ segment, offset }: SegmentPlace, length: number): Uint8Array {
    const data = new Uint8Array(length);
    const file = this.#readerOf(segment);
    file.seekSync(offset, Deno.SeekMode.Start);
    for (let filled = 0; filled < length;) {
      const read = file.readSync(data.subarray(filled));
      if (read === null) throw new Error(`segment ${segment} is shorter than its rows say`);
      filled += read;
    }
    return data;
  }

  range({ segment, offset }: SegmentPlace, length: number): FileRange {
    return { path: this.#path(segment), offset, length };
  }

  #readerOf(segment: number): Deno.FsFile {
    if (this.#reader?.segment !== segment) {
      const file = Deno.openSync(this.#path(segment));
      this.#closeReader();
      this.#reader = { segment, file };
    }
    return this.#reader.file;
  }

  #closeReader(): void {
    this.#reader?.file.close();
    this.#reader = undefined;
  }

  before(segment: number): number[] {
    return this.#names().filter((name) => name < segment);
  }

  async remove(segment: number): Promise<void> {
    if (this.#reader?.segment === segment) this.#closeReader();
    if (this.#spares.length >= SPARES_MAX) return await Deno.remove(this.#path(segment));
    const spare = join(this.#root, `${SPARE}${segment}`);
    await Deno.rename(this.#path(segment), spare);
    this.#spares.push(spare);
  }

  async close(): Promise<void> {
    await this.#written;
    this.#roll();
    this.#closeReader();
    for (const spare of this.#spares.splice(0)) await Deno.remove(spare);
  }

  #names(): number[] {
    return [...Deno.readDirSync(this.#root)].map(({ name }) => Number(name)).filter(
      Number.isInteger,
    );
  }

  #path(segment: number): string {
    return join(this.#root, String(segment));
  }
}

/** Segments in memory, one for each append. */
export function memorySegments(): SegmentFiles {
  const segments = new Map<number, Uint8Array>();
  let last = 0;
  return {
    get current() {
      return last + 1;
    },
    append(data) {
      // A copy, which the `slice` of a Buffer would not be.
      segments.set(++last, new Uint8Array(data));
      return Promise.resolve({ segment: last, offset: 0 });
    },
    read({ segment, offset }, length) {
      const found = segments.get(segment)?.subarray(offset, offset + length);
      if (found?.length === length) return found;
      throw new Error(`segment ${segment} is shorter than its rows say`);
    },
    range: () => undefined,
    before: (segment) => [...segments.keys()].filter((name) => name < segment),
    remove(segment) {
      segments.delete(segment);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
