/**
 * Files and folders for their owner alone: 0600 and 0700, with any umask, and whatever modes an older
 * version left there. On Windows, which has no such modes, nothing is checked or changed.
 * @module
 */

import { join } from "node:path";

const OTHERS = 0o077;

/** Makes new files of this process private: also those that a library or SQLite creates. */
export function makeNewFilesPrivate(): void {
  if (Deno.build.os !== "windows") Deno.umask(OTHERS);
}

/** Whether people other than the owner may read, write or enter `path`. */
export function isOpenToOthers(path: string): boolean {
  return (modeOf(path) & OTHERS) !== 0;
}

/** Creates an empty private file if there is none. */
export function ensurePrivateFile(path: string): void {
  try {
    Deno.openSync(path, { createNew: true, write: true, mode: 0o600 }).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}

/**
 * Takes from other people every right to `folder` and what is in it; the number of entries changed.
 * Links are left alone: what they lead to belongs to somebody else.
 */
export function makePrivate(folder: string): number {
  let changed = closeEntry(folder, 0o700);
  for (const { name, isDirectory, isSymlink } of Deno.readDirSync(folder)) {
    if (isSymlink) continue;
    const path = join(folder, name);
    changed += isDirectory ? makePrivate(path) : closeEntry(path, 0o600);
  }
  return changed;
}

function closeEntry(path: string, mode: number): number {
  if (!isOpenToOthers(path)) return 0;
  Deno.chmodSync(path, mode);
  return 1;
}

function modeOf(path: string): number {
  // Windows answers null.
  return Deno.statSync(path).mode ?? 0;
}
