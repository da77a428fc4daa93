/**
 * Gives memory that was freed outside V8's heap back to the system. glibc keeps it where a piece in use
 * lies behind it: 20 s after 64 connections of batches, 107 of 209 MiB (2026-11-30). Only its function
 * `malloc_trim` gives such pages back.
 * @module
 */

import { setTimeout as pause } from "node:timers/promises";

/**
 * Deno's variable: on SIGUSR2 the process calls `malloc_trim`, and then collects all garbage in V8's
 * heap. Linux alone has it (`deno --help=full`, Deno 2.9.6). A process may signal itself with any
 * permissions.
 */
const VARIABLE = "DENO_USR2_MEMORY_TRIM";

/** Deno does both on the thread of this code, so they are over when a timer of this length ends. */
const TRIM_MS = 100;

/** Trims the memory of this process, and resolves when that is over; undefined where Deno does not. */
export function memoryTrim(): (() => Promise<void>) | undefined {
  if (Deno.build.os !== "linux" || !Deno.env.has(VARIABLE)) return undefined;
  // Without a listener the signal would end the process, should Deno not know the variable.
  Deno.addSignalListener("SIGUSR2", () => {});
  return async () => {
    Deno.kill(Deno.pid, "SIGUSR2");
    await pause(TRIM_MS);
  };
}
