/** Faults on demand: what is refused when they are put, which calls they strike, and what they do. */
import { PutRecordBatchCommand, PutRecordCommand } from "@aws-sdk/client-firehose";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { assertArrayIncludes, assertEquals, assertMatch } from "@std/assert";
import { ACCOUNT_ID } from "../sandbox.ts";
import { said } from "../testing/said.ts";
import { sdkErrors } from "./sdk_errors_testing.ts";
import { codesOf } from "./fault_errors.ts";
import type { FaultSpec } from "./fault.ts";
import { ControlWorld } from "./testing.ts";

const SPEED = 2_000;
const PUT = { service: "firehose", operation: "PutRecord" };
const BATCH = { service: "firehose", operation: "PutRecordBatch" };

async function put(world: ControlWorld, fault: FaultSpec): Promise<string> {
  const { status, body } = await world.page("POST", "/_sandbox/faults", fault);
  assertEquals(status, 201, JSON.stringify(body));
  return body.id;
}

const record = (text: string) => ({ Data: new TextEncoder().encode(text) });

const putRecord = (world: ControlWorld, stream = "one") => () =>
  world.clients.firehose.send(
    new PutRecordCommand({ DeliveryStreamName: stream, Record: record("x") }),
  );

for (
  const [fault, why] of [
    [{ on: { service: "ec2" }, then: { drop: true } }, /^on\.service must be one of .*firehose/],
    [
      { on: { service: "firehose", operation: "Put" }, then: { drop: true } },
      /no operation Put here/,
    ],
    [{ on: { service: "s3", stram: "x" }, then: { drop: true } }, /^on has stram; it may have/],
    [
      { on: { service: "firehose", bucket: "b" }, then: { drop: true } },
      /^on\.bucket means nothing/,
    ],
    [{ on: PUT, then: { error: "NoSuchBucket" } }, /^firehose has no error NoSuchBucket; it has/],
    [{ on: PUT, then: { error: "LimitExceededException" } }, /give it as then\.message/],
    [{ on: PUT, then: { failRecords: [0] } }, /needs on\.operation to be PutRecordBatch/],
    [{ on: BATCH, then: { failRecords: [500] } }, /places from 0 to 499/],
    [{ on: BATCH, then: { failRecords: [] } }, /places from 0 to 499/],
    [{ on: PUT, then: { delayMs: -1 } }, /^delayMs must be a number from 0/],
    [{ on: PUT, then: { drop: false } }, /must be true/],
    [{ on: PUT, then: { drop: true, cut: 1 } }, /must have one of/],
    [{ on: PUT, then: {} }, /must have one of/],
    [{ on: PUT, when: { first: 0 }, then: { drop: true } }, /^first must be a whole number from 1/],
    [{ on: PUT, when: { seed: 1 }, then: { drop: true } }, /nothing without when\.chance/],
    [{ on: { service: "s3", operation: "HeadObject" }, then: { cut: 1 } }, /no body to cut/],
    [{ then: { drop: true } }, /^on must be a JSON object/],
  ] as const
) {
  Deno.test(`a fault is refused: ${JSON.stringify(fault)}`, async () => {
    await using world = await ControlWorld.start();
    const { status, body } = await world.page("POST", "/_sandbox/faults", fault);
    assertEquals(status, 400);
    assertMatch(body.error, why);
  });
}

Deno.test("faults know every error of the services' models, with its status", async () => {
  for (const [service, errors] of Object.entries(await sdkErrors())) {
    const codes = codesOf(service);
    // The model has no status for S3's NotFound; AWS answers 404.
    const missing = errors.filter(({ code, status }) =>
      codes.get(code) !== status && code !== "NotFound"
    );
    assertEquals(missing, [], service);
  }
});

