/**
 * How much a function keeps in its /tmp, seen from outside.
 * @module
 */

import { lstatSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";

/** `lstat` counts in blocks of this size, whatever the file system's are. */
const BLOCK_BYTES = 512;
/** What a file or folder takes at least: an inode of ext4. Empty files would else count nothing. */
const ENTRY_BYTES_MIN = 256;

/**
 * Bytes on disk of all files and folders below `folder`, and of files that one of the processes `pids` has
 * deleted and still holds open.
 */
export function tmpBytes(folder: string, pids: readonly number[] = []): number {
  const deleted = pids.map((pid) => deletedBytes(folder, pid));
  return deleted.reduce((sum, bytes) => sum + bytes, folderBytes(folder));
}

function folderBytes(folder: string): number {
  let bytes = 0;
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    bytes += Math.max(ENTRY_BYTES_MIN, fileBytes(() => lstatSync(path)));
    if (entry.isDirectory()) bytes += folderBytes(path);
  }
  return bytes;
}

/** Linux only: elsewhere there is no /proc. */
function deletedBytes(folder: string, pid: number): number {
  let bytes = 0;
  for (const { name } of entriesOf(`/proc/${pid}/fd`)) {
    const descriptor = `/proc/${pid}/fd/${name}`;
    const target = linkOf(descriptor);
    if (!target.startsWith(`${folder}/`) || !target.endsWith(" (deleted)")) continue;
    bytes += fileBytes(() => statSync(descriptor));
  }
  return bytes;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // it was removed in this moment
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

function fileBytes(stat: () => { readonly size: number; readonly blocks: number }): number {
  try {
    const { size, blocks } = stat();
    return blocks ? blocks * BLOCK_BYTES : size;
  } catch {
    return 0;
  }
}
