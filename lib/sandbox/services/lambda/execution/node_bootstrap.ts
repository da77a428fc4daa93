/**
 * What both engines of the nodejs runtimes share: the bootstrap, and what it is given.
 * @module
 */

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { functionVariables, type RuntimeStart } from "./engine.ts";

/** The program that Lambda's nodejs runtimes are imitated with. */
export const BOOTSTRAP = fileURLToPath(new URL("./bootstrap/main.mjs", import.meta.url));
/** All files that it imports. */
export const BOOTSTRAP_FOLDER = dirname(BOOTSTRAP);

/** Where a function's code is on AWS, and seems to be here. */
export const TASK_ROOT = "/var/task";

/** The variable with all that the bootstrap is given, as JSON; it leaves none of it in place. */
const WORLD = "_SANDBOX_WORLD";

/** Runtimes that bring the SDK for JavaScript v3; nodejs16.x brought its second version. */
export const bringsSdk = (runtime: string) => !/^nodejs1[0-6]\./.test(runtime);

/** What the bootstrap's process begins with. */
export function bootstrapVariables(
  start: RuntimeStart,
  sdkFolder: string | undefined,
): Record<string, string> {
  const { taskFolder, tmpFolder, tmpBytesMax, memorySizeMB, runtime, secret } = start;
  const variables = functionVariables(start);
  const world = {
    variables,
    taskFolder,
    tmpFolder,
    tmpBytesMax,
    memorySizeMB,
    runtime,
    secret,
    sdkFolder,
  };
  return {
    // An error's text is the function's answer: no colours in it, unless the function asks.
    NO_COLOR: "1",
    [WORLD]: JSON.stringify(world),
  };
}
