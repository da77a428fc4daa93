/**
 * Functions that outlived their sandbox: a killed sandbox cannot end them, and a function in an
 * endless loop does not notice that nobody waits for its answer.
 * @module
 */

import { createHash } from "node:crypto";
import process from "node:process";

/** A variable of processes whose /tmp is mounted, so that no other variable names the real one. */
export const ORPHAN_MARK = "_SANDBOX_MARK";

/** Its value for environments below `folder`, which it does not tell. */
export const orphanMark = (folder: string): string =>
  createHash("sha256").update(folder).digest("hex").slice(0, 32);

/**
 * Ends the processes whose /tmp is below `folder`, and resolves with how many there were. They are
 * found in Linux's /proc; elsewhere they end by themselves, when they next ask for an invocation.
 */
export async function endOrphans(folder: string): Promise<number> {
  if (Deno.build.os !== "linux") return 0;
  // As a variable, and in the JSON that the bootstrap is given.
  const marks = [
    `${ORPHAN_MARK}=${orphanMark(folder)}`,
    `TMPDIR=${folder}/`,
    `"tmpFolder":${JSON.stringify(`${folder}/`).slice(0, -1)}`,
  ];
  let ended = 0;
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name) || Number(name) === Deno.pid) continue;
    const variables = await readIfAllowed(`/proc/${name}/environ`);
    const isOurs = marks.some((mark) => variables.includes(mark));
    if (isOurs && kill(Number(name))) ended++;
  }
  return ended;
}

/** Other users' processes, and those that end in this moment, say nothing. */
async function readIfAllowed(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    return "";
  }
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
}
