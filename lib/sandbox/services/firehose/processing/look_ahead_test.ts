/** The next batch is with the function while the last one is committed. */
import { assert, assertEquals } from "@std/assert";
import { until } from "../../../testing/until.ts";
import type { FunctionInvoker } from "../../../ports/function_invoker.ts";
import {
  base64,
  FUNCTION_ARN,
  lambdaProcessing,
  returned,
  TestFunction,
  World,
} from "../testing.ts";

const BUFFER = { BufferSizeInMBs: "1", BufferIntervalInSeconds: "60" };
/** Two of these fill the function's buffer. */
const RECORD_BYTES = 600_000;
const RECORDS = 7;

/** Answers Dropped for all records, from `moment` on. */
const droppingAfter = (moment: Promise<void>) =>
  new TestFunction(async ({ records }) => {
    await moment;
    return returned({ records: records.map(({ recordId }) => ({ recordId, result: "Dropped" })) });
  });

/** An invocation without an answer. */
function untilEnded(signal: AbortSignal | undefined): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal?.addEventListener("abort", () => reject(signal.reason));
  return promise;
}

/** Holds the next commit until this is resolved. */
function heldCommit({ database }: World): PromiseWithResolvers<void> {
  const mayCommit = Promise.withResolvers<void>();
  const commit = database.commit.bind(database);
  database.commit = async (work) => {
    database.commit = commit;
    await mayCommit.promise;
    return await commit(work);
  };
  return mayCommit;
}

Deno.test("the function gets the next batch before the last one is committed, and each record once", async () => {
  const allPut = Promise.withResolvers<void>();
  const invoker = new TestFunction(async ({ records }) => {
    await allPut.promise;
    return returned({
      records: records.map(({ recordId }) => ({ recordId, result: "Ok", data: base64("x") })),
    });
  });
  await using world = await World.with({ invoker });
  await world.createStream({ Prefix: "data/", ProcessingConfiguration: lambdaProcessing(BUFFER) });
  for (let n = 0; n < RECORDS; n++) await world.put("r".repeat(RECORD_BYTES));
  const commit = world.database.commit.bind(world.database);
  const mayCommit = Promise.withResolvers<void>();
  world.database.commit = async (work) => {
    await mayCommit.promise;
    return await commit(work);
  };
  allPut.resolve();
  await until("a second batch at the function", () => invoker.events[1]);
  assertEquals(world.metric("SucceedProcessing.Records"), [], "the first batch is not committed");
  mayCommit.resolve();
  const arrived = () => world.metric("SucceedProcessing.Records").reduce((sum, n) => sum + n, 0);
  await until("all full batches", () => arrived() >= RECORDS - 1 || undefined);
  world.clock.advance(60_000);
  await until("the rest", () => arrived() === RECORDS || undefined);
  world.clock.advance(300_000);
  const ids = invoker.events.flatMap(({ records }) => records.map(({ recordId }) => recordId));
  assertEquals([ids.length, new Set(ids).size], [RECORDS, RECORDS]);
  await until(
    "all in objects",
    async () => (await world.textUnder("data/")) === "x".repeat(RECORDS) || undefined,
  );
});

Deno.test("the function gets one batch at a time, and the next one after the last attempt at a failed one", async () => {
  const allPut = Promise.withResolvers<void>();
  let running = 0;
  const invoker: TestFunction = new TestFunction(async ({ records }) => {
    assertEquals(++running, 1);
    await allPut.promise;
    running--;
    if (invoker.events.length < 3) {
      return { kind: "functionError", errorType: "Error", payload: new Uint8Array() };
    }
    return returned({
      records: records.map(({ recordId }) => ({ recordId, result: "Ok", data: base64("x") })),
    });
  });
  await using world = await World.with({ invoker });
  await world.createStream({ Prefix: "data/", ProcessingConfiguration: lambdaProcessing(BUFFER) });
  for (let n = 0; n < RECORDS; n++) await world.put("r".repeat(RECORD_BYTES));
  allPut.resolve();
  for (let attempt = 1; attempt < 3; attempt++) {
    await until(
      "a failed attempt",
      () => world.metric("ExecuteProcessing.Success")[attempt - 1] ?? undefined,
    );
    world.clock.advance(10_000);
  }
  await until("the batch after it", () => invoker.events[3]);
  const ids = invoker.events.map(({ records }) => records.map(({ recordId }) => recordId));
  assertEquals([ids[1], ids[2]], [ids[0], ids[0]]);
  assert(ids[3].every((id) => !ids[0].includes(id)));
});

Deno.test("the next event is made while the function works, and goes out before its answer is judged", async () => {
  const allPut = Promise.withResolvers<void>();
  const judged: number[] = [];
  const invoker = new TestFunction(async ({ records }) => {
    judged.push(world.metric("ExecuteProcessing.Success").length);
    await allPut.promise;
    return returned({
      records: records.map(({ recordId }) => ({ recordId, result: "Ok", data: base64("x") })),
    });
  });
  await using world = await World.with({ invoker });
  await world.createStream({ Prefix: "data/", ProcessingConfiguration: lambdaProcessing(BUFFER) });
  for (let n = 0; n < 4; n++) await world.put("r".repeat(RECORD_BYTES));
  await until("the first batch at the function", () => invoker.events[0]);
  allPut.resolve();
  await until("the second batch at the function", () => invoker.events[1]);
  assertEquals(judged.slice(0, 2), [0, 0]);
});

