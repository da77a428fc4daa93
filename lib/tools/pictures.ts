/**
 * `deno task pictures`: takes the pictures of README and docs again.
 * @module
 */

import { fileURLToPath } from "node:url";
import { noOptions, runTool } from "./run_tool.ts";

const USAGE = `deno task pictures

Takes docs/1_delivery_stream.png, docs/4_size_limit.png, docs/console.png and docs/rehearse.png again, from
JupyterLab, the console and a report as they are now. Look at them before you commit them: on a busy
machine the buffer in the first one rises far above 1 MiB. It needs Chromium; CHROMIUM_PATH says where
it is.`;

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

async function run(): Promise<boolean> {
  // Chromium's driver reads /proc, which Deno gives only to programs with all rights.
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--config", pathOf("../../deno.json")]
      .concat(pathOf("pictures/take.ts")),
    stdin: "null",
  }).spawn().status;
  return success;
}

if (import.meta.main) await runTool({ usage: USAGE, readOptions: noOptions, run });
