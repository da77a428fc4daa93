/**
 * The folder a sandbox keeps its data in. One sandbox at a time: two on one folder would deliver
 * the same records twice.
 * @module
 */

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** A folder that is ours until {@linkcode release}. */
export interface DataDir {
  readonly path: string;
  release(): void;
}

/**
 * Creates the folder where it is missing and claims it. The claim is a lock of the operating
 * system: it ends with the process, also with one that is killed.
 *
 * Throws an `Error` that says what to do if another sandbox holds the folder.
 */
export function claimDataDir(path: string): DataDir {
  Deno.mkdirSync(path, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(path, "lock.sqlite"));
  try {
    lock.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    lock.close();
    throw new Error(
      `Another sandbox keeps its data in ${path}. Stop it, or choose another folder with --data.`,
      { cause },
    );
  }
  return { path, release: () => lock.close() };
}

/** Where a region beside the home region keeps its data. */
export const regionFolder = (path: string, region: string) => join(path, "regions", region);

/** The regions that have data here, beside the home region. */
export function regionFolders(path: string): string[] {
  try {
    return [...Deno.readDirSync(join(path, "regions"))]
      .filter(({ isDirectory }) => isDirectory)
      .map(({ name }) => name)
      .toSorted();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
