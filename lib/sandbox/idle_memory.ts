/**
 * Gives memory back while the sandbox has nothing to do. V8 collects garbage when it needs room, so
 * that what a burst of requests left stays until the next burst.
 * @module
 */

import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** How often there is a look, and how much processor time between two looks counts as idle. */
const LOOK_MS = 2_000;
const IDLE_MS = 40;
/** Processor time after which there is something to collect. */
const WORK_MS = 100;
/** A collection follows work that took so many times longer than the last one. */
const WORK_PER_COLLECTION = 5;

/** What {@linkcode idleCollector} needs of the process. */
export interface IdleProcess {
  /** Processor time of the process so far, in milliseconds. */
  readonly workedMs: () => number;
  readonly collect: () => void;
}

/**
 * A function to be called every two seconds: it collects garbage once the process is idle after work.
 * Collections take at most a fifth of the time of the work before them.
 */
export function idleCollector({ workedMs, collect }: IdleProcess): () => void {
  let collectedAt = 0;
  let lookedAt = 0;
  let neededMs = WORK_MS;
  return () => {
    const now = workedMs();
    const isIdle = now - lookedAt < IDLE_MS;
    lookedAt = now;
    if (!isIdle || now - collectedAt < neededMs) return;
    collect();
    collectedAt = lookedAt = workedMs();
    neededMs = Math.max(WORK_MS, (collectedAt - now) * WORK_PER_COLLECTION);
  };
}

/** Collects garbage whenever this process is idle after work. It does not keep the process alive. */
export function collectWhenIdle(): void {
  const workedMs = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  const timer = setInterval(idleCollector({ workedMs, collect: collector() }), LOOK_MS);
  Deno.unrefTimer(timer);
}

/** V8's own function, which also gives up code that has not run for long and unused pages. */
function collector(): () => void {
  // A context gets the function if it is made after the flag is set: the process needs no flag.
  setFlagsFromString("--expose-gc");
  const gc: (options: object) => void = runInNewContext("gc");
  setFlagsFromString("--no-expose-gc");
  return () => gc({ type: "major", execution: "sync", flavor: "last-resort" });
}
