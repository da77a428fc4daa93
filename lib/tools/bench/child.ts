/**
 * The processes that are measured: started, watched and ended.
 * @module
 */

import { setTimeout as pause } from "node:timers/promises";
import type { KeyPair } from "../../sandbox/sandbox.ts";
import { V8_FLAGS } from "../../sandbox/v8_flags.ts";

/** The root key of the sandbox that is measured. */
export const KEY: KeyPair = {
  accessKeyId: "AKIABENCHBENCHBENCH0",
  secretAccessKey: "secret-of-a-bench-on-loopback",
};

/** A process that has printed its first line: it is ready. */
export interface Child {
  readonly process: Deno.ChildProcess;
  readonly firstLine: string;
  /** Milliseconds from the start to the first line. */
  readonly readyMs: number;
}

/** Starts `script`, a module's address, and resolves when it has printed a line. */
export async function start(script: URL, args: readonly string[]): Promise<Child> {
  const beganMs = performance.now();
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      V8_FLAGS,
      "--config",
      configOf(script),
      "-A",
      "--no-check",
      script.pathname,
      ...args,
    ],
    env: {
      ...await taskEnvironment(script),
      SANDBOX_ACCESS_KEY_ID: KEY.accessKeyId,
      SANDBOX_SECRET_ACCESS_KEY: KEY.secretAccessKey,
    },
    stdout: "piped",
  }).spawn();
  const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`${script} ended before it was ready`);
    text += value;
  }
  reader.releaseLock();
  return { process, firstLine: text.trim(), readyMs: performance.now() - beganMs };
}

/** The variables that the build's task `sandbox` sets. */
async function taskEnvironment(script: URL): Promise<Record<string, string>> {
  const { tasks }: { readonly tasks: Readonly<Record<string, string>> } = JSON.parse(
    await Deno.readTextFile(configOf(script)),
  );
  const [assignments = ""] = /^(?:\w+=\S+ )*/.exec(tasks.sandbox) ?? [];
  const pairs = assignments.trim().split(" ").filter((text) => text !== "");
  return Object.fromEntries(pairs.map((pair) => pair.split("=", 2)));
}

/** The configuration of the build that `script` is of: builds of two commits may be measured. */
function configOf(script: URL): string {
  return `${script.pathname.slice(0, script.pathname.lastIndexOf("/lib/"))}/deno.json`;
}

/** Ends a child, and resolves when it is gone. */
export async function end({ process }: Child): Promise<void> {
  process.kill("SIGTERM");
  await process.status;
}

/** Milliseconds of processor time that a process has taken so far, in steps of 10. */
export async function processorMs({ process }: Child): Promise<number> {
  const stat = await procFile(process, "stat");
  // After the name in brackets, which may hold spaces: user and system time are the 12th and 13th.
  const [user, system] = stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 13);
  return (Number(user) + Number(system)) * 10;
}

/**
 * Waits until a process has nothing to do: it took no more than one step of processor time in each of
 * three looks, a fifth of a second apart. Asking the process itself would be work for it.
 */
export async function untilStill(child: Child): Promise<void> {
  let before = await processorMs(child);
  for (let looks = 0; looks < 3;) {
    await pause(200);
    const now = await processorMs(child);
    looks = now - before > 10 ? 0 : looks + 1;
    before = now;
  }
}

/** The most resident memory that a process has had so far, in MiB. */
export async function peakMiB({ process }: Child): Promise<number> {
  const status = await procFile(process, "status");
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

/** Resident memory of a process in MiB, as Linux counts it. */
export async function residentMiB({ process }: Child): Promise<number> {
  const status = await procFile(process, "status");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

/** A sandbox collects garbage once it has been idle for six to eight seconds. */
const IDLE_MS = 10_000;

/** Resident memory of a process that is given nothing to do for a while before. */
export async function idleMiB(child: Child): Promise<number> {
  await pause(IDLE_MS);
  return await residentMiB(child);
}

/** By another program: Deno reads in /proc with all permissions only. */
async function procFile({ pid }: Deno.ChildProcess, name: string): Promise<string> {
  const { stdout } = await new Deno.Command("cat", { args: [`/proc/${pid}/${name}`] }).output();
  return new TextDecoder().decode(stdout);
}
