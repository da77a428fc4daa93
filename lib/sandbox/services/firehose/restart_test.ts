/** What survives a sandbox that ends at any moment. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { randomBytes } from "node:crypto";
import { ManualClock } from "../../clock.ts";
import { Database } from "../../store/database.ts";
import { memoryFiles, type ObjectFiles } from "../../store/object_files.ts";
import { diskSegments, memorySegments, type SegmentFiles } from "../../store/segment_files.ts";
import { until } from "../../testing/until.ts";
import { World } from "./testing.ts";

/** The same folder, opened again and again: what a restarted sandbox finds. */
class Disk implements Disposable {
  readonly #path = Deno.makeTempDirSync();
  readonly #files = memoryFiles();
  readonly #clock = new ManualClock(Date.UTC(2026, 10, 24, 12));

  /** Names of the journal's segment files, without those that are kept to be written over. */
  segments(): string[] {
    return this.journalFiles().filter((name) => !name.startsWith("spare-"));
  }

  journalFiles(): string[] {
    return [...Deno.readDirSync(`${this.#path}/journal`)].map(({ name }) => name);
  }

  open(files: Partial<ObjectFiles> = {}) {
    return {
      database: new Database(`${this.#path}/state.sqlite`),
      files: { ...this.#files, ...files },
      segments: diskSegments(`${this.#path}/journal`),
      clock: this.#clock,
    };
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#path, { recursive: true });
  }
}

async function arrived(world: World): Promise<string> {
  const texts = await Promise.all(world.objects().map((object) => world.text(object)));
  return texts.join("");
}

Deno.test("records that wait are delivered after a restart, at the time they would have been", async () => {
  using disk = new Disk();
  {
    await using world = await World.with(disk.open());
    await world.createStream();
    await world.put("a", "b");
    world.clock.advance(30_000);
  }
  await using world = new World(disk.open());
  world.clock.advance(29_000);
  assertEquals(await arrived(world), "");
  await world.put("c");
  world.clock.advance(1_000);
  await world.objectsOnceThere(1);
  assertEquals(await arrived(world), "abc");
});

Deno.test("a stream that was CREATING or DELETING goes on with that after a restart", async () => {
  using disk = new Disk();
  {
    await using world = await World.with(disk.open());
    await world.createStream();
    await world.call("DeleteDeliveryStream", { DeliveryStreamName: "stream" });
  }
  await using world = new World(disk.open());
  assertEquals(world.firehose.find("stream")?.status, "DELETING");
  await world.createStream({}, { DeliveryStreamName: "other" });
  assertEquals(world.firehose.find("stream"), undefined);
});

/** Too large for an object without a file. */
const LARGE = "a".repeat(100_000);

type Never = () => Promise<never>;

/** Where a delivery stands still: what was put goes from file to file, so `copy` is to write. */
const STEPS = {
  create: () => ({}),
  write: (never: Never) => ({ write: never, copy: never }),
  finish: (never: Never) => ({ finish: never }),
};

for (const moment of ["create", "write", "finish"] as const) {
  Deno.test(`a sandbox that ends in the ${moment} step of a delivery delivers once, after a restart`, async () => {
    using disk = new Disk();
    {
      const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
      // The step never ends: what a kill leaves behind is what was committed before it.
      const never = () => {
        reach();
        return new Promise<never>(() => {});
      };
      const usual = memoryFiles();
      const stuck: ObjectFiles["create"] = async () => ({
        ...await usual.create(),
        ...STEPS[moment](never),
      });
      const world = await World.with(disk.open({ create: moment === "create" ? never : stuck }));
      await world.createStream();
      await world.put(LARGE, "b");
      world.clock.advance(60_000);
      await reached;
      world.database.close();
    }
    await using world = new World(disk.open());
    await world.objectsOnceThere(1);
    assertEquals(await arrived(world), `${LARGE}b`);
  });
}

Deno.test("an object that ends inside a put call leaves the rest of the call for the next, across a restart", async () => {
  using disk = new Disk();
  const record = (letter: string) => letter.repeat(400_000);
  {
    await using world = await World.with(disk.open());
    await world.createStream();
    await world.put(record("a"), record("b"), record("c"));
    await world.objectsOnceThere(1);
  }
  await using world = new World(disk.open());
  await world.put(record("d"));
  world.clock.advance(60_000);
  await world.objectsOnceThere(2);
  const runs = (await arrived(world)).match(/a+|b+|c+|d+/g) ?? [];
  // Objects of one second have no order among themselves: their names end in random letters.
  assertEquals(runs.map((run) => [run[0], run.length]).sort(), [
    ["a", 400_000],
    ["b", 400_000],
    ["c", 400_000],
    ["d", 400_000],
  ]);
});

Deno.test("rows that were delivered are swept away", async () => {
  await using world = await World.with();
  await world.createStream();
  for (let n = 0; n < 20; n++) await world.put("x".repeat(1000), "y");
  world.clock.advance(60_000);
  await world.objectsOnceThere(1);
  const count = world.database.sqlite.prepare("SELECT count(*) AS n FROM firehose_journal");
  // The sweep begins once the object is there.
  await until("no row", () => count.get()?.n === 0 || undefined);
});

Deno.test("segments whose records were delivered are removed, at the next start the last of them", async () => {
  using disk = new Disk();
  {
    await using world = await World.with(disk.open());
    await world.createStream();
    await world.put("x".repeat(100_000));
    world.clock.advance(60_000);
    await world.objectsOnceThere(1);
    await world.put("y".repeat(100_000));
  }
  assertEquals(disk.segments().length, 1);
  {
    await using world = new World(disk.open());
    world.clock.advance(60_000);
    await world.objectsOnceThere(2);
    await until("no segment", () => disk.segments().length === 0 || undefined);
    await world.put("z".repeat(100_000));
    assertEquals(disk.segments().length, 1);
  }
  await using world = new World(disk.open());
  world.clock.advance(60_000);
  await world.objectsOnceThere(3);
  assertEquals((await arrived(world)).length, 300_000);
});

Deno.test("a segment that can't be removed is reported, and goes once that works", async () => {
  const kept = memorySegments();
  let isReadOnly = true;
  const segments: SegmentFiles = {
    ...kept,
    get current() {
      return kept.current;
    },
    remove: (segment) =>
      isReadOnly ? Promise.reject(new Error("Read-only file system")) : kept.remove(segment),
  };
  await using world = await World.with({ segments });
  await world.createStream();
  await world.put("x".repeat(100_000));
  world.clock.advance(60_000);
  const line = await until("the problem", () => world.problems[0]);
  assertStringIncludes(line, "still take up space: Error: Read-only file system");
  isReadOnly = false;
  await world.put("y");
  world.clock.advance(60_000);
  await world.objectsOnceThere(2);
  await until("no segment", () => kept.before(kept.current).length === 0);
});

Deno.test("records that wait keep their own segment, and none that came after it", async () => {
  using disk = new Disk();
  {
    await using world = await World.with(disk.open());
    const BufferingHints = { IntervalInSeconds: 900, SizeInMBs: 128 };
    await world.createStream({ BufferingHints }, { DeliveryStreamName: "slow" });
    const Records = [{ Data: new Uint8Array(100_000) }];
    await world.call("PutRecordBatch", { DeliveryStreamName: "slow", Records });
  }
  const slow = disk.segments();
  {
    await using world = new World(disk.open());
    await world.createStream();
    await world.put("x".repeat(100_000));
  }
  assertEquals(disk.segments().length, 2);
  await using world = new World(disk.open());
  world.clock.advance(60_000);
  await world.objectsOnceThere(1);
  // The sweep begins once the object is there.
  await until("the delivered segment to be gone", () => disk.segments().length === 1 || undefined);
  assertEquals(disk.segments(), slow);
});

Deno.test("a segment without rows, as a kill leaves it, is removed at the start", async () => {
  using disk = new Disk();
  const { segments, database } = disk.open();
  await segments.append(new Uint8Array(20_000));
  await segments.close();
  database.close();
  assertEquals(disk.segments().length, 1);
  await using world = new World(disk.open());
  await world.firehose.swept();
  assertEquals(disk.segments(), []);
});

Deno.test("a journal from before there were segments is taken over with its records", async () => {
  using disk = new Disk();
  {
    await using world = await World.with(disk.open());
    await world.createStream();
    await world.put("a");
    world.database.define(`
      DROP INDEX firehose_journal_segment;
      ALTER TABLE firehose_journal DROP COLUMN segment;
      ALTER TABLE firehose_journal DROP COLUMN segment_offset;
    `);
  }
  await using world = new World(disk.open());
  await world.put("b".repeat(20_000));
  world.clock.advance(60_000);
  await world.objectsOnceThere(1);
  assertEquals((await arrived(world)).length, 20_001);
});

Deno.test("a sandbox that stops while its worker compresses delivers once, after a restart", async () => {
  using disk = new Disk();
  // Random, so that what is compressed is still too large for an object without a file.
  const random = randomBytes(675_000).toString("base64");
  const record = (letter: string) => letter + random;
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
  {
    const usual = memoryFiles();
    const told: ObjectFiles["create"] = async () => {
      const writer = await usual.create();
      return {
        ...writer,
        write: (chunk) => {
          reach();
          return writer.write(chunk);
        },
      };
    };
    await using world = await World.with(disk.open({ create: told }));
    await world.createStream({
      CompressionFormat: "GZIP",
      BufferingHints: { SizeInMBs: 128, IntervalInSeconds: 60 },
    });
    for (const letter of "abcdefgh") await world.put(record(letter));
    world.clock.advance(60_000);
    await reached;
  }
  await using world = new World(disk.open());
  await world.objectsOnceThere(1);
  assertEquals(await arrived(world) === [..."abcdefgh"].map(record).join(""), true);
});
