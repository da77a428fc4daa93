import { assertEquals } from "@std/assert";
import { idleCollector } from "./idle_memory.ts";

/** The looks at which a process collected that worked so many milliseconds before each look. */
async function collectedAt(worked: readonly number[], collectionMs = 10): Promise<number[]> {
  const looks: number[] = [];
  let now = 0;
  let look = 0;
  const collect = () => {
    looks.push(look);
    now += collectionMs;
    return Promise.resolve();
  };
  const atLook = idleCollector({ workedMs: () => now, heldBytes: () => 0, collect });
  for (const [index, ms] of worked.entries()) {
    now += ms;
    look = index;
    await atLook();
  }
  return looks;
}

for (
  const [what, worked, collected] of [
    ["after a burst, once", [500, 800, 5, 5, 5, 5], [3]],
    ["after each burst", [500, 5, 5, 500, 5, 5, 5], [2, 5]],
    ["not during steady work", [500, 500, 500, 500], []],
    ["not in a short pause", [500, 5, 500, 5, 500], []],
    ["not for a few milliseconds of work", [5, 5, 5, 5], []],
    ["for little work once it adds up", [30, 30, 30, 30, 0], [3]],
  ] as const
) {
  Deno.test(`garbage is collected ${what}`, async () => {
    assertEquals(await collectedAt(worked), [...collected]);
  });
}

Deno.test("collections that take long come after more work", async () => {
  const burst = [500, 0, 0];
  assertEquals(await collectedAt([...burst, ...burst, ...burst, ...burst], 200), [2, 8]);
});

const MIB = 1024 * 1024;

/**
 * The collections of a process that works `workMs` before each look, and then holds so many MiB more.
 * 20 MiB are in use; a collection takes `collectionMs`.
 */
async function collectedAsGrown(
  grownMiB: readonly number[],
  workMs: number,
  collectionMs = 2,
): Promise<string[]> {
  const collections: string[] = [];
  let [now, bytes, look] = [0, 20 * MIB, 0];
  const collect = (how: string) => {
    collections.push(`${how} at ${look}`);
    now += collectionMs;
    bytes = 20 * MIB;
    return Promise.resolve();
  };
  const atLook = idleCollector({ workedMs: () => now, heldBytes: () => bytes, collect });
  for (const mib of grownMiB) {
    now += workMs;
    bytes += mib * MIB;
    await atLook();
    look++;
  }
  return collections;
}

Deno.test("steady work is followed by a quick collection once 16 MiB have come", async () => {
  const steady = Array.from({ length: 13 }, () => 5);
  assertEquals(await collectedAsGrown(steady, 300), ["quick at 4", "quick at 8", "quick at 12"]);
});

Deno.test("a process that is busy leaves it to V8", async () => {
  assertEquals(await collectedAsGrown(Array.from({ length: 20 }, () => 30), 1_500), []);
});

Deno.test("quick collections take at most a five-hundredth of the time", async () => {
  // 40 ms of 20 s, which are ten looks.
  const grown = Array.from({ length: 32 }, () => 30);
  assertEquals(await collectedAsGrown(grown, 500, 40), [
    "quick at 1",
    "quick at 11",
    "quick at 21",
    "quick at 31",
  ]);
});

Deno.test("quick collections take at most a twentieth of the work", async () => {
  // 40 ms of 800, which are sixteen looks.
  const grown = Array.from({ length: 36 }, () => 30);
  assertEquals(await collectedAsGrown(grown, 50, 40), [
    "quick at 1",
    "quick at 17",
    "quick at 33",
  ]);
});

Deno.test("growth counts from the lowest size, also after a collection of V8's own", async () => {
  // 20, 35, 10 and 25 MiB; then 27, which is 17 more than 10.
  assertEquals(await collectedAsGrown([0, 15, -25, 15], 300), []);
  assertEquals(await collectedAsGrown([0, 15, -25, 15, 2], 300), ["quick at 4"]);
});

Deno.test("a look during a collection changes nothing", async () => {
  const collection = Promise.withResolvers<void>();
  let [now, collections] = [0, 0];
  const collect = () => {
    collections++;
    return collection.promise;
  };
  const atLook = idleCollector({ workedMs: () => now, heldBytes: () => 0, collect });
  now += 500;
  await atLook();
  await atLook();
  const collecting = atLook();
  now += 500;
  await atLook();
  await atLook();
  assertEquals(collections, 1);
  collection.resolve();
  await collecting;
  await atLook();
  assertEquals(collections, 1, "what was worked meanwhile was the collection's");
});
