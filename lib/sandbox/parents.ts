/**
 * Processes that a sandbox ends with: those that `--parent` names, such as a test run or `npx`. A
 * starter that is killed can say nothing, so the sandbox looks.
 * @module
 */

import process from "node:process";
import { setTimeout as pauseMs } from "node:timers/promises";

/** What is asked about processes. */
export interface ProcessView {
  /** The process that started this one; another, once that one has ended. */
  parent(): number;
  isThere(pid: number): boolean;
}

/** The processes of this machine. */
export const machineProcesses: ProcessView = { parent: () => Deno.ppid, isThere };

const LOOK_EVERY_MS = 200;

/**
 * Resolves with the first of `pids` that has ended; never if there are none. Throws a `TypeError` for
 * one that is not there at the start.
 */
export function firstEnded(
  pids: readonly number[],
  processes: ProcessView = machineProcesses,
): Promise<number> {
  const absent = pids.find((pid) => !processes.isThere(pid));
  if (absent !== undefined) throw new TypeError(`--parent is ${absent}; there is no such process`);
  return pids.length === 0 ? new Promise(() => {}) : watch(pids, processes);
}

async function watch(pids: readonly number[], processes: ProcessView): Promise<number> {
  const parent = processes.parent();
  const hasEnded = (pid: number) =>
    // A killed process keeps its id until its own starter asks for its end, which may be never.
    pid === parent ? processes.parent() !== parent : !processes.isThere(pid);
  for (;;) {
    const ended = pids.find(hasEnded);
    if (ended !== undefined) return ended;
    await pauseMs(LOOK_EVERY_MS);
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0); // sends nothing
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    return error.code === "EPERM"; // of another user
  }
}
