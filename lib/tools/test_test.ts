import { assertEquals } from "@std/assert";
import { tallyOf } from "./test.ts";

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
