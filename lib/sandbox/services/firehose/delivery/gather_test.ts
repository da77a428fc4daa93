import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { gathered, GATHERED_BYTES } from "./gather.ts";

const sizes = fc.oneof(
  fc.integer({ min: 0, max: 3_000 }),
  fc.integer({ min: GATHERED_BYTES - 2, max: GATHERED_BYTES + 2 }),
);
const parts = fc.array(
  fc.oneof(
    sizes.map((size) => new Uint8Array(size).fill(size % 251)),
    fc.constant("range" as const),
  ),
  { maxLength: 60 },
);

Deno.test("gathered parts hold the same bytes between the same ranges, in few parts", () => {
  const runsOf = (all: readonly (Uint8Array | string)[]) => {
    const runs: Uint8Array[][] = [[]];
    for (const part of all) {
      if (typeof part === "string") runs.push([]);
      else runs[runs.length - 1].push(part);
    }
    return runs;
  };
  fc.assert(fc.property(parts, (parts) => {
    const result = [...gathered<string>(parts)];
    assertEquals(
      runsOf(result).map((run) => Buffer.concat(run)),
      runsOf(parts).map((run) => Buffer.concat(run)),
    );
    for (const run of runsOf(result)) {
      assertEquals(run.every(({ length }) => length > 0), true);
      // A part ends where the next array would not fit any more.
      assertEquals(
        run.length <= 1 + run.reduce((sum, { length }) => sum + length, 0) * 2 / GATHERED_BYTES,
        true,
      );
    }
  }));
});

Deno.test("a thousand records of a kilobyte become sixteen parts", () => {
  const records = Array.from({ length: 1_000 }, () => new Uint8Array(1_000));
  assertEquals([...gathered(records)].length, 16);
});
