/**
 * Segments: files that are only ever appended to, for bytes that are too many for a database row.
 * Appends that come together share one sync, and neither writing nor syncing keeps the event loop
 * waiting. A row of the database says where bytes are; bytes without a row are as good as gone.
 * @module
 */

import { join } from "node:path";

/** Where appended bytes begin. */
export interface SegmentPlace {
  readonly segment: number;
  readonly offset: number;
}

/** Where segments are kept: a folder, or memory for `--memory`. */
export interface SegmentFiles {
  /** Appends, and resolves when the bytes are on disk. */
  append(data: Uint8Array): Promise<SegmentPlace>;
  /** `length` bytes from `place` plus `skip`. Throws an `Error` where there are fewer. */
  read(place: SegmentPlace, skip: number, length: number): Promise<Uint8Array>;
  /** Removes the segments before `segment`: no row names them any more. */
  removeBefore(segment: number): Promise<void>;
  /** Waits for the appends under way and closes the file. */
  close(): Promise<void>;
}

/** A segment that has grown to this is followed by a new one, so that old ones can be removed. */
const SEGMENT_BYTES = 64 * 1024 * 1024;

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
  #queue: Append[] = [];
  #writing: Promise<void> | undefined;

  constructor(root: string) {
    Deno.mkdirSync(root, { recursive: true, mode: 0o700 });
    this.#root = root;
    // Never a name that was used: the tail of an old segment may be half a write.
    this.#segment = Math.max(0, ...this.#names()) + 1;
  }

  append(data: Uint8Array): Promise<SegmentPlace> {
    return new Promise((settle, fail) => {
      this.#queue.push({ data, settle, fail });
      this.#writing ??= this.#writeAll().finally(() => this.#writing = undefined);
    });
  }

  async #writeAll(): Promise<void> {
    while (this.#queue.length > 0) {
      const appends = this.#queue;
      this.#queue = [];
      try {
        const places = await this.#write(appends.map(({ data }) => data));
        for (const [index, { settle }] of appends.entries()) settle(places[index]);
      } catch (error) {
        for (const { fail } of appends) fail(error);
        // What this segment holds at its end is not known now: leave it.
        this.#roll();
      }
    }
  }

  async #write(parts: readonly Uint8Array[]): Promise<SegmentPlace[]> {
    if (this.#offset >= SEGMENT_BYTES) this.#roll();
    const file = this.#file ??= await this.#open();
    const places: SegmentPlace[] = [];
    for (const part of parts) {
      places.push({ segment: this.#segment, offset: this.#offset });
      for (let left = part; left.length > 0;) left = left.subarray(await file.write(left));
      this.#offset += part.length;
    }
    await file.syncData();
    return places;
  }

  async #open(): Promise<Deno.FsFile> {
    const options = { write: true, createNew: true, mode: 0o600 };
    const file = await Deno.open(this.#path(this.#segment), options);
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

  async read(place: SegmentPlace, skip: number, length: number): Promise<Uint8Array> {
    const data = new Uint8Array(length);
    using file = await Deno.open(this.#path(place.segment));
    await file.seek(place.offset + skip, Deno.SeekMode.Start);
    for (let filled = 0; filled < length;) {
      const read = await file.read(data.subarray(filled));
      if (read === null) throw new Error(`segment ${place.segment} is shorter than its rows say`);
      filled += read;
    }
    return data;
  }

  async removeBefore(segment: number): Promise<void> {
    for (const name of this.#names()) {
      if (name < Math.min(segment, this.#segment)) await Deno.remove(this.#path(name));
    }
  }

  async close(): Promise<void> {
    await this.#writing;
    this.#roll();
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
    append(data) {
      segments.set(++last, data.slice());
      return Promise.resolve({ segment: last, offset: 0 });
    },
    read({ segment, offset }, skip, length) {
      const found = segments.get(segment)?.subarray(offset + skip, offset + skip + length);
      if (found?.length === length) return Promise.resolve(found);
      return Promise.reject(new Error(`segment ${segment} is shorter than its rows say`));
    },
    removeBefore(segment) {
      for (const name of segments.keys()) if (name < segment) segments.delete(name);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
