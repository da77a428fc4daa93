/**
 * What compresses an object, piece by piece.
 * @module
 */

import type { Piece } from "./snappy_framing.ts";

/** The entry in which a ZIP file holds the bytes. */
export interface ZipEntry {
  readonly name: string;
  readonly modifiedMs: number;
}

/** Compresses one object. Do not use it after `finish` or `discard`. */
export interface Encoder {
  /** Takes bytes, and returns those that are ready. */
  push(bytes: Uint8Array): Promise<Piece[]>;
  finish(): Promise<Piece[]>;
  discard(): void;
}
