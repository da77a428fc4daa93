/**
 * How much room a function has left in /tmp.
 * @module
 */
import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { systemError } from "./refusals.mjs";

/** `lstat` counts in blocks of this size, whatever the file system's are. */
const BLOCK_BYTES = 512;

/** The room of one folder. */
export class TmpSpace {
  #folder;
  #bytesMax;
  /** What was there at the last look, and all that was written since: never less than there is. */
  #bytesAtMost;

  constructor(folder, bytesMax) {
    this.#folder = folder;
    this.#bytesMax = bytesMax;
  }

  /** Takes room for `bytes`. Throws ENOSPC where there is too little. */
  reserve(bytes, syscall) {
    this.#bytesAtMost ??= folderBytes(this.#folder);
    if (this.#bytesAtMost + bytes > this.#bytesMax) this.#bytesAtMost = folderBytes(this.#folder);
    if (this.#bytesAtMost + bytes > this.#bytesMax) throw systemError("ENOSPC", syscall);
    this.#bytesAtMost += bytes;
  }
}

function folderBytes(folder) {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    try {
      bytes += entry.isDirectory() ? folderBytes(path) : fileBytes(path);
    } catch (error) {
      if (error.code !== "ENOENT") throw error; // it was removed in this moment
    }
  }
  return bytes;
}

function fileBytes(path) {
  const { size, blocks } = lstatSync(path);
  return blocks ? blocks * BLOCK_BYTES : size;
}
