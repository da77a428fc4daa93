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

/** Six seconds in which a process has nothing to do. */
const STILL = [5, 5, 5];

for (
  const [what, worked, collected] of [
    ["after a burst, once", [500, 800, ...STILL, ...STILL], [4]],
    ["after each burst", [500, ...STILL, 500, ...STILL, 5], [3, 7]],
    ["not during steady work", [500, 500, 500, 500, 500, 500], []],
    ["not in a short pause", [500, 5, 5, 500, 5, 5, 500], []],
    ["not for a few milliseconds of work", STILL, []],
    ["for little work once it adds up", [15, 15, 15, 15, 15, 15, 15, 15], [6]],
  ] as const
) {
  Deno.test(`garbage is collected ${what}`, async () => {
    assertEquals(await collectedAt(worked), [...collected]);
  });
}

Deno.test("collections that take long come after more work", async () => {
  const burst = [500, 0, 0, 0];
  assertEquals(await collectedAt([...burst, ...burst, ...burst, ...burst], 200), [3, 11]);
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
  for (let warmUp = 0; warmUp < 10; warmUp++) await atLook();
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
  assertEquals(await collectedAsGrown(steady, 300), ["quick at 3", "quick at 7", "quick at 11"]);
});

Deno.test("growth in the first twenty seconds is left to V8", async () => {
  let [now, bytes, collections] = [0, 20 * MIB, 0];
  const collect = () => Promise.resolve(void collections++);
  const atLook = idleCollector({ workedMs: () => now, heldBytes: () => bytes, collect });
  for (let look = 0; look < 9; look++) {
    now += 300;
    bytes += 30 * MIB;
    await atLook();
  }
  assertEquals(collections, 0);
});

Deno.test("a process that is busy leaves it to V8", async () => {
  assertEquals(await collectedAsGrown(Array.from({ length: 20 }, () => 30), 1_500), []);
});

Deno.test("quick collections take at most a five-hundredth of the time", async () => {
  // 40 ms of 20 s, which are ten looks.
  const grown = Array.from({ length: 32 }, () => 30);
  assertEquals(await collectedAsGrown(grown, 500, 40), [
    "quick at 0",
    "quick at 10",
    "quick at 20",
    "quick at 30",
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
  for (let look = 0; look < STILL.length; look++) await atLook();
  const collecting = atLook();
  now += 500;
  for (let look = 0; look < STILL.length; look++) await atLook();
  assertEquals(collections, 1);
  collection.resolve();
  await collecting;
  await atLook();
  assertEquals(collections, 1, "what was worked meanwhile was the collection's");
});
