/**
 * The memory of a process of this machine and of all that it started.
 * @module
 */

import { readdirSync, readFileSync } from "node:fs";

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
  let [usedBytes, peakBytes] = [0, 0];
  const pids: number[] = [];
  const left = [pid];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const status = readText(`/proc/${next}/status`);
    if (status === undefined) continue;
    pids.push(next);
    usedBytes += kilobytesOf(status, "RssAnon") + kilobytesOf(status, "RssShmem");
    peakBytes += kilobytesOf(status, "VmHWM");
    left.push(...childrenOf(next));
  }
  return Promise.resolve(pids.length === 0 ? undefined : { usedBytes, peakBytes, pids });
};

/** From `ps`, where there is no /proc: macOS and the BSDs. Files that are mapped count as well. */
export const readMemoryFromPs: ReadMemory = async (pid) => {
  const args = ["-A", "-o", "pid=,ppid=,rss="];
  const { success, stdout } = await new Deno.Command("ps", { args, stderr: "null" }).output();
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
