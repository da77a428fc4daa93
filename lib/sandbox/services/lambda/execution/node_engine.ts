/**
 * Functions on the Node of the PATH: as on AWS, but with your rights: it may read your files and use the network.
 * @module
 */

import { type Engine, functionVariables, type RuntimeStart } from "./engine.ts";
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
        args: [
          `--max-old-space-size=${start.memorySizeMB}`,
          ...await switchedOff(start),
          BOOTSTRAP,
        ],
        env: { ...bootstrapVariables(start, sdkFolder), ...functionVariables(start) },
      };
    },
  };
}

/**
 * What Lambda switches off before nodejs24.x, unless NODE_OPTIONS switches it on
 * (https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html, read in December 2026).
 */
const SWITCHED_OFF = ["require-module", "detect-module"] as const;

async function switchedOff({ runtime, environment }: RuntimeStart): Promise<readonly string[]> {
  if (Number(/^nodejs(\d+)/.exec(runtime)?.[1]) >= 24) return [];
  const wanted = SWITCHED_OFF.filter((name) =>
    !environment.NODE_OPTIONS?.includes(`--experimental-${name}`)
  );
  knownOptions ??= optionsOfNode().catch((error) => {
    knownOptions = undefined; // the next start asks again
    throw error;
  });
  const known = await knownOptions;
  return wanted.map((name) => `--no-experimental-${name}`).filter((option) => known.has(option));
}

let knownOptions: Promise<ReadonlySet<string>> | undefined;

/** The options among these that this machine's Node has: older ones do not start with those of newer ones. */
async function optionsOfNode(): Promise<ReadonlySet<string>> {
  const options = SWITCHED_OFF.map((name) => `--no-experimental-${name}`);
  const known = await Promise.all(options.map(async (option) => {
    const command = new Deno.Command(nodeProgram() ?? "node", {
      args: [option, "--eval", ""],
      clearEnv: true,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    });
    return (await command.output()).success;
  }));
  return new Set(options.filter((_, at) => known[at]));
}
