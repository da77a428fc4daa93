/** What holds of dynamic partitioning whatever the records, on disk; and whatever the moment of a kill. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { until } from "../../../testing/until.ts";
import { BodyThread } from "../../../store/body_thread.ts";
import { Database } from "../../../store/database.ts";
import { diskFiles } from "../../../store/object_files.ts";
import { diskSegments } from "../../../store/segment_files.ts";
import { BUCKET, jqDestination, World } from "../testing.ts";
import { codePoint } from "../../../testing/code_point.ts";

const APPEND = { Type: "AppendDelimiterToRecord" } as const;
const DESTINATION = jqDestination("{k: .k}", "data/!{partitionKeyFromQuery:k}/", APPEND);

/** Any JSON value as a key, with what is dangerous in a path more often than chance has it. */
const keyValue = fc.oneof(
  fc.string({ unit: codePoint, maxLength: 30 }),
  fc.constantFrom("..", "../../x", "/", "//", "a/../b", ".", "\\..\\", "%2e%2e", "\u0000", "~", ""),
  fc.stringMatching(/^[./\\a-c]{1,12}$/),
  fc.jsonValue({ maxDepth: 2 }),
);

/** A record is told again by its id, also if it is no JSON. */
const record = fc.oneof(
  { weight: 8, arbitrary: keyValue.map((k) => (id: string) => JSON.stringify({ id, k })) },
  { weight: 1, arbitrary: fc.constant((id: string) => JSON.stringify({ id })) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: codePoint }).map((t) => (id: string) => `"${id}"${t} {`),
  },
);

/** How often each id is found in objects and error lines, and under which keys. */
async function idsIn(world: World): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const object of world.objects()) {
    const text = await world.text(object);
    for (const line of text.split("\n").filter((line) => line !== "")) {
      const [id] = /id-\d+/.exec(sourceOf(line)) ?? [""];
      found.set(id, [...found.get(id) ?? [], object.key]);
    }
  }
  return found;
}

function sourceOf(line: string): string {
  const { rawData } = JSON.parse(line);
  return typeof rawData === "string"
    ? new TextDecoder().decode(Uint8Array.fromBase64(rawData))
    : line;
}

async function filesUnder(folder: string, inside = ""): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(folder, inside))) {
    const path = join(inside, name);
    paths.push(...(isDirectory ? await filesUnder(folder, path) : [path]));
  }
  return paths;
}

/** Waits until so many records are delivered, moving the clock meanwhile. */
async function delivered(world: World, records: number): Promise<void> {
  const count = () => world.metric("DeliveryToS3.Records").reduce((sum, value) => sum + value, 0);
  await until(`${records} delivered records`, () => {
    world.clock.advance(60_000);
    return count() >= records || undefined;
  });
}

Deno.test("each record is in one object or one error line, under its key, in its bucket and folder, whatever it holds", async () => {
  const folder = await Deno.makeTempDir();
  const dataFolder = join(folder, "data");
  await Deno.mkdir(dataFolder);
  using thread = new BodyThread();
  await using world = await World.with({ files: diskFiles(join(dataFolder, "objects"), thread) });
  await world.createStream(DESTINATION);
  let records = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 40 }), async (batch) => {
      const first = records;
      const texts = batch.map((textOf) => textOf(`id-${records++}`));
      await world.put(...texts);
      await delivered(world, records);
      const ids = await idsIn(world);
      for (const [index, text] of texts.entries()) {
        const keys = ids.get(`id-${first + index}`) ?? [];
        assertEquals(keys.length, 1, `${text} is in ${keys}`);
        assert(/^(data|errors)\//.test(keys[0]), keys[0]);
        const k = keyOf(text);
        if (k !== undefined) assert(keys[0].startsWith(`data/${k}/stream-1-`), keys[0]);
      }
    }),
    { numRuns: 20 },
  );
  assertEquals((await filesUnder(folder)).filter((path) => !path.startsWith("data/objects/")), []);
  assertEquals(world.objects().length, new Set(world.objects().map(({ key }) => key)).size);
  assert(world.s3.bucketExists(BUCKET));
  await Deno.remove(folder, { recursive: true });
});

/** The key that a record must have; undefined if it is not plainly a text. */
function keyOf(text: string): string | undefined {
  try {
    const { k } = JSON.parse(text);
    return typeof k === "string" && k !== "" ? k.toWellFormed() : undefined;
  } catch {
    return undefined;
  }
}

Deno.test("a sandbox that is killed while records are partitioned loses none and doubles none", async () => {
  const folder = await Deno.makeTempDir();
  using thread = new BodyThread();
  const open = () => ({
    database: new Database(join(folder, "state.sqlite")),
    files: diskFiles(join(folder, "objects"), thread),
    segments: diskSegments(join(folder, "journal")),
  });
  let put = 0;
  let clock = (await firstLife()).clock;
  // The first lives end at some moment of partitioning or delivery, the last one at its end.
  for (const turns of [0, 1, 2, 4, 8, 16, 32, 64]) {
    const world = new World({ ...open(), clock });
    const records = Array.from({ length: 60 }, () => `{"id":"id-${put}","k":${put++ % 7}}`);
    await world.put(...records);
    for (let turn = 0; turn < turns; turn++) {
      clock.advance(20_000);
      await pause(10);
    }
    clock = world.clock;
    world.database.close(); // Nothing that is under way can commit any more.
    await world.firehose.stop();
  }
  await using world = new World({ ...open(), clock });
  await until("every record", async () => {
    clock.advance(60_000);
    return (await idsIn(world)).size === put || undefined;
  });
  for (const [id, keys] of await idsIn(world)) assertEquals(keys.length, 1, `${id} in ${keys}`);
  await Deno.remove(folder, { recursive: true });

  async function firstLife(): Promise<World> {
    const world = await World.with(open());
    await world.createStream(DESTINATION);
    world.database.close();
    await world.firehose.stop();
    return world;
  }
});
