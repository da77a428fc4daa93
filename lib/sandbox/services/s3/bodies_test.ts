import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { createHash } from "node:crypto";
import { Database } from "../../store/database.ts";
import { memoryFiles, type ObjectFiles } from "../../store/object_files.ts";
import { Bodies, type FinishedBody } from "./bodies.ts";

const SMALL_BYTES_MAX = 64 * 1024;

/** Files that tell how many there are. */
function countedFiles() {
  const files = memoryFiles();
  let left = 0;
  const counted: ObjectFiles = {
    ...files,
    create: async () => {
      const writer = await files.create();
      left++;
      return { ...writer, discard: () => (left--, writer.discard()) };
    },
    remove: (file) => (left--, files.remove(file)),
  };
  return { files: counted, left: () => left };
}

async function* inPieces(bytes: Uint8Array, pieceBytes: number) {
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    yield await Promise.resolve(bytes.slice(at, at + pieceBytes));
  }
}

async function allOf(bodies: Bodies, { file, sizeBytes }: FinishedBody): Promise<Uint8Array> {
  return new Uint8Array(await new Response(bodies.stream(file, 0, sizeBytes)).arrayBuffer());
}

Deno.test("a body comes back as it was written, whatever its size and pieces", async () => {
  const database = new Database(":memory:");
  const bodies = new Bodies(database, memoryFiles());
  const size = fc.oneof(
    fc.nat(3_000),
    fc.integer({ min: SMALL_BYTES_MAX - 2, max: SMALL_BYTES_MAX + 2 }),
  );
  await fc.assert(
    fc.asyncProperty(size, fc.integer({ min: 1_000, max: 50_000 }), async (bytes, piece) => {
      const whole = new Uint8Array(bytes).map((_, index) => index % 251);
      const body = await bodies.write(inPieces(whole, piece));
      await database.commit(() => bodies.keep(body));
      assertEquals(await allOf(bodies, body), whole);
      assertEquals([body.sizeBytes, body.md5Hex], [
        bytes,
        createHash("md5").update(whole).digest("hex"),
      ]);
      const part = await new Response(bodies.stream(body.file, 0, Math.min(3, bytes))).bytes();
      assertEquals(new Uint8Array(part), whole.slice(0, 3));
    }),
    { numRuns: 30 },
  );
  database.close();
});

for (
  const [bytes, files, why] of [
    [SMALL_BYTES_MAX, 0, "the largest that is small"],
    [SMALL_BYTES_MAX + 1, 1, "one byte more"],
  ] as const
) {
  Deno.test(`a body of ${bytes} bytes is in ${files} files, and gone when dropped: ${why}`, async () => {
    const database = new Database(":memory:");
    const { files: store, left } = countedFiles();
    const bodies = new Bodies(database, store);
    const body = await bodies.write(inPieces(new Uint8Array(bytes), 10_000));
    await database.commit(() => bodies.keep(body));
    assertEquals(left(), files);
    await database.commit(() => bodies.drop(body.file));
    assertEquals(left(), 0);
    assertThrows(() => bodies.stream(body.file, 0, bytes), Error, "there is no body");
    database.close();
  });
}

Deno.test("nothing is left of a body that breaks off, or is discarded", async () => {
  const database = new Database(":memory:");
  const { files, left } = countedFiles();
  const bodies = new Bodies(database, files);
  async function* breaking() {
    yield* inPieces(new Uint8Array(200_000), 50_000);
    throw new Error("broken off");
  }
  await assertRejects(() => bodies.write(breaking()), Error, "broken off");
  assertEquals(left(), 0);
  for (const bytes of [10, 100_000]) {
    await bodies.discard(await bodies.write(inPieces(new Uint8Array(bytes), 10_000)));
  }
  assertEquals(left(), 0);
  assert(database.sqlite.prepare("SELECT 1 FROM small_body").get() === undefined);
  database.close();
});
