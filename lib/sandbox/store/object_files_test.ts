import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { BodyThread } from "./body_thread.ts";
import { diskFiles, memoryFiles, type ObjectFiles } from "./object_files.ts";

interface Kept {
  readonly files: ObjectFiles;
  /** How many bodies there are, finished or not. */
  readonly count: () => number;
  readonly done: () => void;
}

const KINDS: Readonly<Record<string, () => Kept>> = {
  disk: () => {
    const root = Deno.makeTempDirSync();
    const thread = new BodyThread();
    return {
      files: diskFiles(join(root, "objects"), thread),
      count: () => paths(join(root, "objects")).length,
      done: () => {
        thread.stop();
        Deno.removeSync(root, { recursive: true });
      },
    };
  },
  memory: () => ({ files: memoryFiles(), count: () => 0, done: () => {} }),
};

function paths(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? paths(join(folder, name)) : [join(folder, name)]
  );
}

function filesTest(name: string, run: (kept: Kept) => Promise<void>): void {
  for (const [kind, open] of Object.entries(KINDS)) {
    Deno.test(`${name} (${kind})`, async () => {
      const kept = open();
      await run(kept).finally(kept.done);
    });
  }
}

async function store(files: ObjectFiles, ...chunks: Uint8Array[]) {
  const writer = await files.create();
  for (const chunk of chunks) await writer.write(chunk);
  return await writer.finish();
}

async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream.pipeThrough(new TransformStream())).bytes());
}

filesTest(
  "a body is read back as it was written, in any pieces and any range",
  async ({ files }) => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(chunks, fc.nat(), fc.nat(), async (chunks, a, b) => {
        const whole = new Uint8Array(chunks.flatMap((chunk) => [...chunk]));
        const body = await store(files, ...chunks);
        assertEquals(body.sizeBytes, whole.length);
        assertEquals(body.md5Hex, createHash("md5").update(whole).digest("hex"));
        const [start, end] = [a, b].map((n) => n % (whole.length + 1)).sort((x, y) => x - y);
        assertEquals(await bytesOf(files.read(body.file, start, end)), whole.slice(start, end));
      }),
      { numRuns: 25 },
    );
  },
);

filesTest("a body of several MiB in one chunk is stored whole", async ({ files }) => {
  const chunk = new Uint8Array(9 * 1024 * 1024).map((_, index) => index % 251);
  const { file, sizeBytes, md5Hex } = await store(files, chunk);
  assertEquals(sizeBytes, chunk.length);
  assertEquals(md5Hex, createHash("md5").update(chunk).digest("hex"));
  const end = chunk.length;
  assertEquals(await bytesOf(files.read(file, end - 300_000, end)), chunk.slice(end - 300_000));
});

filesTest(
  "a body may be put together from bytes and from parts of other files",
  async ({ files }) => {
    const path = await Deno.makeTempFile();
    const bytes = new Uint8Array(700_000).map((_, index) => index % 251);
    await Deno.writeFile(path, bytes);
    const writer = await files.create();
    await writer.write(Uint8Array.of(1, 2));
    await writer.copy({ path, offset: 3, length: 600_000 });
    await writer.copy({ path, offset: 0, length: 0 });
    await writer.write(Uint8Array.of(4));
    await assertRejects(
      () => writer.copy({ path, offset: 1, length: bytes.length }),
      Error,
      "ends",
    );
    await writer.discard();

    const whole = await files.create();
    await whole.copy({ path, offset: 100, length: 10 });
    await whole.write(Uint8Array.of(4));
    const { file, sizeBytes, md5Hex } = await whole.finish();
    const expected = Uint8Array.of(...bytes.subarray(100, 110), 4);
    assertEquals([sizeBytes, md5Hex], [11, createHash("md5").update(expected).digest("hex")]);
    assertEquals(await bytesOf(files.read(file, 0, 11)), expected);
    await Deno.remove(path);
  },
);

