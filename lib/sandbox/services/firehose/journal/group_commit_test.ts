/** Puts that come together, and large ones: what they cost the disk, and that they arrive. */
import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { BodyThread } from "../../../store/body_thread.ts";
import { Database } from "../../../store/database.ts";
import { diskFiles } from "../../../store/object_files.ts";
import { diskSegments } from "../../../store/segment_files.ts";
import { World } from "../testing.ts";

/** A world whose data are on disk, as a sandbox's are. */
async function onDisk(run: (world: World) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  {
    using thread = new BodyThread();
    await using world = await World.with({
      database: new Database(join(folder, "state.sqlite")),
      files: diskFiles(join(folder, "objects"), thread),
      segments: diskSegments(join(folder, "journal")),
    });
    await world.createStream();
    await run(world);
  }
  await Deno.remove(folder, { recursive: true });
}

/** How many transactions `act` takes: each is synced once. */
async function commitsOf({ database: { sqlite } }: World, act: () => Promise<unknown>) {
  const { exec } = sqlite;
  let commits = 0;
  sqlite.exec = (sql) => {
    if (sql === "COMMIT") commits++;
    exec.call(sqlite, sql);
  };
  await act();
  sqlite.exec = exec;
  return commits;
}

Deno.test("50 puts that come together are acknowledged by one commit, and all arrive", async () => {
  await onDisk(async (world) => {
    const putAll = () => Promise.all(Array.from({ length: 50 }, (_, n) => world.put(`${n},`)));
    assertEquals(await commitsOf(world, putAll), 1);
    world.clock.advance(60_000);
    const [object] = await world.objectsOnceThere(1);
    const arrived = (await world.text(object)).split(",").slice(0, -1).map(Number);
    assertEquals(arrived.sort((a, b) => a - b), Array.from({ length: 50 }, (_, n) => n));
  });
});

Deno.test("large puts go from the journal's files to the object's, byte for byte", async () => {
  await onDisk(async (world) => {
    // Below the buffer's 1 MiB together; with one small put between, which is in the database.
    const puts = ["a".repeat(300_000), "small", "b".repeat(300_000), "c".repeat(300_001)];
    for (const put of puts) await world.put(put.slice(0, 1), put.slice(1));
    world.clock.advance(60_000);
    const [object] = await world.objectsOnceThere(1);
    assertEquals(await world.text(object) === puts.join(""), true, "the object is what was put");
    assertEquals(object.etag, createHash("md5").update(puts.join("")).digest("hex"));
  });
});

Deno.test("an object that ends inside a large put takes its part of the file, and the next the rest", async () => {
  await onDisk(async (world) => {
    const [a, b, c] = ["a", "b", "c"].map((letter) => letter.repeat(400_000));
    await world.put(a, b, c);
    world.clock.advance(60_000);
    const objects = await world.objectsOnceThere(2);
    const texts = await Promise.all(objects.map((object) => world.text(object)));
    assertEquals(texts.sort((x, y) => y.length - x.length).join("") === a + b + c, true);
  });
});

Deno.test("the large puts of two streams, mixed in the journal's files, arrive each in its own object", async () => {
  await onDisk(async (world) => {
    const prefixes = ["one/", "other/"];
    for (const Prefix of prefixes) {
      const BufferingHints = { SizeInMBs: 64, IntervalInSeconds: 60 };
      await world.createStream({ Prefix, BufferingHints }, {
        DeliveryStreamName: Prefix.slice(0, -1),
      });
    }
    // Alone, in turns and alone again; more in a row than goes from file to file at once.
    const turns = [0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 0];
    const wanted = ["", ""];
    for (const [n, turn] of turns.entries()) {
      const text = `${n},`.repeat(300_000);
      wanted[turn] += text;
      const DeliveryStreamName = prefixes[turn].slice(0, -1);
      await world.call("PutRecordBatch", {
        DeliveryStreamName,
        Records: [{ Data: new TextEncoder().encode(text) }],
      });
    }
    world.clock.advance(60_000);
    const objects = await world.objectsOnceThere(2);
    for (const [turn, prefix] of prefixes.entries()) {
      const [object] = objects.filter(({ key }) => key.startsWith(prefix));
      assertEquals(await world.text(object) === wanted[turn], true, `${prefix} is what was put`);
    }
  });
});
