/**
 * `deno task coverage`: writes lib/sandbox/COVERAGE.md, the list of AWS's operations that the sandbox
 * has.
 * @module
 */

import { coverage, COVERAGE_FILE } from "../sandbox/coverage/coverage.ts";

if (import.meta.main) {
  const { page, problems } = await coverage();
  await Deno.writeTextFile(COVERAGE_FILE, page);
  for (const problem of problems) console.error(problem);
  Deno.exit(problems.length === 0 ? 0 : 1);
}
