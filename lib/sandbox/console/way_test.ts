import { assertEquals, assertMatch } from "@std/assert";
import { until } from "../testing/until.ts";
import { World } from "../services/firehose/testing.ts";
import { LogsState } from "../services/logs/state.ts";
import { StreamWatch } from "./stream_watch.ts";
import { wayOf } from "./way.ts";

/** A world whose streams are watched, and the way of the record that was put first. */
async function watchedWorld() {
  const watch = new StreamWatch();
  const world = await World.with({ watch });
  const logs = new LogsState({
    ...{ database: world.database, clock: world.clock, access: world.iam },
    ...{ region: "us-east-1", accountId: "123456789012" },
  });
  const { s3, firehose } = world;
  const place = { accountId: "123456789012", region: "us-east-1" };
  await world.createStream();
  await world.put("first", "second");
  const [{ slice }] = [...firehose.waiting(firehose.stream("stream"))];
  const region = { place, s3, firehose, logs, watch };
  return {
    world,
    steps: (record: number) =>
      wayOf({ seq: slice.seq, record }, region).steps.map(({ what, text }) => `${what}: ${text}`),
    unknown: (seq: number) => wayOf({ seq, record: 0 }, region).unknown,
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

Deno.test("a record that was only put waits, and then is in an object of a stream without processors", async () => {
  await using watched = await watchedWorld();
  const { world, steps } = watched;
  const [put, waits] = steps(1);
  assertEquals(put, "put: Put to stream, 6 bytes.");
  assertMatch(waits, /^waits: Waits in the buffer of stream for S3: 2 records, 11 bytes\./);
  world.clock.advance(60_000);
  await world.objectsOnceThere(1);
  await until("the trail", () => steps(1).some((step) => step.startsWith("object")) || undefined);
  assertEquals(steps(1).at(-1), "object: In an object:");
});

Deno.test("a record whose delivery is refused waits, and its way says why", async () => {
  await using watched = await watchedWorld();
  const { world, steps } = watched;
  await world.saveRole({ actions: ["s3:GetObject"] });
  world.clock.advance(60_000);
  await until("a refusal", () => steps(0)[1]?.includes("S3.AccessDenied") || undefined);
  assertMatch(steps(0)[1], /Delivery has failed since then: S3\.AccessDenied: Access was denied/);
});

Deno.test("a record that nobody remembers is said to be unknown", async () => {
  await using watched = await watchedWorld();
  assertMatch(watched.unknown(9_999) ?? "", /cannot say where the record went/);
});
