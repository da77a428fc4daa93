/**
 * The temporary folder of a sandbox that keeps its data in memory: its AWS files, and its functions'
 * files. A sandbox that is killed can't remove it. Then the helper of `outside_view.ts` does, which
 * runs once a function has run; and otherwise the next such sandbox.
 * @module
 */

import { join } from "node:path";
import {
  claimDataDir,
  claimLeftDir,
  type DataDir,
  isSandboxFolder,
  LOCK_FILE,
} from "./data_dir.ts";
import {
  ENVIRONMENTS,
  type OutsideView,
  outsideView,
} from "./services/lambda/execution/outside_view.ts";

const PREFIX = "firehose-lab-";

/** A younger folder may be that of a sandbox which has not locked it yet. */
const LEFT_AFTER_MS = 60_000;

/** Creates a temporary folder and claims it; its release removes it. */
export function claimTempDir(say: (line: string) => void): DataDir {
  const path = Deno.makeTempDirSync({ prefix: PREFIX });
  outsideView.guard({ folder: path });
  const remove = () => Deno.removeSync(path, { recursive: true });
  try {
    const { release } = claimDataDir(path, say);
    return {
      path,
      release() {
        release();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/**
 * Removes the temporary folders in `parent` that killed sandboxes of this user have left, and ends
 * their functions. Folders of running sandboxes stay. What can't be removed now is left to the next
 * start.
 */
export async function removeLeftTempDirs(
  parent: string,
  view: Pick<OutsideView, "endOrphans">,
  nowMs: number,
): Promise<void> {
  for (const { name, isDirectory } of Deno.readDirSync(parent)) {
    const path = join(parent, name);
    if (!isDirectory || !name.startsWith(PREFIX) || !isLeft(path, nowMs)) continue;
    await removeLeft(path, view).catch(() => {});
  }
}

/** Whether a folder is old enough, ours, and a sandbox's. Other tools' folders have no lock. */
function isLeft(path: string, nowMs: number): boolean {
  try {
    const { mtime, uid } = Deno.lstatSync(path);
    const isOwn = Deno.build.os === "windows" || uid === Deno.uid();
    return isOwn && nowMs - (mtime?.getTime() ?? nowMs) > LEFT_AFTER_MS && isSandboxFolder(path);
  } catch {
    return false; // another start has removed it in this moment
  }
}

async function removeLeft(path: string, view: Pick<OutsideView, "endOrphans">): Promise<void> {
  const claimed = claimLeftDir(path);
  if (!claimed) return;
  try {
    for (const { name, isDirectory } of Deno.readDirSync(path)) {
      // The lock goes last: a folder without it is not recognized.
      if (name === LOCK_FILE) continue;
      const environments = join(path, name, ENVIRONMENTS);
      if (isDirectory && hasEntries(environments)) await view.endOrphans(environments);
      await Deno.remove(join(path, name), { recursive: true });
    }
  } finally {
    claimed.release();
  }
  await Deno.remove(path, { recursive: true });
}

function hasEntries(folder: string): boolean {
  try {
    return !Deno.readDirSync(folder)[Symbol.iterator]().next().done;
  } catch {
    return false;
  }
}
