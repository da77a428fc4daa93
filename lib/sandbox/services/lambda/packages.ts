/**
 * Deployment packages: zips are checked and unpacked, within bounds, into task folders that all
 * versions with the same code share. Follows "Lambda quotas"
 * (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
 * @module
 */

import { type UnzipFileInfo, unzipSync } from "fflate";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import type { ObjectFiles } from "../../store/object_files.ts";
import { invalidParameterValue } from "./errors.ts";
import type { FunctionCode } from "./function.ts";

/** Bytes of all files of a package: 250 MiB. */
export const UNZIPPED_BYTES_MAX = 262_144_000;
/** Files of a zip. AWS names no limit; a zip without ZIP64 can hold no more. */
const FILES_MAX = 65_535;

/** Zips, and the folders they are unpacked to. */
export class Packages {
  readonly #zips: ObjectFiles;
  readonly #folder: string;
  /** By folder name: the last queued work on it. Work on a folder runs one after the other. */
  readonly #work = new Map<string, Promise<unknown>>();

  /** Everything in `folder` can be unpacked again. */
  constructor(zips: ObjectFiles, folder: string) {
    this.#zips = zips;
    this.#folder = folder;
    Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** Checks a zip, unpacks it and keeps it. Throws InvalidParameterValueException and the like. */
  async add(zip: Uint8Array): Promise<FunctionCode> {
    const sha256 = createHash("sha256").update(zip).digest();
    const name = sha256.toString("hex");
    await this.#inTurn(name, () => this.#unpack(name, () => Promise.resolve(zip)));
    const writer = await this.#zips.create();
    try {
      await writer.write(zip);
      const { file, sizeBytes } = await writer.finish();
      return { file, sizeBytes, sha256: sha256.toString("base64") };
    } catch (error) {
      await writer.discard();
      throw error;
    }
  }

  /** The folder with a package's files, unpacked again if it is missing. */
  taskFolder(code: FunctionCode): Promise<string> {
    const name = folderName(code);
    return this.#inTurn(name, () => this.#unpack(name, () => this.read(code)));
  }

  /** The bytes of a zip. */
  async read(
    { file, sizeBytes }: Omit<FunctionCode, "sha256">,
  ): Promise<Uint8Array<ArrayBuffer>> {
    return await new Response(this.#zips.read(file, 0, sizeBytes)).bytes();
  }

  /** Removes the packages of `gone` that `used` does not name just before their removal. */
  async remove(gone: readonly FunctionCode[], used: () => readonly FunctionCode[]): Promise<void> {
    for (const code of gone) {
      if (!used().some(({ file }) => file === code.file)) await this.#zips.remove(code.file);
      await this.#inTurn(folderName(code), async () => {
        if (used().some(({ sha256 }) => sha256 === code.sha256)) return;
        await removeFolder(join(this.#folder, folderName(code)));
      });
    }
  }

  /** Removes everything but `used`. For the start, before anything is added. */
  async sweep(used: readonly FunctionCode[]): Promise<void> {
    const files = new Set(used.map(({ file }) => file));
    await this.#zips.sweep((file) => files.has(file));
    const folders = new Set(used.map(folderName));
    for await (const { name } of Deno.readDir(this.#folder)) {
      if (!folders.has(name)) await removeFolder(join(this.#folder, name));
    }
  }

  #inTurn<Result>(name: string, act: () => Promise<Result>): Promise<Result> {
    const before = this.#work.get(name) ?? Promise.resolve();
    const result = before.then(act, act);
    const work = result.catch(() => {}).finally(() => {
      if (this.#work.get(name) === work) this.#work.delete(name);
    });
    this.#work.set(name, work);
    return result;
  }

  async #unpack(name: string, read: () => Promise<Uint8Array>): Promise<string> {
    const folder = join(this.#folder, name);
    if (await isFolder(folder)) return folder;
    // Renamed when complete, so that a kill leaves no partial package under its name.
    const part = await Deno.makeTempDir({ dir: this.#folder, prefix: "part-" });
    try {
      const zip = await read();
      const programs = programsIn(zip);
      for (const files of unzip(zip)) {
        for (const [path, bytes] of Object.entries(files)) {
          const mode = programs.has(path) ? 0o755 : 0o644;
          await writeEntry(part, path, { bytes, mode });
        }
      }
      await Deno.rename(part, folder);
    } catch (error) {
      await removeFolder(part);
      throw error;
    }
    return folder;
  }
}

const folderName = ({ sha256 }: FunctionCode) => Uint8Array.fromBase64(sha256).toHex();

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function removeFolder(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** How the system refuses names: a file that is a folder too, one that is too long. */
const REFUSED_NAMES = ["EEXIST", "EISDIR", "ENAMETOOLONG", "ENOTDIR"];

/** Throws AWS's error for a name that no file of this machine can have. */
async function writeEntry(
  folder: string,
  name: string,
  { bytes, mode }: { readonly bytes: Uint8Array; readonly mode: number },
): Promise<void> {
  const path = join(folder, name);
  try {
    if (name.endsWith("/")) return await Deno.mkdir(path, { recursive: true });
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeFile(path, bytes, { mode });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw REFUSED_NAMES.includes(code) ? noZip(error) : error;
  }
}

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
  while (offset + DIRECTORY_ENTRY.bytes <= zip.length) {
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
  if (entries.length > FILES_MAX || entries.some(({ name }) => leavesFolder(name))) {
    throw noZip();
  }
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

export const unzippedTooLarge = () =>
  invalidParameterValue(`Unzipped size must be smaller than ${UNZIPPED_BYTES_MAX} bytes`);

function entriesOf(zip: Uint8Array): UnzipFileInfo[] {
  const entries: UnzipFileInfo[] = [];
  try {
    unzipSync(zip, {
      filter: (entry) => {
        entries.push(entry);
        return false;
      },
    });
  } catch (cause) {
    throw noZip(cause);
  }
  return entries;
}

const leavesFolder = (name: string) =>
  name.startsWith("/") || /[\\\0]/.test(name) || name.split("/").includes("..");

function noZip(cause?: unknown) {
  const refusal = invalidParameterValue(
    "Could not unzip uploaded file. Please check your file, then try to upload again.",
  );
  refusal.cause = cause;
  return refusal;
}