Deno.test("a batch that was begun early ends with its stream, and no other goes to the function", async () => {
  const allPut = Promise.withResolvers<void>();
  let invocations = 0;
  const answering = new TestFunction(async ({ records }) => {
    await allPut.promise;
    return returned({ records: records.map(({ recordId }) => ({ recordId, result: "Dropped" })) });
  });
  /** Answers the first batch, and works on the second until it is ended. */
  const invoker: FunctionInvoker = {
    invoke: (request) => {
      if (++invocations === 1) return answering.invoke(request);
      return untilEnded(request.signal);
    },
  };
  await using world = await World.with({ invoker });
  await world.createStream({ ProcessingConfiguration: lambdaProcessing(BUFFER) });
  for (let n = 0; n < RECORDS; n++) await world.put("r".repeat(RECORD_BYTES));
  allPut.resolve();
  await until(
    "the second batch at the function, and the first committed",
    () =>
      (invocations === 2 && world.metric("SucceedProcessing.Records").length === 1) || undefined,
  );
  let isDeleted: true | undefined;
  void world.call("DeleteDeliveryStream", { DeliveryStreamName: "stream" })
    .then(() => isDeleted = true);
  await until("the deletion", () => isDeleted);
  assertEquals(invocations, 2);
});

Deno.test("after an update a batch that was begun early goes to the new function at once", async () => {
  const allPut = Promise.withResolvers<void>();
  const answering = droppingAfter(allPut.promise);
  const invoked: string[] = [];
  /** Answers the first batch only, until it is ended. */
  const invoker: FunctionInvoker = {
    invoke: (request) => {
      invoked.push(request.functionArn);
      if (invoked.length === 1) return answering.invoke(request);
      return untilEnded(request.signal);
    },
  };
  await using world = await World.with({ invoker });
  await world.createStream({ ProcessingConfiguration: lambdaProcessing(BUFFER) });
  for (let n = 0; n < RECORDS; n++) await world.put("r".repeat(RECORD_BYTES));
  const mayCommit = heldCommit(world);
  allPut.resolve();
  await until("the second batch at the function", () => invoked[1]);
  const LambdaArn = FUNCTION_ARN.replace("transform", "other");
  await world.update({ ProcessingConfiguration: lambdaProcessing({ ...BUFFER, LambdaArn }) });
  mayCommit.resolve();
  assertEquals(await until("the new function", () => invoked[2]), `${LambdaArn}:$LATEST`);
});

Deno.test("a new tag does not send a batch that was begun early again", async () => {
  const allPut = Promise.withResolvers<void>();
  const invoker = droppingAfter(allPut.promise);
  await using world = await World.with({ invoker });
  await world.createStream({ ProcessingConfiguration: lambdaProcessing(BUFFER) });
  for (let n = 0; n < RECORDS; n++) await world.put("r".repeat(RECORD_BYTES));
  const mayCommit = heldCommit(world);
  allPut.resolve();
  await until("the second batch at the function", () => invoker.events[1]);
  const Tags = [{ Key: "team", Value: "orders" }];
  await world.call("TagDeliveryStream", { DeliveryStreamName: "stream", Tags });
  mayCommit.resolve();
  await until("the third batch", () => invoker.events[2]);
  const ids = invoker.events.flatMap(({ records }) => records.map(({ recordId }) => recordId));
  assertEquals(new Set(ids).size, ids.length);
});

/**
 * A stream whose second batch is with the function, begun early, while the first one is not committed.
 * `early` is the signal that ends it.
 */
async function withEarlyBatch(
  run: (
    world: World,
    early: AbortSignal,
    mayCommit: PromiseWithResolvers<void>,
  ) => Promise<void>,
) {
  const allPut = Promise.withResolvers<void>();
  const answering = droppingAfter(allPut.promise);
  const signals: (AbortSignal | undefined)[] = [];
  const invoker: FunctionInvoker = {
    invoke: (request) => {
      if (signals.push(request.signal) === 1) return answering.invoke(request);
      return untilEnded(request.signal);
    },
  };
  await using world = await World.with({ invoker });
  await world.createStream({
    Prefix: "data/",
    ProcessingConfiguration: lambdaProcessing(BUFFER),
  });
  for (let n = 0; n < 3; n++) await world.put("r".repeat(RECORD_BYTES));
  await world.put("r".repeat(RECORD_BYTES));
  const mayCommit = heldCommit(world);
  allPut.resolve();
  const early = await until("the second batch at the function", () => signals[1]);
  await run(world, early, mayCommit);
}

Deno.test("an update that ends processing ends the batch that was begun early, and its records go to S3", async () => {
  await withEarlyBatch(async (world, early, mayCommit) => {
    await world.update({ ProcessingConfiguration: { Enabled: false } });
    mayCommit.resolve();
    await until("the early batch to end", () => early.aborted);
    await until("the records", async () => {
      world.clock.advance(60_000);
      return (await world.textUnder("data/")).length === 2 * RECORD_BYTES;
    });
  });
});

Deno.test("a batch that was begun early ends with its stream, also while the buffer waits", async () => {
  await withEarlyBatch(async (world, early, mayCommit) => {
    const larger = lambdaProcessing({ ...BUFFER, BufferSizeInMBs: "3" });
    await world.update({ ProcessingConfiguration: larger });
    mayCommit.resolve();
    await until("the first batch", () => world.metric("SucceedProcessing.Records").length === 1);
    assertEquals(early.aborted, false);
    await world.call("DeleteDeliveryStream", { DeliveryStreamName: "stream" });
    assertEquals(early.aborted, true);
  });
});