filesTest("a body can be read to its end after it was removed", async ({ files }) => {
  const bytes = new Uint8Array(1_000_000).fill(7);
  const { file } = await store(files, bytes);
  const stream = files.read(file, 0, bytes.length);
  await files.remove(file);
  assertEquals(await bytesOf(stream), bytes);
});

filesTest("a reader that stops early leaves no file open", async ({ files }) => {
  const { file } = await store(files, new Uint8Array(1_000_000));
  await files.read(file, 0, 1_000_000).cancel();
  const reader = files.read(file, 0, 1_000_000).getReader();
  await reader.read();
  await reader.cancel();
});

filesTest("a discarded body leaves nothing behind", async ({ files, count }) => {
  const writer = await files.create();
  await writer.write(new Uint8Array(10));
  await writer.discard();
  assertEquals(count(), 0);
});

filesTest("removing what is not there is harmless", async ({ files }) => {
  await files.remove("00000000-0000-4000-8000-000000000000");
});

filesTest("the sweep removes what no row knows, and only that", async ({ files, count }) => {
  const kept = await store(files, new Uint8Array([1]));
  await store(files, new Uint8Array([2]));
  const unfinished = await files.create();
  await files.sweep((file) => file === kept.file);
  assertEquals(await bytesOf(files.read(kept.file, 0, 1)), new Uint8Array([1]));
  await unfinished.discard();
  assertEquals(count() <= 1, true);
});

Deno.test("bodies are for their owner's eyes only", async () => {
  const root = Deno.makeTempDirSync();
  const thread = new BodyThread();
  await store(diskFiles(join(root, "objects"), thread), new Uint8Array([1]));
  thread.stop();
  const [path] = paths(join(root, "objects"));
  const modes = [join(root, "objects"), join(path, ".."), path].map((at) =>
    Deno.statSync(at).mode! & 0o777
  );
  assertEquals(modes, [0o700, 0o700, 0o600]);
  Deno.removeSync(root, { recursive: true });
});

Deno.test("a body that is shorter than its row says fails the reader instead of ending early", async () => {
  const { files, done } = KINDS.disk();
  const { file } = await store(files, new Uint8Array(10));
  await assertRejects(() => bytesOf(files.read(file, 0, 11)), Error, "1 bytes before");
  done();
});

Deno.test("a body whose file cannot be made is refused, and the thread goes on", async () => {
  const root = Deno.makeTempDirSync();
  const thread = new BodyThread();
  await assertRejects(
    () => thread.create(join(root, "no/folder")).finish(),
    Error,
    "a body was not written",
  );
  assertEquals((await store(diskFiles(root, thread), Uint8Array.of(1))).sizeBytes, 1);
  thread.stop();
  Deno.removeSync(root, { recursive: true });
});

Deno.test("a piece that can't be written fails a later call, and the body can be discarded", async () => {
  const root = Deno.makeTempDirSync();
  using thread = new BodyThread();
  const sink = thread.create(join(root, "body"));
  await sink.discard(); // from now on the worker refuses its pieces
  const piece = new Uint8Array(256 * 1024);
  await assertRejects(
    async () => {
      for (let pieces = 0; pieces < 3; pieces++) await sink.write(piece);
    },
    Error,
    "a body was not written",
  );
  await assertRejects(() => sink.finish(), Error, "a body was not written");
  await sink.discard();
  Deno.removeSync(root, { recursive: true });
});

Deno.test("a body thread that is stopped fails what it has in hand", async () => {
  const root = Deno.makeTempDirSync();
  const thread = new BodyThread();
  const files = diskFiles(join(root, "objects"), thread);
  const writer = await files.create();
  await writer.write(Uint8Array.of(1));
  const finishing = writer.finish();
  thread.stop();
  await assertRejects(() => finishing, Error, "stopping");
  Deno.removeSync(root, { recursive: true });
});
