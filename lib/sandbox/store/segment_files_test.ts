import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { tempFolder } from "../testing/temp_folder.ts";
import { diskSegments, memorySegments, type SegmentFiles } from "./segment_files.ts";

const KINDS: readonly (readonly [string, (folder: string) => SegmentFiles])[] = [
  ["disk", diskSegments],
  ["memory", memorySegments],
];

for (const [kind, make] of KINDS) {
  Deno.test(`${kind} segments give back what was appended, whole and in part, after any other appends`, async () => {
    const payloads = fc.array(fc.uint8Array({ maxLength: 50 }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(payloads, async (all) => {
        using folder = tempFolder();
        const segments = make(folder.path);
        const places = await Promise.all(all.map((data) => segments.append(data)));
        for (const [index, data] of all.entries()) {
          const { segment, offset } = places[index];
          const half = Math.floor(data.length / 2);
          const part = segments.read({ segment, offset: offset + half }, data.length - half);
          assertEquals(new Uint8Array(part), new Uint8Array(data.subarray(half)));
        }
        await segments.close();
      }),
      { numRuns: 20 },
    );
  });

  Deno.test(`${kind} segments refuse to read more than there is`, async () => {
    using folder = tempFolder();
    const segments = make(folder.path);
    const place = await segments.append(new Uint8Array(3));
    assertThrows(() => segments.read(place, 4), Error, "shorter than its rows say");
    await segments.close();
  });

  Deno.test(`${kind} segments take an append in the very turn in which another has ended`, async () => {
    using folder = tempFolder();
    const segments = make(folder.path);
    for (let n = 0; n < 20; n++) await segments.append(Uint8Array.of(n));
    const { promise, resolve } = Promise.withResolvers<void>();
    segments.append(Uint8Array.of(1)).then(() => segments.append(Uint8Array.of(2))).then(() =>
      resolve()
    );
    await promise;
    await segments.close();
  });
}

Deno.test("segments outlive their writer, and a new one never writes into an old file", async () => {
  using folder = tempFolder();
  const root = folder.path;
  const first = diskSegments(root);
  const place = await first.append(Uint8Array.of(1, 2, 3));
  await first.close();
  const second = diskSegments(root);
  const next = await second.append(Uint8Array.of(4));
  assert(next.segment > place.segment);
  assertEquals(second.read({ ...place, offset: 1 }, 2), Uint8Array.of(2, 3));
  assertEquals(second.before(next.segment), [place.segment]);
  await second.remove(place.segment);
  assertThrows(() => second.read(place, 1), Deno.errors.NotFound);
  assertEquals(second.read(next, 1), Uint8Array.of(4));
  await second.close();
});

Deno.test("a segment that is removed is written over by a later one, and gone when they are closed", async () => {
  using folder = tempFolder();
  const root = folder.path;
  const names = () => [...Deno.readDirSync(root)].map(({ name }) => name).sort();
  const grown = diskSegments(root);
  const large = new Uint8Array(64 * 1024 * 1024).fill(1);
  await grown.append(large);
  await grown.append(Uint8Array.of(2)); // the second file
  await grown.remove(1);
  assertEquals(names(), ["2", "spare-1"]);
  await grown.append(large);
  const place = await grown.append(Uint8Array.of(3)); // the third, over the first
  assertEquals(names(), ["2", "3"]);
  assertEquals(grown.read(place, 2), Uint8Array.of(3, 1), "what was there before is still behind");
  await grown.remove(2);
  await grown.close();
  assertEquals(names(), ["3"]);
});

Deno.test("files that were kept to be written over are removed at the next start", async () => {
  using folder = tempFolder();
  const root = folder.path;
  Deno.writeTextFileSync(`${root}/spare-1`, "x");
  const segments = diskSegments(root);
  assertEquals([...Deno.readDirSync(root)], []);
  await segments.close();
});

Deno.test("appends that come together share a sync", async () => {
  using folder = tempFolder();
  const segments = diskSegments(folder.path);
  const { syncData } = Deno.FsFile.prototype;
  let syncs = 0;
  Deno.FsFile.prototype.syncData = function () {
    syncs++;
    return syncData.call(this);
  };
  try {
    const first = segments.append(Uint8Array.of(0)); // is written at once, alone
    await Promise.all([
      first,
      ...Array.from({ length: 20 }, () => segments.append(Uint8Array.of(1))),
    ]);
  } finally {
    Deno.FsFile.prototype.syncData = syncData;
  }
  assertEquals(syncs, 2);
  await segments.close();
});
