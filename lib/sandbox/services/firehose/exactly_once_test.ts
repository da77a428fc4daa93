/** What fails after the commit of a delivery or a batch: its records do not go out again. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { until } from "../../testing/until.ts";
import { functionOf, lambdaProcessing, World } from "./testing.ts";
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

/** Puts "a" and then "b", and waits until nothing waits any more; the text of all objects. */
async function deliveredBy(world: World): Promise<string> {
  await world.put("a");
  const problem = await until("the problem", () => {
    world.clock.advance(60_000);
    return world.problems[0];
  });
  assertStringIncludes(problem, "the console failed");
  await world.put("b");
  await until("all to be delivered", () => {
    world.clock.advance(60_000);
    const buffers = world.firehose.buffersOf(world.firehose.stream("stream"));
    return buffers.every(({ buffer }) => buffer.openedMs === undefined);
  });
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
  const world = await World.with();
  await world.createStream();
  await world.put("a");
  world.database.sqlite.close();
  world.clock.advance(60_000);
  const problem = await until("the problem", () => world.problems[0]);
  assertStringIncludes(problem, "delivery stream stream: InternalError");
  await world.firehose.stop();
});