Deno.test("a put fails with AWS's error as often as the fault says, and the list counts it", async () => {
  await using world = await ControlWorld.start({ speed: SPEED });
  await world.createStream("one");
  const slow = { error: "ServiceUnavailableException" };
  const id = await put(world, { on: { ...PUT, stream: "one" }, when: { first: 2 }, then: slow });
  assertEquals(await said(putRecord(world)), "ServiceUnavailableException: Slow down.");
  assertEquals(await said(putRecord(world)), "ServiceUnavailableException: Slow down.");
  await putRecord(world)();
  const { body } = await world.page("GET", "/_sandbox/faults");
  assertEquals(
    body.faults.map(({ calls, struck }) => [calls, struck]),
    [[3, 2]],
  );
  assertEquals((await world.page("DELETE", `/_sandbox/faults/${id}`)).status, 200);
  assertEquals((await world.page("DELETE", `/_sandbox/faults/${id}`)).status, 404);

  await put(world, { on: PUT, when: { every: 2 }, then: { error: "ThrottlingException" } });
  await putRecord(world)();
  assertEquals(await said(putRecord(world)), "ThrottlingException: Rate exceeded");
  await world.page("DELETE", "/_sandbox/faults");
  await putRecord(world)();
  const flushed = await world.page("POST", "/_sandbox/flush");
  assertEquals(await world.textOf(flushed.body.objects[0]), "xxx");
});

Deno.test("the same seed strikes the same calls", async () => {
  await using world = await ControlWorld.start({ speed: SPEED });
  await world.createStream("one");
  const outcomes = async () => {
    await put(world, {
      on: PUT,
      when: { chance: 0.5, seed: 7 },
      then: { error: "InternalFailure" },
    });
    const seen: boolean[] = [];
    for (let n = 0; n < 12; n++) {
      seen.push(await putRecord(world)().then(() => true, () => false));
    }
    await world.page("DELETE", "/_sandbox/faults");
    return seen;
  };
  const first = await outcomes();
  assertArrayIncludes(first, [true, false]);
  assertEquals(await outcomes(), first);
});

Deno.test("records of a batch fail by their place, and only the others are delivered", async () => {
  await using world = await ControlWorld.start({ speed: SPEED });
  await world.createStream("one");
  await put(world, { on: BATCH, then: { failRecords: [0, 2, 9] } });
  const output = await world.clients.firehose.send(
    new PutRecordBatchCommand({ DeliveryStreamName: "one", Records: ["a", "b", "c"].map(record) }),
  );
  assertEquals(output.FailedPutCount, 2);
  const slow = { ErrorCode: "ServiceUnavailableException", ErrorMessage: "Slow down." };
  const entries = output.RequestResponses ?? [];
  assertEquals([entries[0], entries[2]], [slow, slow]);
  assertEquals(entries[1].RecordId?.length, 224);
  const flushed = await world.page("POST", "/_sandbox/flush");
  assertEquals(await world.textOf(flushed.body.objects[0]), "b");
});

Deno.test("each service answers in its protocol and shape", async () => {
  await using world = await ControlWorld.start({ speed: SPEED });
  await world.createStream("one");
  await world.createFunction("fn", "() => 1");
  const { s3, lambda, sts, logs } = world.clients;
  const errors: [string, string][] = [
    ["s3", "SlowDown"],
    ["lambda", "TooManyRequestsException"],
    ["sts", "Throttling"],
    ["logs", "AccessDeniedException"],
  ];
  for (const [service, error] of errors) await put(world, { on: { service }, then: { error } });
  const putObject = new PutObjectCommand({ Bucket: "one", Key: "k", Body: "x" });
  assertEquals(await said(() => s3.send(putObject)), "SlowDown: Please reduce your request rate.");
  const refused = await lambda.send(new InvokeCommand({ FunctionName: "fn" })).catch((e) => e);
  assertEquals(
    [refused.name, refused.message, refused.Reason, refused.$metadata.httpStatusCode],
    [
      "TooManyRequestsException",
      "Rate Exceeded.",
      "ReservedFunctionConcurrentInvocationLimitExceeded",
      429,
    ],
  );
  const role = `arn:aws:iam::${ACCOUNT_ID}:role/one`;
  const assume = new AssumeRoleCommand({ RoleArn: role, RoleSessionName: "session" });
  assertEquals(await said(() => sts.send(assume)), "Throttling: Rate exceeded");
  assertMatch(
    await said(() => logs.send(new CreateLogGroupCommand({ logGroupName: "g" }))),
    /^AccessDeniedException: User: .*:root is not authorized to perform: logs:CreateLogGroup on resource: arn:aws:logs:.*/,
  );
});

