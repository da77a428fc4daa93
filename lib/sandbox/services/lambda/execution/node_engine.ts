/**
 * Functions on the Node of the PATH: as on AWS, but with your rights: it may read your files and use the network.
 * @module
 */

import { type Engine, functionVariables } from "./engine.ts";
import { BOOTSTRAP, bootstrapVariables, bringsSdk, TASK_ROOT } from "./node_bootstrap.ts";
import type { NodeSdk } from "./node_sdk.ts";
import { nodeProgram } from "./node_program.ts";

/** Starts Node. */
export function nodeEngine(sdk: NodeSdk): Engine {
  return {
    name: "node",
    sendsSecret: true,
    marksEnds: true,
    taskRoot: () => TASK_ROOT,
    makeReady: async () => void await sdk.folder(),
    command: async (start) => {
      const sdkFolder = bringsSdk(start.runtime) ? await sdk.folder() : undefined;
      return {
        program: nodeProgram() ?? "node",
        args: [`--max-old-space-size=${start.memorySizeMB}`, BOOTSTRAP],
        env: { ...bootstrapVariables(start, sdkFolder), ...functionVariables(start) },
      };
    },
  };
}
