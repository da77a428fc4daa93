/**
 * `deno task console`: prints the address of the console of the running sandbox, with its token.
 * @module
 */

import { readRunningFile } from "../sandbox/running_file.ts";
import { provenSandbox } from "./profile_environment.ts";
import { noOptions, runTool, say } from "./run_tool.ts";

const USAGE = `deno task console

Prints the address of the sandbox's console, a page that shows where every record is. The address holds
the token of this start of the sandbox: who has it controls the sandbox.`;

/** The console's address for its owner. Throws an `Error` if an older sandbox runs, which has none. */
export function consoleAddress(endpoint: string, dataDir: string): string {
  const token = readRunningFile(dataDir)?.token;
  if (token === undefined) throw new Error(`The sandbox at ${endpoint} has no console.`);
  return `${endpoint}/_sandbox/console?token=${token}`;
}

async function run(): Promise<void> {
  const { endpoint, dataDir } = await provenSandbox(Deno.env.toObject());
  say(consoleAddress(endpoint, dataDir));
}

if (import.meta.main) await runTool({ usage: USAGE, readOptions: noOptions, run });
