/**
 * `deno task schemas`: writes lib/sandbox/schemas/, the SDK's schemas of the operations that the
 * sandbox has. Run it after an operation is added, or after a client of the SDK is updated.
 * @module
 */

import { schemaModules } from "../sandbox/schemas/modules.ts";
import { noOptions, runTool } from "./run_tool.ts";

const USAGE = `deno task schemas

Writes lib/sandbox/schemas/: the SDK's schemas of the operations that the sandbox has.`;

async function run(): Promise<void> {
  for (const [path, text] of await schemaModules()) await Deno.writeTextFile(path, text);
}

if (import.meta.main) await runTool({ usage: USAGE, readOptions: noOptions, run });
