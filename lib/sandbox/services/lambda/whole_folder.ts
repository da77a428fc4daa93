/**
 * Folders that are there whole or not at all: packages, and what runtimes are given.
 * @module
 */

import { dirname } from "node:path";

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
  const part = await Deno.makeTempDir({ dir: parent, prefix: "part-" });
  try {
    await fill(part);
    await Deno.rename(part, place);
  } catch (error) {
    await removeFolder(part);
    // Another sandbox may have made it meanwhile.
    if (!(await isFolder(place))) throw error;
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
