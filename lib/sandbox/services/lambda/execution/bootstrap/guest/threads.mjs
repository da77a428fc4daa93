/**
 * `node:worker_threads`: a thread of a function gets the same world as the function.
 * @module
 */
import process from "node:process";
import threads from "node:worker_threads";

const BOOT = new URL("./thread.mjs", import.meta.url);

/** Changes `Worker`, so that `thread.mjs` runs before the thread's own code. */
export function installThreads(world) {
  const { Worker } = threads;
  threads.Worker = class extends Worker {
    constructor(code, options = {}) {
      const { eval: isSource = false, workerData, env, ...rest } = options;
      const file = code instanceof URL ? code.href : String(code);
      const variables = env && typeof env === "object" ? env : { ...process.env };
      const given = { world: { ...world, variables }, code: file, isSource, workerData };
      super(BOOT, { ...rest, workerData: given });
    }
  };
}
