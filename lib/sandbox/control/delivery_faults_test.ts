/** Faults on the calls that deliveries make, and flushes of what is on its way through other services. */
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
  PutSubscriptionFilterCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type { ExtendedS3DestinationConfiguration } from "@aws-sdk/client-firehose";
import { PutRolePolicyCommand, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import { assertEquals, assertMatch } from "@std/assert";
import { gunzipSync } from "node:zlib";
import { ACCOUNT_ID } from "../sandbox.ts";
import { until } from "../testing/until.ts";
import type { FaultSpec } from "./fault.ts";
import { ControlWorld } from "./testing.ts";

const SPEED = 2_000;
const SAME = "async ({ records }) => ({ records: records.map((r) => ({ ...r, result: 'Ok' })) })";

/** Through the function `fn`, which is tried once more if it fails. */
const THROUGH: Partial<ExtendedS3DestinationConfiguration> = {
  ErrorOutputPrefix: "errors/",
  ProcessingConfiguration: {
    Enabled: true,
    Processors: [{
      Type: "Lambda",
      Parameters: [
        {
          ParameterName: "LambdaArn",
          ParameterValue: `arn:aws:lambda:us-east-1:${ACCOUNT_ID}:function:fn`,
        },
        { ParameterName: "NumberOfRetries", ParameterValue: "1" },
        { ParameterName: "BufferSizeInMBs", ParameterValue: "3" },
        { ParameterName: "BufferIntervalInSeconds", ParameterValue: "900" },
      ],
    }],
  },
};

async function put(world: ControlWorld, fault: FaultSpec): Promise<void> {
  const { status, body } = await world.page("POST", "/_sandbox/faults", fault);
  assertEquals(status, 201, body.error);
}

Deno.test("invocations of a delivery are refused, or their answers lost, as often as the fault says", async () => {
  await using world = await ControlWorld.start({ speed: SPEED });
  await world.createStream("one");
  await world.createFunction("fn", SAME);
  await world.createStream("through", THROUGH);
  const flushed = async (text: string) => {
    await world.put("through", text);
    const { status, body } = await world.page("POST", "/_sandbox/flush", { stream: "through" });
    assertEquals(status, 200, body.error);
    return await world.textOf(body.objects[0]);
  };
  const on = { service: "lambda", operation: "Invoke", function: "fn", stream: "through" };
  const throttled = { error: "TooManyRequestsException" };
  await put(world, { on, when: { first: 1 }, then: throttled });
  assertEquals(await flushed("a"), "a"); // the second attempt went through
  await put(world, { on, when: { first: 2 }, then: throttled });
  assertMatch(await flushed("b"), /"rawData":"Yg==","errorCode":"Lambda\.InvokeLimitExceeded"/);
  const before = (await world.page("GET", "/_sandbox/state")).body.invocations.length;
  await put(world, { on, when: { first: 1 }, then: { drop: true } });
  assertEquals(await flushed("c"), "c");
  const after = (await world.page("GET", "/_sandbox/state")).body.invocations.length;
  assertEquals(after - before, 2); // the function ran twice
});

Deno.test("a flush does not wait for the pauses between the attempts at a function", async () => {
  // A pause takes 400 s, and a stream is CREATING for as long until the clock is advanced.
  await using world = await ControlWorld.start({ speed: 0.01 });
  await world.whileTimePasses(async () => {
    await world.createStream("one");
    await world.createFunction("fn", "async () => { throw Error(); }");
    await world.createStream("through", THROUGH);
  });
  await world.put("through", "x");
  const { status, body } = await world.page("POST", "/_sandbox/flush", { withinSeconds: 3 });
  assertEquals([status, body.error], [200, undefined]);
  assertMatch(await world.textOf(body.objects[0]), /"attemptsMade":2/);
});

Deno.test("a flush ends after its limit or with the sandbox, and says which records are still at work", async () => {
  const flush = (world: ControlWorld, withinSeconds: number) =>
    world.page("POST", "/_sandbox/flush", { withinSeconds });
  const undelivered = (
    reason: string,
  ) => [{ stream: "through", kind: "source", records: 1, bytes: 1, reason }];
  let long: ReturnType<typeof flush>;
  {
    await using world = await ControlWorld.start({ speed: SPEED });
    await world.createStream("one");
    await world.createFunction("fn", "() => new Promise((r) => setTimeout(r, 50_000))");
    await world.createStream("through", THROUGH);
    await world.put("through", "x");
    long = flush(world, 20);
    const { status, body } = await flush(world, 0.3);
    assertEquals(status, 409);
    assertEquals<unknown>(body.undelivered, undelivered("it was still at work after 0.3 s"));
  }
  assertEquals<unknown>((await long).body.undelivered, undelivered("the sandbox is ending"));
});

Deno.test("log events on their way to a stream are flushed, and faults strike that way too", async () => {
  await using world = await ControlWorld.start({ speed: SPEED });
  const { logs, iam } = world.clients;
  await world.createStream("one");
  await iam.send(
    new UpdateAssumeRolePolicyCommand({
      RoleName: "one",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { Service: ["logs.amazonaws.com", "firehose.amazonaws.com"] },
        }],
      }),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: "one",
      PolicyName: "forward",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "firehose:*", Resource: "*" }],
      }),
    }),
  );
  await logs.send(new CreateLogGroupCommand({ logGroupName: "g" }));
  await logs.send(new CreateLogStreamCommand({ logGroupName: "g", logStreamName: "s" }));
  await logs.send(
    new PutSubscriptionFilterCommand({
      logGroupName: "g",
      filterName: "f",
      filterPattern: "",
      destinationArn: `arn:aws:firehose:us-east-1:${ACCOUNT_ID}:deliverystream/one`,
      roleArn: `arn:aws:iam::${ACCOUNT_ID}:role/one`,
    }),
  );
  await world.page("POST", "/_sandbox/flush"); // a message that tests the filter
  const on = { service: "firehose", operation: "PutRecord", caller: "*/CloudWatchLogs" };
  await put(world, { on, when: { first: 2 }, then: { error: "ServiceUnavailableException" } });
  const logEvents = [{ timestamp: Date.now(), message: "an event" }];
  await logs.send(
    new PutLogEventsCommand({ logGroupName: "g", logStreamName: "s", logEvents }),
  );
  const { body } = await world.page("POST", "/_sandbox/flush");
  const { Body } = await world.object(body.objects[0]);
  const document = JSON.parse(gunzipSync(await Body?.transformToByteArray() ?? "").toString());
  assertEquals(document.logEvents[0].message, "an event");
  const { faults } = (await world.page("GET", "/_sandbox/faults")).body;
  assertEquals(faults[0].struck, 2);
});

