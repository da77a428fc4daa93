/**
 * `deno task coverage`: writes lib/sandbox/COVERAGE.md, the list of AWS's operations that the sandbox
 * has.
 * @module
 */

import { coverage, COVERAGE_FILE } from "../sandbox/coverage/coverage.ts";
import { noOptions, runTool } from "./run_tool.ts";

const USAGE = `deno task coverage

Writes lib/sandbox/COVERAGE.md: AWS's operations and members, and which of them the sandbox has.
Ends with 1 where something in it is not explained.`;

async function run(): Promise<boolean> {
  const { page, problems } = await coverage();
  await Deno.writeTextFile(COVERAGE_FILE, page);
  for (const problem of problems) console.error(problem);
  return problems.length === 0;
}

if (import.meta.main) await runTool({ usage: USAGE, readOptions: noOptions, run });
