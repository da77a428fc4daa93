/**
 * The way to a file past the system's page cache (O_DIRECT), where there is one: on Linux, unless
 * the file system refuses it. What is written so must begin at a page of memory and at a block of
 * the file.
 * @module
 */

import { openSync } from "node:fs";

/** What is written at once. */
export const PIECE_BYTES = 256 * 1024;
/** Pieces of memory that can be in use at a time. */
const PIECES = 32;
const WASM_PAGE_BYTES = 64 * 1024;

/** Memory that may be written past the cache, and files opened for it. */
export class PastCache {
  /**
   * Opens an existing file and returns its descriptor. Throws, as a write to that may, where its
   * file system has no such way.
   */
  readonly open: (path: string) => number;
  #free: Uint8Array[];
  #isRefused = false;

  constructor(open = openDirect, os = Deno.build.os) {
    this.open = open;
    this.#free = os === "linux" ? alignedPieces() : [];
  }

  /** {@linkcode PIECE_BYTES} of memory; undefined where all is in use, or of no use. */
  take(): Uint8Array | undefined {
    return this.#free.pop();
  }

  giveBack(piece: Uint8Array): void {
    if (!this.#isRefused) this.#free.push(piece);
  }

  /** There is no such way here: no piece is given out any more. */
  refuse(): void {
    this.#isRefused = true;
    this.#free = [];
  }
}

const O_WRONLY = 1;
/** As Linux has it: in Deno's own table it has been another system's (denoland/deno#30092). */
const O_DIRECT = Deno.build.arch === "aarch64" ? 0x10000 : 0x4000;

function openDirect(path: string): number {
  return openSync(path, O_WRONLY | O_DIRECT);
}

/** WebAssembly's memory begins at a page, which no other memory of JavaScript promises. */
function alignedPieces(): Uint8Array[] {
  const { buffer } = new WebAssembly.Memory({ initial: PIECES * PIECE_BYTES / WASM_PAGE_BYTES });
  return Array.from(
    { length: PIECES },
    (_, index) => new Uint8Array(buffer, index * PIECE_BYTES, PIECE_BYTES),
  );
}
