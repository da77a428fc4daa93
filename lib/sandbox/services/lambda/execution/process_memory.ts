/**
 * The memory of a process of this machine and of all that it started.
 * @module
 */

import { readdirSync, readFileSync } from "node:fs";
import { withoutLoaderVariables } from "../../../child_environment.ts";

/** Figures of one moment, in bytes. */
export interface MemoryUse {
  /** What counts against a function's limit: memory that is not a file's. */
  readonly usedBytes: number;
  /** The most resident memory that the process ever had. */
  readonly peakBytes: number;
  /** The process itself and its descendants. */
  readonly pids: readonly number[];
}

/** Reads the figures of a process; undefined once it is gone. */
export type ReadMemory = (pid: number) => Promise<MemoryUse | undefined>;

/** From Linux's /proc. */
export const readMemoryFromProc: ReadMemory = (pid) => {
  const statuses = new Map<number, string>();
  const left = [pid];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const status = readText(`/proc/${next}/status`);
    if (status === undefined) continue;
    statuses.set(next, status);
    left.push(...childrenOf(next));
  }
  if (statuses.size === 0) return Promise.resolve(undefined);
  let [usedBytes, peakBytes] = [0, 0];
  for (const [one, status] of statuses) {
    usedBytes += statuses.size === 1 ? residentBytes(status) : shareBytes(one);
    peakBytes += kilobytesOf(status, "VmHWM");
  }
  return Promise.resolve({ usedBytes, peakBytes, pids: [...statuses.keys()] });
};

const residentBytes = (status: string) =>
  kilobytesOf(status, "RssAnon") + kilobytesOf(status, "RssShmem");

/** Pages that a forked process shares with others count in part, as a limit of Linux counts them once. */
function shareBytes(pid: number): number {
  const rollup = readText(`/proc/${pid}/smaps_rollup`);
  // An old kernel has no such file; a process that has just ended has no memory.
  if (!rollup) return residentBytes(readText(`/proc/${pid}/status`) ?? "");
  return kilobytesOf(rollup, "Pss_Anon") + kilobytesOf(rollup, "Pss_Shmem");
}

/** From `ps`, where there is no /proc: macOS and the BSDs. Files that are mapped count as well. */
export const readMemoryFromPs: ReadMemory = async (pid) => {
  const args = ["-A", "-o", "pid=,ppid=,rss="];
  const { success, stdout } = await new Deno.Command("ps", {
    args,
    env: withoutLoaderVariables(),
    stderr: "null",
  }).output();
  if (!success) return undefined;
  const rows = new TextDecoder().decode(stdout).trim().split("\n")
    .map((row) => row.trim().split(/\s+/).map(Number));
  const tree = new Set([pid]);
  // `ps` lists no parent after its child, but where numbers were used again.
  for (const [child, parent] of rows) if (tree.has(parent)) tree.add(child);
  const found = rows.filter(([child]) => tree.has(child));
  if (!found.some(([child]) => child === pid)) return undefined;
  const bytes = found.reduce((sum, [, , kilobytes]) => sum + kilobytes * 1024, 0);
  return { usedBytes: bytes, peakBytes: bytes, pids: found.map(([child]) => child) };
};

/** The reader for this machine. */
export const readMemory: ReadMemory = Deno.build.os === "linux"
  ? readMemoryFromProc
  : readMemoryFromPs;

function kilobytesOf(status: string, name: string): number {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status);
  return found ? Number(found[1]) * 1024 : 0;
}

/** Children of any thread of a process. Without CONFIG_PROC_CHILDREN there are none to be seen. */
function childrenOf(pid: number): number[] {
  return entriesOf(`/proc/${pid}/task`).flatMap((thread) =>
    (readText(`/proc/${pid}/task/${thread}/children`) ?? "").split(" ").filter(Boolean).map(Number)
  );
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // it ended in this moment
  }
}

function entriesOf(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
