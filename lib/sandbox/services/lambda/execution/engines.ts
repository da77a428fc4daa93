/**
 * Which engine starts the runtime of a function, and whether this machine can.
 * @module
 */

import { cannotConfine } from "./confinement/command.ts";
import { confinement } from "./confinement/support.ts";
import { denoEngine } from "./deno_engine.ts";
import type { Engine, Engines, FunctionEngine } from "./engine.ts";
import { providedEngine, pythonEngine, type Rights } from "./host_engine.ts";
import { nodeEngine } from "./node_engine.ts";
import { Python } from "./python/python.ts";

/** What the engines are made of. */
export interface EnginesOptions {
  /** As chosen when the sandbox was started. */
  readonly choice: FunctionEngine;
  /** See {@linkcode Python}. */
  readonly python: string | undefined;
  /** Where virtual environments of Python are kept. */
  readonly folder: string;
  readonly onProgress: (text: string) => void;
}

/** The name of this machine's processor in Lambda. */
export const ARCHITECTURE: "arm64" | "x86_64" = Deno.build.arch === "aarch64" ? "arm64" : "x86_64";

/** The engines of this machine. */
export function machineEngines(options: EnginesOptions): Engines {
  const { choice, folder, onProgress } = options;
  const python = new Python({ choice: options.python, folder, onProgress });
  const rights: Rights = choice === "host" ? "own" : "confined";
  const engines = { python: pythonEngine(python, rights), provided: providedEngine(rights) };
  return {
    of: (runtime) => engineFor(runtime, choice, engines),
    async check(runtime, architecture) {
      if (runtime.startsWith("nodejs")) return;
      if (rights === "confined") await checkConfinement();
      if (runtime.startsWith("python")) {
        await python.interpreter(runtime);
        // The first invocation will want it; its failure is told there.
        python.environment(runtime).catch(() => {});
      } else if (architecture !== ARCHITECTURE) {
        throw new Error(
          `the function's bootstrap is for ${architecture}, and this machine is ${ARCHITECTURE}`,
        );
      }
    },
  };
}

function engineFor(
  runtime: string,
  choice: FunctionEngine,
  { python, provided }: { readonly python: Engine; readonly provided: Engine },
): Engine {
  if (runtime.startsWith("python")) return python;
  if (runtime.startsWith("provided")) return provided;
  return choice === "deno" ? denoEngine : nodeEngine;
}

async function checkConfinement(): Promise<void> {
  const means = await confinement();
  if (means.kind === "missing") throw new Error(cannotConfine(means.reason));
}
