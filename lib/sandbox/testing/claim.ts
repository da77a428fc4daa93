/**
 * Claims for tests: test files run beside each other, also in several processes, and two must not
 * install into one folder at the same time.
 * @module
 */

import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Claims `path` until the result is disposed of. The claim is a locked file in the temporary folder,
 * which is removed with it; a killed test leaves the file, and the next claim removes it.
 */
export async function claim(path: string): Promise<Disposable> {
  const file = claimFile(path);
  while (true) {
    const lock = await locked(file);
    if (await isAt(lock, file)) return { [Symbol.dispose]: () => release(lock, file) };
    lock.close(); // the claim before this one has removed it
  }
}

/** The file that is locked for a claim of `path`. */
export function claimFile(path: string): string {
  const name = createHash("sha256").update(path).digest("hex").slice(0, 16);
  return join(tmpdir(), `firehose-lab-${name}.lock`);
}

async function locked(file: string): Promise<Deno.FsFile> {
  const lock = await Deno.open(file, { create: true, write: true });
  try {
    await lock.lock(true);
    return lock;
  } catch (error) {
    lock.close();
    throw error;
  }
}

/** Whether the locked file still has its name: only then does everybody else wait for it. */
async function isAt(lock: Deno.FsFile, file: string): Promise<boolean> {
  const there = await Deno.stat(file).catch(() => undefined);
  return there !== undefined && there.ino === (await lock.stat()).ino;
}

/** The name goes first: a file without a lock may be claimed by somebody else. */
function release(lock: Deno.FsFile, file: string): void {
  try {
    Deno.removeSync(file);
  } finally {
    lock.close();
  }
}
