/**
 * Object bodies: files beside the database. A body is written and synced first; a row of the
 * database makes it visible; files without a row are swept at start.
 * @module
 */

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
