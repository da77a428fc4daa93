/**
 * `deno task console`: prints an address that opens the console of the running sandbox.
 * @module
 */

import { newConsoleAddress } from "../aws/place/console_address.ts";
import type { FoundSandbox } from "../aws/place/sandbox_process.ts";
import { provenSandbox } from "./profile_environment.ts";
import { noOptions, runTool, say } from "./run_tool.ts";

const USAGE = `deno task console

Prints the address of the sandbox's console, a page that shows where every record is. The address opens
it once, within 10 minutes; run this again for another.`;

/** A new address of the console. Throws an `Error` if a sandbox of an older version runs. */
export async function consoleAddress(
  sandbox: Pick<FoundSandbox, "endpoint" | "dataDir">,
): Promise<string> {
  const address = await newConsoleAddress(sandbox);
  if (address !== undefined) return address;
  throw new Error(
    `The sandbox at ${sandbox.endpoint} is of an older version: stop it, and start it again.`,
  );
}

async function run(): Promise<void> {
  say(await consoleAddress(await provenSandbox(Deno.env.toObject())));
}

if (import.meta.main) await runTool({ usage: USAGE, readOptions: noOptions, run });