Deno.test("a delivery's log line is lost if the fault says so, and the delivery goes on", async () => {
  await using world = await ControlWorld.start({ speed: SPEED });
  const { logs } = world.clients;
  const names = { logGroupName: "g", logStreamName: "s" };
  await logs.send(new CreateLogGroupCommand({ logGroupName: "g" }));
  await logs.send(new CreateLogStreamCommand(names));
  await world.createStream("one", {
    CloudWatchLoggingOptions: { Enabled: true, LogGroupName: "g", LogStreamName: "s" },
  });
  await world.put("one", "x");
  const denied = { error: "AccessDenied" };
  const write = { service: "s3", operation: "PutObject", stream: "one" };
  await put(world, { on: write, when: { first: 2 }, then: denied });
  const on = { service: "logs", operation: "PutLogEvents", stream: "one" };
  await put(world, {
    on,
    when: { first: 1 },
    then: { error: "ServiceUnavailableException", message: "no" },
  });
  for (const status of [409, 409, 200]) {
    assertEquals((await world.page("POST", "/_sandbox/flush")).status, status);
  }
  const lines = await until("the second line", async () => {
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: "g" }));
    return events.length > 0 ? events : undefined;
  });
  assertEquals(lines.length, 1);
  assertMatch(lines[0].message ?? "", /S3\.AccessDenied/);
});
