/** What fails after the commit of a delivery or a batch: its records do not go out again. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { Database } from "../../store/database.ts";
import { tempFolder } from "../../testing/temp_folder.ts";
import { until } from "../../testing/until.ts";
import {
  functionOf,
  lambdaProcessing,
  returned,
  TestFunction,
  World,
  type WorldOptions,
} from "./testing.ts";
import type { FirehoseWatch } from "./watch.ts";

/** A watch of which one method fails at its first call, as a fault of the console would. */
function failingAt(method: "delivered" | "processed"): FirehoseWatch {
  let calls = 0;
  const nothing = () => {};
  const noted = { measured: nothing, invoking: nothing, invoked: nothing, refused: nothing };
  const failing = (name: typeof method) => () => {
    if (name === method && ++calls === 1) throw new Error("the console failed");
  };
  return { ...noted, processed: failing("processed"), delivered: failing("delivered") };
}

/** A world on disk whose commits are synced on another thread, and a way to let the next sync fail. */
async function onDisk(
  run: (
    open: (options?: WorldOptions) => Promise<World>,
    failNextSync: () => void,
  ) => Promise<void>,
): Promise<void> {
  using folder = tempFolder();
  const { syncData } = Deno.FsFile.prototype;
  let fails = false;
  Deno.FsFile.prototype.syncData = function () {
    if (!fails) return syncData.call(this);
    fails = false;
    return Promise.reject(new Error("Input/output error"));
  };
  try {
    const database = () => new Database(join(folder.path, "state.sqlite"), 0);
    const open = (options?: WorldOptions) => World.with({ database: database(), ...options });
    await run(open, () => fails = true);
  } finally {
    Deno.FsFile.prototype.syncData = syncData;
  }
}

/** Advances the clock until nothing waits in the stream. */
async function untilDelivered(world: World): Promise<void> {
  await until("all to be delivered", () => {
    world.clock.advance(60_000);
    const buffers = world.firehose.buffersOf(world.firehose.stream("stream"));
    return buffers.every(({ buffer, doing }) =>
      buffer.openedMs === undefined && doing === "nothing"
    );
  });
}

/** Puts "a" and then "b", and waits until nothing waits any more; the text of all objects. */
async function deliveredBy(world: World): Promise<string> {
  await world.put("a");
  const problem = await until("the problem", () => {
    world.clock.advance(60_000);
    return world.problems[0];
  });
  assertStringIncludes(problem, "the console failed");
  await world.put("b");
  await untilDelivered(world);
  return await world.textUnder("data/");
}

const PREFIX = { Prefix: "data/", ErrorOutputPrefix: "errors/" };

Deno.test("an object whose delivery failed after its commit is not delivered again", async () => {
  await using world = await World.with({ watch: failingAt("delivered") });
  await world.createStream(PREFIX);
  assertEquals(await deliveredBy(world), "ab");
});

for (const method of ["delivered", "processed"] as const) {
  Deno.test(`a batch goes on once, also if "${method}" fails after the commit`, async () => {
    const invoker = functionOf((text) => ({ result: "Ok", data: btoa(text.toUpperCase()) }));
    await using world = await World.with({ invoker, watch: failingAt(method) });
    await world.createStream({ ...PREFIX, ProcessingConfiguration: lambdaProcessing() });
    assertEquals(await deliveredBy(world), "AB");
    assertEquals(invoker.events.length, 2);
  });
}

Deno.test("a journal that can't be read is reported, and does not end the sandbox", async () => {
  await using world = await World.with();
  await world.createStream();
  await world.put("a");
  world.database.sqlite.exec("ALTER TABLE firehose_journal RENAME TO lost");
  world.clock.advance(60_000);
  const problem = await until("the problem", () => world.problems[0]);
  assertStringIncludes(problem, "delivery stream stream: InternalError");
});

Deno.test("a delivery whose commit was not synced has its object, once and with its bytes", async () => {
  await onDisk(async (open, failNextSync) => {
    await using world = await open();
    await world.createStream(PREFIX);
    await world.put("x".repeat(100_000)); // in a file, not in the database
    failNextSync();
    world.clock.advance(60_000);
    assertStringIncludes(await until("the problem", () => world.problems[0]), "Input/output error");
    await untilDelivered(world);
    assertEquals((await world.textUnder("data/")).length, 100_000);
  });
});

Deno.test("a batch whose commit was not synced is delivered after a restart, and not processed again", async () => {
  await onDisk(async (open, failNextSync) => {
    const allPut = Promise.withResolvers<void>();
    const invoker = new TestFunction(async ({ records: [{ recordId, data }] }) => {
      await allPut.promise;
      failNextSync();
      return returned({ records: [{ recordId, result: "Ok", data }] });
    });
    {
      await using world = await open({ invoker });
      await world.createStream({ ...PREFIX, ProcessingConfiguration: lambdaProcessing() });
      await world.put("a");
      world.clock.advance(60_000);
      allPut.resolve();
      const problem = await until("the problem", () => world.problems[0]);
      assertStringIncludes(problem, "Input/output error");
    }
    await using world = await open({ invoker });
    await untilDelivered(world);
    assertEquals([await world.textUnder("data/"), invoker.events.length], ["a", 1]);
  });
});
