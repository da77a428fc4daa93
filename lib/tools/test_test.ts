import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { PROJECT_DIR } from "../aws/place/sandbox_process.ts";
import { readImportGraph } from "./import_graph.ts";
import { ALONE, GROUPS, tallyOf } from "./test.ts";

for (
  const [what, output, success, passed, failed] of [
    ["deno test that passed", "ok | 3 passed (1 step) | 0 failed | 2 ignored (1s)\n", true, 3, 0],
    ["deno test that failed", "FAILED | 3 passed | 2 failed (1s)\nhint\n", false, 3, 2],
    ["deno test whose module threw", "ok | 3 passed | 0 failed (1s)\n", false, 3, 1],
    ["a task", "ok   fmt\ncheck: 4 passed, 1 failed\n", false, 4, 1],
    ["a part that printed no sum and passed", "hello\n", true, 1, 0],
    ["a part that printed no sum and failed", "oops\n", false, 0, 1],
    [
      "text that only looks like a sum",
      "we 3 passed, 0 failed\nok | 1 passed | 0 failed\n",
      true,
      1,
      0,
    ],
  ] as const
) {
  Deno.test(`tallyOf() reads the sum of ${what}`, () => {
    assertEquals(tallyOf(output, { success }), { passed, failed });
  });
}

/** What a test may not do beside others, in one process. */
const SHARED = /\bDeno\.(?:env\.(?:set|delete)|umask|chdir)\(|\bmemoryUsage\(/;

Deno.test("a test file that changes or measures the whole process runs alone", async () => {
  const graph = await readImportGraph(PROJECT_DIR, ["lib", "lambda"]);
  const sharing: string[] = [];
  for (const file of [...graph.keys()].filter((path) => path.endsWith("_test.ts"))) {
    if (file.endsWith("tools/test_test.ts")) continue;
    if (SHARED.test(await Deno.readTextFile(join(PROJECT_DIR, file)))) sharing.push(file);
  }
  assertEquals(sharing.sort(), [...ALONE]);
});

Deno.test("the groups name files and folders that exist, and the last ones have all that is left", async () => {
  for (const path of GROUPS.flat()) assert(await Deno.stat(join(PROJECT_DIR, path)), path);
  assertEquals(GROUPS.slice(-2), [["lib"], ["lambda"]]);
});

Deno.test("a group has one folder, or what it leaves out would run twice", async () => {
  for (const group of GROUPS.slice(1)) {
    assertEquals(group.length, 1);
    assert((await Deno.stat(join(PROJECT_DIR, group[0]))).isDirectory, group[0]);
  }
});
