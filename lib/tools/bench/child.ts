/**
 * The processes that are measured: started, watched and ended.
 * @module
 */

import type { KeyPair } from "../../sandbox/sandbox.ts";

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
    args: ["run", "-A", "--no-check", script.pathname, ...args],
    env: { SANDBOX_ACCESS_KEY_ID: KEY.accessKeyId, SANDBOX_SECRET_ACCESS_KEY: KEY.secretAccessKey },
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

/** Ends a child, and resolves when it is gone. */
export async function end({ process }: Child): Promise<void> {
  process.kill("SIGTERM");
  await process.status;
}

/** Resident memory of a process in MiB, as Linux counts it. */
export async function residentMiB({ process }: Child): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${process.pid}/status`);
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}
