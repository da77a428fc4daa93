import { assert, assertEquals, assertMatch } from "@std/assert";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import type { Caller } from "../../../access/caller.ts";
import { RecordLoops, withoutGzipHeader } from "./record_loops.ts";
import { ACCOUNT_ID, FUNCTION_ARN, functionOf, lambdaProcessing, World } from "../testing.ts";

/** A function of this name, as Lambda lets it call. */
function functionCaller(sessionName: string): Caller {
  return {
    kind: "session",
    accountId: ACCOUNT_ID,
    arn: `arn:aws:sts::${ACCOUNT_ID}:assumed-role/transform-role/${sessionName}`,
    userId: `AROATESTTESTTESTTESTT:${sessionName}`,
    roleName: "transform-role",
    roleArn: `arn:aws:iam::${ACCOUNT_ID}:role/transform-role`,
    sessionName,
    sessionPolicies: [],
  };
}

/** The same content under another gzip header, as a function that counts rounds puts it. */
function inRound(round: number): Uint8Array {
  const data = gzipSync('{"id":1}');
  const header = Buffer.from(data.subarray(0, 10));
  header[3] |= 4;
  const extra = Buffer.from([5, 0, 0x46, 0x52, 1, 0, round]);
  return Buffer.concat([header, extra, data.subarray(10)]);
}

async function streamOf(world: World) {
  await world.createStream({
    ProcessingConfiguration: lambdaProcessing({
      BufferIntervalInSeconds: "30",
      BufferSizeInMBs: "1",
    }),
  });
  return world.firehose.stream("stream");
}

const invoker = functionOf(() => ({ result: "Dropped" }));

Deno.test("RecordLoops knows a record that its function puts back, whatever its gzip header", async () => {
  await using world = await World.with({ invoker });
  const stream = await streamOf(world);
  const loops = new RecordLoops();
  const caller = functionCaller("transform");
  const rounds = [1, 2, 3, 4].map((round) =>
    loops.notice(stream, caller, [inRound(round), Buffer.from(`other ${round}`)])
  );
  assertEquals(rounds.map((returned) => returned?.rounds), [1, 2, 3, 4]);
  assertEquals(rounds.map((returned) => returned?.line === undefined), [true, true, true, false]);
  assertMatch(
    rounds[3]?.line ?? "",
    /^1 record goes round: the function transform has put the same content back up to 4 times\. With a round every 30 s, its buffer interval, that makes 2,880 rounds a day\. On AWS they cost about 0\.00097 USD /,
  );
});

Deno.test("RecordLoops speaks again when the rounds have doubled, and not in between", async () => {
  await using world = await World.with({ invoker });
  const stream = await streamOf(world);
  const loops = new RecordLoops();
  const told: number[] = [];
  for (let round = 1; round <= 40; round++) {
    const returned = loops.notice(stream, functionCaller("transform"), [inRound(round)]);
    if (returned?.line) told.push(returned.rounds);
  }
  assertEquals(told, [4, 8, 16, 32]);
  loops.forget(stream.id);
  const [first] = [loops.notice(stream, functionCaller("transform"), [inRound(1)])];
  assertEquals(first?.rounds, 1);
});

Deno.test("RecordLoops does not mind what producers or other functions put", async () => {
  await using world = await World.with({ invoker });
  const stream = await streamOf(world);
  const loops = new RecordLoops();
  for (const caller of [world.iam.rootCaller(), functionCaller("another")]) {
    assertEquals(loops.notice(stream, caller, [inRound(1)]), undefined);
  }
});

Deno.test("RecordLoops remembers the contents that came back last, and no more than it may", async () => {
  await using world = await World.with({ invoker });
  const stream = await streamOf(world);
  const loops = new RecordLoops();
  const put = (text: string) =>
    loops.notice(stream, functionCaller("transform"), [Buffer.from(text)])?.rounds;
  for (let index = 0; index < 10_001; index++) put(`record ${index}`);
  assertEquals([put("record 10000"), put("record 0")], [2, 1]);
});

Deno.test("a put by the stream's function is counted in a metric, and said where people look", async () => {
  await using world = await World.with({ invoker });
  await world.createStream({
    ProcessingConfiguration: lambdaProcessing(),
    CloudWatchLoggingOptions: { Enabled: true, LogGroupName: "group", LogStreamName: "stream" },
  });
  for (let round = 1; round <= 4; round++) {
    await world.putAs(functionCaller("transform"), inRound(round));
  }
  assertEquals(world.metric("ReturnedRecordRounds"), [1, 2, 3, 4]);
  assertEquals(
    world.samples.find(({ metricName }) => metricName === "ReturnedRecordRounds")?.namespace,
    "FirehoseLab",
  );
  assert(world.problems[0].startsWith("delivery stream stream: 1 record goes round"));
  const [line] = world.logLines.map(({ message }) => JSON.parse(message));
  assertEquals([line.errorCode, line.processor], ["Sandbox.RecordLoop", FUNCTION_ARN]);
});

Deno.test("withoutGzipHeader() leaves what is not gzip, and throws for no bytes", () => {
  assertEquals(withoutGzipHeader(Buffer.from("plain")), Buffer.from("plain"));
  const whole = inRound(3);
  assertEquals(withoutGzipHeader(whole), withoutGzipHeader(gzipSync('{"id":1}')));
  for (let length = 0; length < whole.length; length++) {
    withoutGzipHeader(whole.subarray(0, length));
  }
});
