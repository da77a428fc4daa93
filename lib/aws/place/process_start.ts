/**
 * When a process began. Process ids are used again: an id alone does not say that it is still the
 * same process.
 * @module
 */

import { Buffer } from "node:buffer";

/** The kernel counts in hundredths of a second for programs, on every Linux. */
const TICK_MS = 10;

/**
 * The start of process `pid`, in milliseconds since the epoch; `"unknown"` on a system that does not
 * tell, undefined if there is no such process. A second off at most.
 */
export async function processStart(pid: number): Promise<number | "unknown" | undefined> {
  switch (Deno.build.os) {
    case "linux":
      return await startOnLinux(pid);
    case "windows":
      return "unknown";
    default:
      return await startFromPs(pid);
  }
}

/**
 * Deno lets no program read `/proc` without every permission: then `ps` is asked.
 */
async function startOnLinux(pid: number): Promise<number | "unknown" | undefined> {
  try {
    return await startFromProc(pid);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    return await startFromPs(pid);
  }
}

/** `/proc` counts from the start of the machine. */
async function startFromProc(pid: number): Promise<number | "unknown" | undefined> {
  const [ownTicks, ticks] = await Promise.all([startTicks("self"), startTicks(`${pid}`)]);
  if (ticks === undefined || ownTicks === undefined) return undefined;
  const [uptimeSeconds] = (await Deno.readTextFile("/proc/uptime")).split(" ");
  const nowMs = Date.now();
  const startOf = (ticks: number) => nowMs - Number(uptimeSeconds) * 1000 + ticks * TICK_MS;
  // Some containers have their own uptime and the machine's ticks: then this process has not
  // begun yet.
  return startOf(ownTicks) > nowMs + 1000 ? "unknown" : startOf(ticks);
}

/** Field 22 of `/proc/PID/stat`; the second field is a name that may hold spaces and brackets. */
async function startTicks(pid: string): Promise<number | undefined> {
  try {
    const text = await Deno.readTextFile(`/proc/${pid}/stat`);
    return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[19]);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function startFromPs(pid: number): Promise<number | "unknown" | undefined> {
  try {
    const { success, stdout } = await new Deno.Command("ps", {
      args: ["-o", "lstart=", "-p", `${pid}`],
      env: { LC_ALL: "C" },
      stdin: "null",
      stderr: "null",
    }).output();
    if (!success) return undefined;
    const startMs = Date.parse(Buffer.from(stdout).toString().trim());
    return Number.isNaN(startMs) ? "unknown" : startMs;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "unknown"; // no `ps`
    throw error;
  }
}
