/**
 * What both engines of the nodejs runtimes share: the bootstrap, and how it gets the variables.
 * @module
 */

import { fileURLToPath } from "node:url";
import { functionVariables, type RuntimeStart } from "./engine.ts";

/** The program that Lambda's nodejs runtimes are imitated with. */
export const BOOTSTRAP = fileURLToPath(new URL("./bootstrap.mjs", import.meta.url));

/** The variable with all others of the function, as JSON: no variable of a customer begins so. */
const FUNCTION_VARIABLES = "_FUNCTION_VARIABLES";

/** What the bootstrap itself begins with; it then sets the function's variables. */
export function bootstrapVariables(start: RuntimeStart): Record<string, string> {
  return {
    // An error's text is the function's answer: no colours in it, unless the function asks.
    NO_COLOR: "1",
    [FUNCTION_VARIABLES]: JSON.stringify(functionVariables(start)),
  };
}
