/**
 * `deno task console-numbers`: compares every number on the console's page with what the SDK says.
 * @module
 */

import { fileURLToPath } from "node:url";
import { noOptions, runTool } from "./run_tool.ts";

const USAGE = `deno task console-numbers

Runs notebook 3 up to its clean-up with Chromium open on the console, and compares every number on the page
with what the SDK says. It needs Chromium; CHROMIUM_PATH says where it is.`;

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

async function run(): Promise<boolean> {
  // Chromium's driver reads /proc, which Deno gives only to programs with all rights.
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--config", pathOf("../../deno.json")]
      .concat(pathOf("console_numbers/compare.ts")),
    stdin: "null",
  }).spawn().status;
  return success;
}

if (import.meta.main) await runTool({ usage: USAGE, readOptions: noOptions, run });
