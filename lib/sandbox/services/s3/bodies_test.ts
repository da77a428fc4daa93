import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { createHash } from "node:crypto";
import { Database } from "../../store/database.ts";
import { memoryFiles, type ObjectFiles } from "../../store/object_files.ts";
import { Bodies, type KeptBody } from "./bodies.ts";

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

async function allOf(bodies: Bodies, { file, sizeBytes }: KeptBody): Promise<Uint8Array> {
  return new Uint8Array(await new Response(bodies.stream(file, 0, sizeBytes)).arrayBuffer());
}

Deno.test("a body is read as it was written, for any size and pieces", async () => {
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

Deno.test("nothing remains of a body that breaks off or is discarded", async () => {
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

/** Bodies of these sizes, kept and joined, and the bytes of the whole. */
async function joined(database: Database, bodies: Bodies, sizes: readonly number[]) {
  const wholes = sizes.map((size, part) =>
    new Uint8Array(size).map((_, index) => (index + part * 7) % 251)
  );
  const parts: KeptBody[] = [];
  for (const whole of wholes) {
    const body = await bodies.write(inPieces(whole, 30_000));
    await database.commit(() => bodies.keep(body));
    parts.push(body);
  }
  const body = await database.commit(() => bodies.join(parts));
  return { body, whole: Uint8Array.from(wholes.flatMap((bytes) => [...bytes])) };
}

Deno.test("joined bodies are read as one, in any range", async () => {
  const database = new Database(":memory:");
  const bodies = new Bodies(database, memoryFiles());
  const { body, whole } = await joined(database, bodies, [70_000, 10, 0, 80_000, 5]);
  assertEquals(await allOf(bodies, body), whole);
  const place = fc.nat(whole.length);
  await fc.assert(
    fc.asyncProperty(place, place, async (a, b) => {
      const [start, end] = [Math.min(a, b), Math.max(a, b)];
      const read = await new Response(bodies.stream(body.file, start, end)).bytes();
      assertEquals(new Uint8Array(read), whole.slice(start, end));
    }),
    { numRuns: 50 },
  );
  database.close();
});

for (const moment of ["before its first byte is read", "while it is read"]) {
  Deno.test(`a joined body that is dropped ${moment} stays until it is read`, async () => {
    const database = new Database(":memory:");
    const { files, left } = countedFiles();
    const bodies = new Bodies(database, files);
    const { body, whole } = await joined(database, bodies, [70_000, 80_000, 5]);
    assertEquals(left(), 2);
    const reader = bodies.stream(body.file, 0, body.sizeBytes).getReader();
    const received: number[] = [];
    if (moment === "while it is read") received.push(...(await reader.read()).value ?? []);
    await database.commit(() => bodies.drop(body.file));
    assertEquals(left(), 2);
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      received.push(...next.value);
    }
    assertEquals(Uint8Array.from(received), whole);
    assertEquals(left(), 0);
    assert(database.sqlite.prepare("SELECT 1 FROM joined_body").get() === undefined);
    database.close();
  });
}

Deno.test("a joined body that is dropped is removed when its reader gives up", async () => {
  const database = new Database(":memory:");
  const { files, left } = countedFiles();
  const bodies = new Bodies(database, files);
  const { body } = await joined(database, bodies, [70_000, 80_000]);
  const stream = bodies.stream(body.file, 0, body.sizeBytes);
  await database.commit(() => bodies.drop(body.file));
  assertEquals(left(), 2);
  await stream.cancel();
  assertEquals(left(), 0);
  database.close();
});

Deno.test("the sweep at start keeps the files of joined bodies", async () => {
  const database = new Database(":memory:");
  const bodies = new Bodies(database, memoryFiles());
  const { body, whole } = await joined(database, bodies, [70_000, 80_000]);
  await bodies.sweep(() => false);
  assertEquals(await allOf(bodies, body), whole);
  database.close();
});