Deno.test("a delay holds a call up, and an end or a reset lets it go on", async () => {
  await using world = await ControlWorld.start({ speed: SPEED });
  await world.createStream("one");
  await put(world, { on: PUT, then: { delayMs: 3_600_000 } });
  const waiting = putRecord(world)();
  assertEquals(
    await Promise.race([waiting, new Promise((r) => setTimeout(r, 50, "waits"))]),
    "waits",
  );
  await world.page("DELETE", "/_sandbox/faults");
  assertEquals((await waiting).RecordId?.length, 224);
});

Deno.test("a dropped or cut answer is an error for the client, and the call was done", async () => {
  await using world = await ControlWorld.start({ speed: SPEED });
  await world.createStream("one");
  const failed = (act: () => Promise<unknown>) => act().then(() => false, () => true);
  await put(world, { on: PUT, when: { first: 1 }, then: { drop: true } });
  assertEquals(await failed(putRecord(world)), true);
  const flushed = await world.page("POST", "/_sandbox/flush");
  assertEquals(await world.textOf(flushed.body.objects[0]), "x");

  const object = flushed.body.objects[0];
  await put(world, { on: { service: "s3", operation: "PutObject" }, then: { cut: 0 } });
  const large = new Uint8Array(100_000).fill(7);
  const { s3 } = world.clients;
  assertEquals(
    await failed(() => s3.send(new PutObjectCommand({ Bucket: "one", Key: "k", Body: large }))),
    true,
  );
  await put(world, {
    on: { service: "s3", operation: "GetObject", bucket: "one" },
    then: { cut: 70_000 },
  });
  const read = async () => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "one", Key: "k" }));
    return await Body?.transformToByteArray();
  };
  assertEquals(await failed(read), true);
  const raw = await fetch(`${world.sandbox.endpoint}/nothing`); // others are whole
  assertEquals(raw.status, 403);
  await raw.body?.cancel();
  await world.page("DELETE", "/_sandbox/faults");
  assertEquals((await read())?.length, 100_000);
  assertEquals(object.bucket, "one");
});

Deno.test("S3 writes of a delivery fail with Firehose's codes, and the records are delivered later", async () => {
  await using world = await ControlWorld.start({ speed: SPEED });
  await world.createStream("one");
  const S3_WRITE = { service: "s3", operation: "PutObject", stream: "one" };
  const then = async (act: FaultSpec["then"], on: FaultSpec["on"] = S3_WRITE) => {
    await put(world, { on, when: { first: 1 }, then: act });
    const { status, body } = await world.page("POST", "/_sandbox/flush");
    return `${status} ${body.error ?? ""}`;
  };
  await world.put("one", "x");
  assertMatch(
    await then({ error: "NoSuchBucket" }),
    /^409 .*S3\.NoSuchBucket: The specified bucket/,
  );
  assertMatch(
    await then({ error: "SlowDown" }),
    /^409 .*InternalError: An internal error occurred/,
  );
  const assume = { service: "sts", operation: "AssumeRole", stream: "one" };
  assertMatch(await then({ error: "AccessDenied" }, assume), /^409 .*S3\.AccessDenied: /);
  // A client's own put of an object is not the delivery's.
  assertEquals(await then({ error: "AccessDenied" }, { ...S3_WRITE, stream: "other" }), "200 ");
  const { body } = await world.page("GET", "/_sandbox/state");
  assertEquals(body.deliveries.at(-1)?.outcome.kind, "delivered");
});

Deno.test("a lost answer of S3 makes Firehose deliver the records twice, as on AWS", async () => {
  await using world = await ControlWorld.start({ speed: SPEED });
  await world.createStream("one");
  await world.put("one", "x");
  const on = { service: "s3", operation: "PutObject", stream: "one" };
  await put(world, { on, when: { first: 1 }, then: { drop: true } });
  assertEquals((await world.page("POST", "/_sandbox/flush")).status, 409);
  const second = await world.page("POST", "/_sandbox/flush");
  assertEquals(second.body.objects.length, 1);
  assertEquals(await world.objectTexts("one"), ["x", "x"]);
});
