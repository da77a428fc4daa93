/**
 * Deployment packages: zips are checked and unpacked, within bounds, into task folders that all
 * versions with the same code share. Follows "Lambda quotas"
 * (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
 * @module
 */

import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import type { ObjectFiles } from "../../store/object_files.ts";
import type { FunctionCode } from "./function.ts";
import { noZip } from "./package_errors.ts";
import { makeWhole, removeFolder } from "./whole_folder.ts";

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
    await makeWhole(folder, async (part) => {
      const zip = await read();
      const { programsIn, unzip } = await import("./unzip.ts");
      const programs = programsIn(zip);
      for (const files of unzip(zip)) {
        for (const [path, bytes] of Object.entries(files)) {
          const mode = programs.has(path) ? 0o755 : 0o644;
          await writeEntry(part, path, { bytes, mode });
        }
      }
    });
    return folder;
  }
}

const folderName = ({ sha256 }: FunctionCode) => Uint8Array.fromBase64(sha256).toHex();

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
