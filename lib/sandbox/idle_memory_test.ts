import { assertEquals } from "@std/assert";
import { idleCollector } from "./idle_memory.ts";

/** The looks at which a process collected that worked so many milliseconds before each look. */
function collectedAt(worked: readonly number[], collectionMs = 10): number[] {
  const looks: number[] = [];
  let now = 0;
  let look = 0;
  const collect = () => {
    looks.push(look);
    now += collectionMs;
  };
  const atLook = idleCollector({ workedMs: () => now, collect });
  for (const [index, ms] of worked.entries()) {
    now += ms;
    look = index;
    atLook();
  }
  return looks;
}

for (
  const [what, worked, collected] of [
    ["after a burst, once", [500, 800, 5, 5, 5, 5], [2]],
    ["after each burst", [500, 5, 500, 5, 5], [1, 3]],
    ["not during steady work", [500, 500, 500, 500], []],
    ["not for a few milliseconds of work", [5, 5, 5, 5], []],
    ["for little work once it adds up", [30, 30, 30, 30, 0], [3]],
  ] as const
) {
  Deno.test(`garbage is collected ${what}`, () => {
    assertEquals(collectedAt(worked), [...collected]);
  });
}

Deno.test("collections that take long come after more work", () => {
  const burst = [500, 0];
  assertEquals(collectedAt([...burst, ...burst, ...burst, ...burst], 200), [1, 5]);
});
