/**
 * What a sandbox's databases take on disk.
 * @module
 */

import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** How long a sandbox may take to give space back. */
export const SETTLE_MS = 12_000;

/** Bytes of all databases and their logs below the sandbox's data, in MiB. */
export async function databaseMiB(folder: string): Promise<number> {
  let bytes = 0;
  const visit = async (path: string) => {
    for await (const { name, isDirectory } of Deno.readDir(path)) {
      const inside = join(path, name);
      if (isDirectory) await visit(inside);
      else if (/^state\.sqlite/.test(name)) bytes += (await Deno.stat(inside)).size;
    }
  };
  await visit(folder);
  return bytes / 1024 / 1024;
}

/** Waits until the databases have had the same size for {@linkcode SETTLE_MS}, or for five minutes. */
export async function settled(folder: string): Promise<void> {
  const endMs = Date.now() + 300_000;
  let size = await databaseMiB(folder);
  let sinceMs = Date.now();
  while (Date.now() < Math.min(sinceMs + SETTLE_MS, endMs)) {
    await pause(500);
    const now = await databaseMiB(folder);
    if (now !== size) sinceMs = Date.now();
    size = now;
  }
}
