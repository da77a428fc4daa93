/**
 * Collects garbage in the moments that V8 does not choose. V8 collects when it needs room: what a burst of
 * requests left stays until the next burst, and under a steady load memory grows for a quarter of an
 * hour before it falls. What is freed outside V8's heap is given back too (`memory_trim.ts`).
 * @module
 */

import process from "node:process";
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { memoryTrim } from "./memory_trim.ts";

/** How often there is a look, and how much processor time between two looks counts as idle. */
const LOOK_MS = 2_000;
const IDLE_MS = 40;
/** Processor time after which there is something to collect. */
const WORK_MS = 100;
/** A thorough collection follows work that took so many times longer than the last one. */
const WORK_PER_COLLECTION = 5;

/** Processor time between two looks beyond which a process is busy: half of the time. */
const BUSY_MS = 1_000;
/** Growth of the old space after which a process collects that works steadily and is not busy. */
const GROWN_BYTES = 16 * 1024 * 1024;
/** Such a collection takes at most a hundredth of the time of the work before it. */
const WORK_PER_QUICK_COLLECTION = 100;

/** What {@linkcode idleCollector} needs of the process. */
export interface IdleProcess {
  /** Processor time of the process so far, in milliseconds. */
  readonly workedMs: () => number;
  /** Bytes in V8's old space, garbage included. */
  readonly oldBytes: () => number;
  /**
   * Collects garbage; resolves when that is over. `thorough` also gives up code that has not run for
   * long, and pages that are not in use.
   */
  readonly collect: (how: "thorough" | "quick") => Promise<void>;
}

/**
 * A function to be called every two seconds. It collects garbage thoroughly once the process is idle
 * after work, and quickly if the old space has grown by {@linkcode GROWN_BYTES} during steady work.
 */
export function idleCollector({ workedMs, oldBytes, collect }: IdleProcess): () => Promise<void> {
  let isCollecting = false;
  let collectedAt = 0;
  let lookedAt = 0;
  let neededMs = { thorough: WORK_MS, quick: WORK_MS };
  let keptBytes = Infinity;
  const collectNow = async (how: "thorough" | "quick", now: number) => {
    isCollecting = true;
    await collect(how);
    isCollecting = false;
    collectedAt = lookedAt = workedMs();
    keptBytes = oldBytes();
    const tookMs = collectedAt - now;
    const perCollection = { thorough: WORK_PER_COLLECTION, quick: WORK_PER_QUICK_COLLECTION };
    neededMs = { ...neededMs, [how]: Math.max(WORK_MS, tookMs * perCollection[how]) };
  };
  return async () => {
    if (isCollecting) return;
    const now = workedMs();
    const worked = now - lookedAt;
    lookedAt = now;
    const bytes = oldBytes();
    keptBytes = Math.min(keptBytes, bytes); // less after a collection of V8's own
    const isDue = (how: "thorough" | "quick") => now - collectedAt >= neededMs[how];
    if (worked < IDLE_MS && isDue("thorough")) return await collectNow("thorough", now);
    const hasGrown = bytes - keptBytes > GROWN_BYTES;
    if (worked < BUSY_MS && hasGrown && isDue("quick")) await collectNow("quick", now);
  };
}

/** Collects garbage in this process when it is idle after work or has grown. It does not keep it alive. */
export function collectWhenIdle(): void {
  const workedMs = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  const look = idleCollector({ workedMs, oldBytes, collect: collector() });
  Deno.unrefTimer(setInterval(look, LOOK_MS));
}

function oldBytes(): number {
  const old = getHeapSpaceStatistics().find(({ space_name }) => space_name === "old_space");
  return old?.space_used_size ?? 0;
}

/** V8's own function, and what gives memory outside its heap back where that can be had. */
function collector(): IdleProcess["collect"] {
  // A context gets the function if it is made after the flag is set: the process needs no flag.
  setFlagsFromString("--expose-gc");
  const gc: (options: object) => void = runInNewContext("gc");
  setFlagsFromString("--no-expose-gc");
  const collectAll = (flavor: "last-resort" | "regular") =>
    gc({ type: "major", execution: "sync", flavor });
  const trim = memoryTrim();
  return async (how) => {
    // A trim ends with a thorough collection by Deno.
    collectAll(how === "thorough" && !trim ? "last-resort" : "regular");
    if (how === "thorough") await trim?.();
  };
}
