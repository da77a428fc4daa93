/**
 * Files that are written past the system's page cache (O_DIRECT): on Linux, unless the file system
 * refuses it. Such a write must begin at a page of memory and at a block of the file.
 * @module
 */

import { openSync } from "node:fs";

/** Bytes of one write. */
export const PIECE_BYTES = 256 * 1024;
/** Pieces of memory that can be in use at the same time: two for each of 24 deliveries. */
const PIECES = 48;
const WASM_PAGE_BYTES = 64 * 1024;

/** Memory that may be written past the cache, and files opened for it. */
export class PastCache {
  /**
   * Opens an existing file and returns its descriptor. This, or a later write, throws if the file
   * system does not support it.
   */
  readonly open: (path: string) => number;
  #free: Uint8Array[];
  #isRefused = false;

  constructor(open = openDirect, os = Deno.build.os) {
    this.open = open;
    this.#free = os === "linux" ? alignedPieces() : [];
  }

  /** Whether the system does not support it. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  /** {@linkcode PIECE_BYTES} of memory; undefined if all is in use, or if the system refused. */
  take(): Uint8Array | undefined {
    return this.#free.pop();
  }

  giveBack(piece: Uint8Array): void {
    if (!this.#isRefused) this.#free.push(piece);
  }

  /** The system does not support it: no piece is given out from now on. */
  refuse(): void {
    this.#isRefused = true;
    this.#free = [];
  }
}

const O_WRONLY = 1;
/** Linux's value: Deno's own table has had another system's (denoland/deno#30092). */
const O_DIRECT = Deno.build.arch === "aarch64" ? 0x10000 : 0x4000;

function openDirect(path: string): number {
  return openSync(path, O_WRONLY | O_DIRECT);
}

/** WebAssembly's memory begins at a page; no other memory of JavaScript guarantees that. */
function alignedPieces(): Uint8Array[] {
  const { buffer } = new WebAssembly.Memory({ initial: PIECES * PIECE_BYTES / WASM_PAGE_BYTES });
  return Array.from(
    { length: PIECES },
    (_, index) => new Uint8Array(buffer, index * PIECE_BYTES, PIECE_BYTES),
  );
}
