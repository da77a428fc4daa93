/**
 * Which engine starts the runtime of a function, and whether this machine can.
 * @module
 */

import { cannotConfine } from "./confinement/command.ts";
import { confinement } from "./confinement/support.ts";
import { denoEngine } from "./deno_engine.ts";
import type { Engines, FunctionEngine } from "./engine.ts";
import { providedEngine, pythonEngine, type Rights } from "./host_engine.ts";
import { nodeEngine } from "./node_engine.ts";
import { NodeSdk } from "./node_sdk.ts";
import { Python } from "./python/python.ts";

/** What the engines are made of. */
export interface EnginesOptions {
  /** As chosen when the sandbox was started. */
  readonly choice: FunctionEngine;
  /** See {@linkcode Python}. */
  readonly python: string | undefined;
  /** Where Python's environments and the SDK for Node are kept. */
  readonly folder: string;
  readonly onProgress: (text: string) => void;
  /** See {@linkcode HostOptions}; absent means no. */
  readonly isAlone?: boolean;
}

/** The name of this machine's processor in Lambda. */
export const ARCHITECTURE: "arm64" | "x86_64" = Deno.build.arch === "aarch64" ? "arm64" : "x86_64";

/** The engines of this machine. */
export function machineEngines(options: EnginesOptions): Engines {
  const { choice, folder, onProgress, isAlone = false } = options;
  const python = new Python({ choice: options.python, folder, onProgress });
  const sdk = new NodeSdk({ folder, onProgress });
  const rights: Rights = choice === "host" ? "own" : "confined";
  const host = { rights, isAlone };
  const engines = {
    nodejs: choice === "deno" ? denoEngine(sdk) : nodeEngine(sdk),
    python: pythonEngine(python, host),
    provided: providedEngine(host),
  };
  return {
    of: (runtime) => engines[familyOf(runtime)],
    async check(runtime, architecture) {
      if (runtime.startsWith("nodejs")) return;
      if (rights === "confined") await checkConfinement();
      if (runtime.startsWith("python")) {
        await python.interpreter(runtime);
        // The first invocation needs it, and reports a failure.
        python.environment(runtime).catch(() => {});
      } else if (architecture !== ARCHITECTURE) {
        throw new Error(
          `the function's bootstrap is for ${architecture}, and this machine is ${ARCHITECTURE}`,
        );
      }
    },
  };
}

function familyOf(runtime: string): "nodejs" | "python" | "provided" {
  if (runtime.startsWith("python")) return "python";
  return runtime.startsWith("provided") ? "provided" : "nodejs";
}

async function checkConfinement(): Promise<void> {
  const means = await confinement();
  if (means.kind === "missing") throw new Error(cannotConfine(means.reason));
}
