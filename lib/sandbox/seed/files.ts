/**
 * Files that a seed names: their bytes, or a folder as a zip of Lambda.
 * @module
 */

import type { Zippable } from "fflate";
import { join, resolve } from "node:path";
import { SeedMistake } from "./value.ts";
import { zipOf } from "./zip.ts";

/** 250 MiB unzipped is Lambda's own limit. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const FOLDER_BYTES_MAX = 250 * 1024 * 1024;

/** The system that made an entry is Unix, so its mode holds. */
const UNIX = 3;

/** A reader of paths relative to `folder`. It throws a {@linkcode SeedMistake} if nothing is there. */
export function readerIn(folder: string): (path: string) => Uint8Array {
  return (path) => {
    const whole = resolve(folder, path);
    try {
      return Deno.statSync(whole).isDirectory ? zipFolder(whole) : Deno.readFileSync(whole);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      throw new SeedMistake(`there is no file ${whole}`, [], { cause: error });
    }
  };
}

function zipFolder(folder: string): Uint8Array {
  const entries: Zippable = {};
  let bytes = 0;
  const add = (inner: string) => {
    const entriesHere = [...Deno.readDirSync(join(folder, inner))];
    for (const { name } of entriesHere.sort((a, b) => a.name < b.name ? -1 : 1)) {
      const path = inner === "" ? name : `${inner}/${name}`;
      // A link counts as what it leads to.
      const { isDirectory, size, mode } = Deno.statSync(join(folder, path));
      if (isDirectory) {
        add(path);
        continue;
      }
      bytes += size;
      if (bytes > FOLDER_BYTES_MAX) {
        throw new SeedMistake(`the folder ${folder} has more than 250 MiB`, []);
      }
      const attrs = (0o100000 | ((mode ?? 0o644) & 0o777)) << 16 >>> 0;
      entries[path] = [Deno.readFileSync(join(folder, path)), { attrs, os: UNIX }];
    }
  };
  add("");
  return zipOf(entries);
}
