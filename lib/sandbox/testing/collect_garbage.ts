/**
 * The garbage collector at the test's word, to see that something is held no longer.
 * @module
 */

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const gc: unknown = runInNewContext("gc");

/** Collects all garbage. What a `WeakRef` gave stays until the event loop's next turn. */
export function collectGarbage(): void {
  if (typeof gc !== "function") throw new Error("V8 does not give its garbage collector");
  gc();
}
