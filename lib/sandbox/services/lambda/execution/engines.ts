/**
 * Which engine starts the runtime of a function.
 * @module
 */

import { denoEngine } from "./deno_engine.ts";
import type { Engine, FunctionEngine } from "./engine.ts";
import { nodeEngine } from "./node_engine.ts";

/** The engine of the nodejs runtimes, as chosen when the sandbox was started. */
export function engineOf(choice: FunctionEngine): Engine {
  return choice === "node" ? nodeEngine : denoEngine;
}
