/**
 * Folders that are there whole or not at all: packages, and what runtimes are given.
 * @module
 */

import { dirname, join } from "node:path";

/** Begins the name of a folder that is not whole yet. */
const PART = "part-";
/** Nobody fills a folder for so long: a kill has left it. */
const PART_MS_MAX = 3_600_000;

/**
 * Makes the folder `place`, unless it is there. `fill` gets an empty folder beside it, which is renamed
 * when it is whole: a kill leaves no part under this name, and two sandboxes may make it at once.
 */
export async function makeWhole(
  place: string,
  fill: (part: string) => Promise<void>,
): Promise<void> {
  if (await isFolder(place)) return;
  const parent = dirname(place);
  await Deno.mkdir(parent, { recursive: true, mode: 0o700 });
  await removeOldParts(parent);
  const part = await Deno.makeTempDir({ dir: parent, prefix: PART });
  try {
    await fill(part);
    await Deno.rename(part, place);
  } catch (error) {
    await removeFolder(part);
    // Another sandbox may have made it meanwhile.
    if (!(await isFolder(place))) throw error;
  }
}

/** A part of Python's environment has 60 MB. */
async function removeOldParts(parent: string): Promise<void> {
  for await (const { name } of Deno.readDir(parent)) {
    if (!name.startsWith(PART)) continue;
    const part = join(parent, name);
    const { mtime } = await Deno.stat(part).catch(() => ({ mtime: null })); // it is whole by now
    if (mtime && Date.now() - mtime.getTime() > PART_MS_MAX) await removeFolder(part);
  }
}

/** Removes a folder with all that is in it; harmless if there is none. */
export async function removeFolder(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
