/**
 * Collects garbage in the moments that V8 does not choose. V8 collects when it needs room: what a burst of
 * requests left stays until the next burst, and under a steady load memory grows for a quarter of an
 * hour before it falls. What is freed outside V8's heap is given back too (`memory_trim.ts`).
 * @module
 */

import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { memoryTrim } from "./memory_trim.ts";

/** How often there is a look, and how much processor time between two looks counts as idle. */
const LOOK_MS = 2_000;
const IDLE_MS = 40;
/**
 * Idle looks before a collection: six seconds at least. A thorough one gives up compiled code too, and
 * requests are a fifth slower for some seconds after it. In the meantime the database frees its memory.
 */
const IDLE_LOOKS = 3;
/** Processor time after which there is something to collect. */
const WORK_MS = 100;
/** A collection in an idle process follows work that took so many times longer than the last one. */
const WORK_PER_COLLECTION = 5;

/** Processor time between two looks beyond which a process is busy: half of the time. */
const BUSY_MS = 1_000;
/** Growth after which a process collects that works steadily and is not busy. */
const GROWN_BYTES = 16 * 1024 * 1024;
/**
 * Such a collection takes at most a five-hundredth of the time since the last one, so that one call in
 * five hundred waits for it, and a twentieth of the work.
 */
const TIME_PER_QUICK_COLLECTION = 500;
const WORK_PER_QUICK_COLLECTION = 20;
/** After the start V8 compiles, and its heap finds its size: a collection would only delay that. */
const WARM_UP_MS = 20_000;

/** After a collection, V8 frees the buffers that it found on another thread. */
const FREED_MS = 300;

/** What {@linkcode idleCollector} needs of the process. */
export interface IdleProcess {
  /** Processor time of the process so far, in milliseconds. */
  readonly workedMs: () => number;
  /** Bytes of memory that the process holds, garbage included. */
  readonly heldBytes: () => number;
  /**
   * Collects garbage; resolves when that is over. A `thorough` collection takes twice the time, leaves no
   * page that is not in use, and gives up compiled code.
   */
  readonly collect: (how: "thorough" | "quick") => Promise<void>;
}

/**
 * A function to be called every two seconds. It collects garbage once the process is idle after work,
 * and during steady work once memory has grown by {@linkcode GROWN_BYTES}.
 */
export function idleCollector(
  { workedMs, heldBytes, collect }: IdleProcess,
): () => Promise<void> {
  let isCollecting = false;
  let collectedAt = 0;
  let lookedAt = 0;
  let idleLooks = 0;
  let passedMs = -WARM_UP_MS;
  let tookMs = 0;
  let keptBytes = Infinity;
  const collectNow = async (how: "thorough" | "quick", now: number) => {
    isCollecting = true;
    await collect(how);
    isCollecting = false;
    collectedAt = lookedAt = workedMs();
    tookMs = collectedAt - now;
    keptBytes = heldBytes();
    passedMs = 0;
  };
  return async () => {
    if (isCollecting) return;
    const now = workedMs();
    const worked = now - lookedAt;
    lookedAt = now;
    passedMs += LOOK_MS;
    idleLooks = worked < IDLE_MS ? idleLooks + 1 : 0;
    const bytes = heldBytes();
    keptBytes = Math.min(keptBytes, bytes); // less after a collection of V8's own
    const isDue = (perCollection: number) =>
      now - collectedAt >= Math.max(WORK_MS, tookMs * perCollection);
    if (idleLooks >= IDLE_LOOKS && isDue(WORK_PER_COLLECTION)) {
      return await collectNow("thorough", now);
    }
    const hasGrown = bytes - keptBytes > GROWN_BYTES;
    if (
      worked < BUSY_MS && hasGrown && isDue(WORK_PER_QUICK_COLLECTION) &&
      passedMs >= tookMs * TIME_PER_QUICK_COLLECTION
    ) await collectNow("quick", now);
  };
}

/** Collects garbage in this process when it is idle after work or has grown. It does not keep it alive. */
export function collectWhenIdle(): void {
  const workedMs = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  const heldBytes = () => process.memoryUsage.rss();
  const look = idleCollector({ workedMs, heldBytes, collect: collector() });
  Deno.unrefTimer(setInterval(look, LOOK_MS));
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
  // The last resort gives up compiled code, and a trim ends with one: neither is for a process at work.
  if (trim === undefined) {
    return (how) => Promise.resolve(collectAll(how === "thorough" ? "last-resort" : "regular"));
  }
  return async (how) => {
    collectAll("regular");
    if (how === "quick") return;
    await pause(FREED_MS);
    await trim();
  };
}
