/**
 * The files of a deployment package, inflated within bounds. Loaded with the first package: fflate
 * takes 4 MiB.
 * @module
 */

import { type UnzipFileInfo, unzipSync } from "fflate";
import { invalidParameterValue } from "./errors.ts";
import { noZip, UNZIPPED_BYTES_MAX, unzippedTooLarge } from "./package_errors.ts";

/** Files of a zip, and their folders. AWS names no limit; a zip without ZIP64 can hold no more. */
const FILES_MAX = 65_535;

/** Where the parts of an entry of a zip's directory are. [APPNOTE.TXT 6.3.10, 4.3.12] */
const DIRECTORY_ENTRY = { signature: 0x02014b50, bytes: 46, madeBy: 5, names: 28, attributes: 38 };
/** "Made by" Unix, whose attributes hold the mode in their upper half. */
const MADE_BY_UNIX = 3;

/**
 * Names of the files that a zip marks as programs. A zip that was not made on Unix has none. fflate,
 * which checks the zip, does not give them.
 */
export function programsIn(zip: Uint8Array): ReadonlySet<string> {
  const programs = new Set<string>();
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = endOfDirectory(view);
  if (end === undefined) return programs;
  let offset = view.getUint32(end + 16, true);
  while (offset + DIRECTORY_ENTRY.bytes <= zip.length && programs.size <= FILES_MAX) {
    if (view.getUint32(offset, true) !== DIRECTORY_ENTRY.signature) break;
    const [name, extra, comment] = [0, 2, 4].map((place) =>
      view.getUint16(offset + DIRECTORY_ENTRY.names + place, true)
    );
    const mode = view.getUint32(offset + DIRECTORY_ENTRY.attributes, true) >>> 16;
    const isUnix = view.getUint8(offset + DIRECTORY_ENTRY.madeBy) === MADE_BY_UNIX;
    const start = offset + DIRECTORY_ENTRY.bytes;
    if (isUnix && (mode & 0o111) !== 0) {
      programs.add(new TextDecoder().decode(zip.subarray(start, start + name)));
    }
    offset = start + name + extra + comment;
  }
  return programs;
}

/** Where the record at the end of a zip begins: before a comment of at most 65,535 bytes. */
function endOfDirectory(view: DataView): number | undefined {
  const last = view.byteLength - 22;
  for (let offset = last; offset >= Math.max(0, last - 65_535); offset--) {
    if (view.getUint32(offset, true) === 0x06054b50) return offset;
  }
  return undefined;
}

/** Bytes that are inflated in one turn of the event loop: some tens of milliseconds. */
const TURN_BYTES = 4 * 1024 * 1024;

/**
 * The files of a zip by path, inflated part by part, so that other work runs between the parts.
 * Throws AWS's error for a zip that is too large or empty, and for anything that is no zip. The
 * limit is checked on the sizes in the zip's directory; fflate writes no byte beyond those.
 */
export function* unzip(zip: Uint8Array): Generator<Readonly<Record<string, Uint8Array>>> {
  const entries = entriesOf(zip);
  if (entries.every(({ name }) => name.endsWith("/"))) {
    throw invalidParameterValue("Uploaded file must be a non-empty zip");
  }
  const unzippedBytes = entries.reduce((sum, { originalSize }) => sum + originalSize, 0);
  if (unzippedBytes > UNZIPPED_BYTES_MAX) throw unzippedTooLarge();
  const names = entries.map(({ name }) => name);
  if (names.some(leavesFolder) || folderCount(names) > FILES_MAX) throw noZip();
  for (let start = 0; start < entries.length;) {
    let end = start;
    for (let bytes = 0; end < entries.length && bytes < TURN_BYTES; end++) {
      bytes += entries[end].originalSize;
    }
    yield inflated(zip, start, end);
    start = end;
  }
}

/** The files at the places from `start` to before `end` of the zip's directory. */
function inflated(zip: Uint8Array, start: number, end: number): Record<string, Uint8Array> {
  let place = 0;
  const isWanted = () => {
    const isInside = place >= start && place < end;
    place++;
    return isInside;
  };
  try {
    return unzipSync(zip, { filter: isWanted });
  } catch (cause) {
    throw noZip(cause);
  }
}

/** Stops at one entry too many: the million of a zip of 50 MB took 700 MB. */
function entriesOf(zip: Uint8Array): UnzipFileInfo[] {
  const entries: UnzipFileInfo[] = [];
  try {
    unzipSync(zip, {
      filter: (entry) => {
        if (entries.length === FILES_MAX) throw new RangeError(`more than ${FILES_MAX} files`);
        entries.push(entry);
        return false;
      },
    });
  } catch (cause) {
    throw noZip(cause);
  }
  return entries;
}

/** How many folders these paths need. Each takes a block of the disk, whatever the files' sizes. */
function folderCount(names: readonly string[]): number {
  let count = 0;
  let before: readonly string[] = [];
  // Sorted, the paths of a folder stand beside each other.
  for (const name of names.toSorted()) {
    const folders = name.split("/").slice(0, -1);
    const known = folders.findIndex((folder, depth) => folder !== before[depth]);
    count += known < 0 ? 0 : folders.length - known;
    before = folders;
  }
  return count;
}

const leavesFolder = (name: string) =>
  name.startsWith("/") || /[\\\0]/.test(name) || name.split("/").includes("..");
