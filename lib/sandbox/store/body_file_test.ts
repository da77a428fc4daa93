import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { tempFolder } from "../testing/temp_folder.ts";
import { BodyFile } from "./body_file.ts";
import { PastCache, PIECE_BYTES } from "./past_cache.ts";

const source = new Uint8Array(5 * PIECE_BYTES).map((_, index) => index % 251);

/** Sizes about which something changes: a block, a piece, two of them, what goes through the cache. */
const sizes = fc.tuple(
  fc.constantFrom(0, 4096, PIECE_BYTES, 2 * PIECE_BYTES, 4 * PIECE_BYTES),
  fc.integer({ min: -3, max: 3 }),
).map(([size, more]) => Math.max(0, size + more));
const parts = fc.array(fc.record({ length: sizes, isCopied: fc.boolean() }), { maxLength: 6 });

const md5Hex = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");

const WAYS: Readonly<Record<string, () => PastCache>> = {
  "past the cache": () => new PastCache(),
  "if the file system refuses that": () =>
    new PastCache(() => {
      throw new Error("EINVAL: invalid argument");
    }),
  "if it accepts that and then refuses a piece": () => new PastCache((path) => openSync(path, "r")),
  "on another system": () => new PastCache(undefined, "darwin"),
};

for (const [way, make] of Object.entries(WAYS)) {
  Deno.test(`a body is written as it came, from memory and from files, ${way}`, async () => {
    using folder = tempFolder();
    const from = join(folder.path, "source");
    Deno.writeFileSync(from, source);
    const pastCache = make();
    let bodies = 0;
    await fc.assert(
      fc.asyncProperty(parts, async (parts) => {
        const path = join(folder.path, `${bodies++}`);
        const body = new BodyFile(path, pastCache);
        for (const { length, isCopied } of parts) {
          if (isCopied) await body.copy({ path: from, offset: 7, length });
          else await body.write(source.subarray(7, 7 + length));
        }
        const whole = Buffer.concat(parts.map(({ length }) => source.subarray(7, 7 + length)));
        assertEquals(await body.finish(), { sizeBytes: whole.length, md5Hex: md5Hex(whole) });
        assertEquals(md5Hex(readFileSync(path)), md5Hex(whole));
        Deno.removeSync(path);
      }),
      { numRuns: 60 },
    );
  });
}

Deno.test("bodies are whole if more are written at a time than can go past the cache", async () => {
  using folder = tempFolder();
  const pastCache = new PastCache();
  const bodies = Array.from({ length: 60 }, (_, n) => {
    const path = join(folder.path, `${n}`);
    return { n, path, file: new BodyFile(path, pastCache) };
  });
  assertEquals(pastCache.take() === undefined, true, "there is no piece left");
  for (let turn = 0; turn < 3; turn++) {
    for (const { n, file } of bodies) await file.write(new Uint8Array(PIECE_BYTES - 100).fill(n));
  }
  for (const { n, path, file } of bodies) {
    await file.finish();
    assertEquals(Deno.readFileSync(path).every((byte) => byte === n), true);
    assertEquals(Deno.statSync(path).size, 3 * (PIECE_BYTES - 100));
  }
});

Deno.test("the memory of a body that is discarded, or finished, is used for the next", async () => {
  using folder = tempFolder();
  const pastCache = new PastCache();
  const free = () => {
    const taken: Uint8Array[] = [];
    for (let piece; (piece = pastCache.take());) taken.push(piece);
    for (const piece of taken) pastCache.giveBack(piece);
    return taken.length;
  };
  const before = free();
  const [first, second] = ["1", "2"].map((name) =>
    new BodyFile(join(folder.path, name), pastCache)
  );
  assertEquals(free(), Math.max(0, before - 2));
  await first.discard();
  await second.finish();
  assertEquals(free(), before);
});
