/**
 * Functions on the Node of the PATH: as on AWS, but with your rights: it may read your files and use the network.
 * @module
 */

import { type Engine, functionVariables } from "./engine.ts";
import { BOOTSTRAP, bootstrapVariables, TASK_ROOT } from "./node_bootstrap.ts";
import { nodeProgram } from "./node_program.ts";

/** Starts Node. */
export const nodeEngine: Engine = {
  name: "node",
  sendsSecret: true,
  marksEnds: true,
  taskRoot: () => TASK_ROOT,
  command: (start) => ({
    program: nodeProgram() ?? "node",
    args: [`--max-old-space-size=${start.memorySizeMB}`, BOOTSTRAP],
    env: { ...bootstrapVariables(start), ...functionVariables(start) },
  }),
};
