/**
 * The processes that a command was started by, and ends with. `npx` starts a shell, which starts this
 * package: when `npx` is killed, neither notices.
 * @module
 */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { platform } from "node:os";
import process from "node:process";

/** What is known of a process. */
interface ProcessEntry {
  readonly parent: number;
  /** The program's file name: `node`, `bash`. */
  readonly name: string;
  /** Whether it has ended, and only its id is left. */
  readonly isZombie: boolean;
}

const SHELL = /^-?(sh|bash|dash|zsh|ksh|ash|fish|busybox|cmd\.exe|powershell\.exe|pwsh)$/;

/**
 * The nearest process above this one that is no shell, through the shell of a package runner; undefined
 * under another shell: what is started there with `&` stays when the shell ends.
 */
export function starterOf(environment: NodeJS.ProcessEnv = process.env): number | undefined {
  const above = processEntry(process.ppid);
  if (!above) return undefined;
  if (!SHELL.test(above.name)) return process.ppid;
  const isRunners = environment.npm_config_user_agent !== undefined;
  const runner = isRunners ? processEntry(above.parent) : undefined;
  return runner && !SHELL.test(runner.name) ? above.parent : undefined;
}

const LOOK_EVERY_MS = 200;

/** Calls `onEnd` once the process has ended. */
export function watchEnd(pid: number, onEnd: () => void): void {
  const timer = setInterval(() => {
    if (isRunning(pid)) return;
    clearInterval(timer);
    onEnd();
  }, LOOK_EVERY_MS);
  timer.unref();
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  // Its id stays until its own starter asks for its end, which may be never.
  return platform() !== "linux" || processEntry(pid)?.isZombie === false;
}

function processEntry(pid: number): ProcessEntry | undefined {
  if (platform() === "win32") return undefined;
  return platform() === "linux" ? entryFromProc(pid) : entryFromPs(pid);
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; the name may hold spaces and brackets. */
function entryFromProc(pid: number): ProcessEntry | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const end = text.lastIndexOf(")");
    const [state, parent] = text.slice(end + 2).split(" ");
    const name = text.slice(text.indexOf("(") + 1, end);
    return { parent: Number(parent), name, isZombie: state === "Z" || state === "X" };
  } catch {
    return undefined;
  }
}

function entryFromPs(pid: number): ProcessEntry | undefined {
  const { stdout, status } = spawnSync("ps", ["-o", "ppid=,stat=,comm=", "-p", `${pid}`], {
    encoding: "utf8",
  });
  const [, parent, state, path] = /^\s*(\d+)\s+(\S+)\s+(.*\S)/.exec(stdout ?? "") ?? [];
  if (status !== 0 || parent === undefined) return undefined;
  const name = path.slice(path.lastIndexOf("/") + 1);
  return { parent: Number(parent), name, isZombie: state.startsWith("Z") };
}
