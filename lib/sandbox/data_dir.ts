/**
 * The folder where a sandbox keeps its data. One sandbox at a time: two on one folder would deliver
 * the same records twice. Nobody else may enter it: it holds the account's secrets.
 * @module
 */

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ensurePrivateFile, isOpenToOthers, makePrivate } from "./private_files.ts";

/** A folder that is ours until {@linkcode release}. */
export interface DataDir {
  readonly path: string;
  release(): void;
}

/** The file that a running sandbox locks. */
export const LOCK_FILE = "lock.sqlite";

/** How long a start waits while a tool looks whether the folder is locked. */
const LOCK_WITHIN_MS = 1_000;

/**
 * Creates the folder if it is missing and claims it. The claim is a lock of the operating system:
 * it ends with the process, even a killed one. A folder of a sandbox that other people may enter is
 * closed to them, and `say` receives a line about it.
 *
 * Throws an `Error` that says what to do if another sandbox holds the folder, or if other people
 * may enter it and it is no sandbox's.
 */
export function claimDataDir(path: string, say: (line: string) => void): DataDir {
  Deno.mkdirSync(path, { recursive: true, mode: 0o700 });
  closeToOthers(path, say);
  const lock = lockOf(path, LOCK_WITHIN_MS);
  if (lock) return { path, release: () => lock.close() };
  throw new Error(
    `Another sandbox keeps its data in ${path}. Stop it, or choose another folder with --data.`,
  );
}

/** Claims the folder of a sandbox that was killed; undefined if a running one holds it. */
export function claimLeftDir(path: string): DataDir | undefined {
  const lock = lockOf(path, 0);
  return lock && { path, release: () => lock.close() };
}

/** Locks the folder; undefined if another process keeps it locked for `withinMs`. */
function lockOf(path: string, withinMs: number): DatabaseSync | undefined {
  ensurePrivateFile(join(path, LOCK_FILE));
  const lock = new DatabaseSync(join(path, LOCK_FILE));
  try {
    lock.exec(`PRAGMA busy_timeout = ${withinMs}; BEGIN EXCLUSIVE`);
    return lock;
  } catch (cause) {
    lock.close();
    if (isLocked(cause)) return undefined;
    throw cause; // a full disk, for example
  }
}

/** SQLite's words where another process holds the lock. */
const isLocked = (error: unknown) => error instanceof Error && /is locked/.test(error.message);

/** Whether a sandbox has ever claimed the folder. */
export const isSandboxFolder = (path: string) => isThere(join(path, LOCK_FILE));

/** Whether a running sandbox has claimed the folder. */
export function isClaimed(path: string): boolean {
  if (!isSandboxFolder(path)) return false;
  const lock = new DatabaseSync(join(path, LOCK_FILE), { readOnly: true });
  try {
    // Deno 2.9.6 waits 5 seconds by default, also with the option `timeout: 0`.
    lock.exec("PRAGMA busy_timeout = 0");
    lock.exec("SELECT count(*) FROM sqlite_master");
    return false;
  } catch {
    return true;
  } finally {
    lock.close();
  }
}

function closeToOthers(path: string, say: (line: string) => void): void {
  if (!isAnyOpen(path)) return;
  assertOwnFolder(path);
  const changed = closed(path);
  say(
    `Other people on this machine could read ${path}: ${changed} of its files and folders are ` +
      "now for you alone.",
  );
}

/** Looks at the folder and what lies directly in it: an older version left all of it open. */
function isAnyOpen(path: string): boolean {
  if (isOpenToOthers(path)) return true;
  return [...Deno.readDirSync(path)]
    .some(({ name, isSymlink }) => !isSymlink && isOpenToOthers(join(path, name)));
}

/** Modes are changed in a sandbox's folder or an empty one: not in somebody's home. */
function assertOwnFolder(path: string): void {
  const names = [...Deno.readDirSync(path)].map(({ name }) => name);
  const isOwn = names.length === 0 || names.includes(LOCK_FILE) || names.includes("start.lock");
  if (isOwn) return;
  throw new Error(
    `Other people on this machine may read ${path}, and it holds files that are not the ` +
      "sandbox's. Choose another folder with --data, or close this one: chmod -R go= " + path,
  );
}

function closed(path: string): number {
  try {
    return makePrivate(path);
  } catch (cause) {
    throw new Error(
      `Other people on this machine may read ${path}, and you can't change that: it is not ` +
        "yours. Choose a folder of your own with --data.",
      { cause },
    );
  }
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Where a region other than the home region keeps its data. */
export const regionFolder = (path: string, region: string) => join(path, "regions", region);

/** Where an account other than the sandbox's own keeps its data. */
export const accountFolder = (path: string, id: string) => join(path, "accounts", id);

/** The regions that have data here, without the home region. */
export const regionFolders = (path: string) => folderNames(join(path, "regions"));

/** The names of the folders in a folder, sorted; none if it does not exist. */
export function folderNames(path: string): string[] {
  try {
    return [...Deno.readDirSync(path)]
      .filter(({ isDirectory }) => isDirectory)
      .map(({ name }) => name)
      .toSorted();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
