/** Firehose and Lambda together: which function a processor's ARN reaches, and with which permission. */
import {
  CreateAliasCommand,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import { PutRecordCommand } from "@aws-sdk/client-firehose";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type S3Client,
} from "@aws-sdk/client-s3";
import { assertEquals, assertMatch } from "@std/assert";
import { createLambdaStream } from "../../testing/lambda_stream.ts";
import { until } from "../../testing/until.ts";
import { confinement } from "./execution/confinement/support.ts";
import { findInterpreters } from "./execution/python/interpreters.ts";
import { arnOf, handlerZip, lambdaTest, zipOf } from "./testing.ts";

/** A function that answers each record with its name and the ARN it was invoked by. */
const named = (name: string) =>
  `async ({ records }, { invokedFunctionArn }) => ({
    records: records.map(({ recordId }) => ({
      recordId,
      result: "Ok",
      data: btoa(JSON.stringify(["${name}", invokedFunctionArn])),
    })),
  })`;

/** The key and the text of the first object of a bucket. */
async function firstObject(s3: S3Client, Bucket: string): Promise<{ key: string; text: string }> {
  const Key = await until("an object", async () => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    return Contents[0]?.Key;
  });
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return { key: Key, text: (await Body?.transformToString()) ?? "" };
}

const record = { Data: new TextEncoder().encode("hello") };

for (
  const [what, invoked, answer] of [
    ["without a version is invoked as $LATEST", "f", ["new", "f:$LATEST"]],
    ["with a version reaches that version", "f:1", ["old", "f:1"]],
    ["with an alias reaches its version", "f:prod", ["old", "f:prod"]],
  ] as const
) {
  lambdaTest(`a processor's ARN ${what}`, async (world) => {
    const { lambda, firehose, s3 } = world.clients;
    await world.createReady("f", named("old"));
    await lambda.send(new PublishVersionCommand({ FunctionName: "f" }));
    const alias = { FunctionName: "f", Name: "prod", FunctionVersion: "1" };
    await lambda.send(new CreateAliasCommand(alias));
    const ZipFile = handlerZip(named("new"));
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: "f", ZipFile }));
    await world.untilReady("f");
    await createLambdaStream(world.clients, {
      name: "through-lambda",
      functionArn: arnOf(invoked),
      invokable: [arnOf(answer[1])],
      destination: { BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 } },
    });
    await firehose.send(
      new PutRecordCommand({ DeliveryStreamName: "through-lambda", Record: record }),
    );
    const { text } = await firstObject(s3, "through-lambda");
    assertEquals(JSON.parse(text), [answer[0], arnOf(answer[1])]);
  }, { speed: 600 });
}

for (
  const [what, functionName, invokable, errorCode] of [
    ["a role that may not invoke", "f", [], "Lambda.InvokeAccessDenied"],
    ["a role that may invoke without a version", "f", ["f"], "Lambda.InvokeAccessDenied"],
    ["a function that is not there", "g", ["g:*"], "Lambda.ResourceNotFound"],
    ["a function that throws", "bad", ["bad:*"], "Lambda.FunctionError"],
  ] as const
) {
  lambdaTest(`${what} sends records to the error output as ${errorCode}`, async (world) => {
    const { firehose, s3 } = world.clients;
    await world.createReady("f", named("f"));
    await world.createReady("bad", "async () => { throw new Error('no') }");
    await createLambdaStream(world.clients, {
      name: "through-lambda",
      functionArn: arnOf(functionName),
      invokable: invokable.map(arnOf),
      retries: 1,
      destination: { ErrorOutputPrefix: "error/!{firehose:error-output-type}/" },
    });
    await firehose.send(
      new PutRecordCommand({ DeliveryStreamName: "through-lambda", Record: record }),
    );
    const { key, text } = await firstObject(s3, "through-lambda");
    assertMatch(key, /^error\/processing-failed\//);
    const line = JSON.parse(text);
    assertEquals([line.errorCode, line.attemptsMade, atob(line.rawData)], [errorCode, 2, "hello"]);
  }, { speed: 600 });
}

/** A Python function that repeats each record's data as often as the record says. */
const REPEATER = `
import base64
def handler(event, context):
    def answer(record):
        times = int(base64.b64decode(record["data"]))
        data = base64.b64encode(b"x" * times).decode()
        return {"recordId": record["recordId"], "result": "Ok", "data": data}
    return {"records": [answer(record) for record in event["records"]]}
`;
const python = (await findInterpreters()).at(-1)?.version;
const canRun = python !== undefined && (await confinement()).kind !== "missing";

if (canRun) {
  lambdaTest(
    "a Python function transforms records; a response too large is tried again, then failed",
    async (world) => {
      const { firehose, s3, logs } = world.clients;
      await world.createReady("f", "", {
        Runtime: `python${python}` as "python3.13",
        Timeout: 60,
        MemorySize: 512,
        Code: { ZipFile: zipOf({ "index.py": REPEATER }) },
      });
      await createLambdaStream(world.clients, {
        name: "through-python",
        functionArn: arnOf("f"),
        invokable: [arnOf("f"), arnOf("f:$LATEST")],
        retries: 1,
        destination: { ErrorOutputPrefix: "error/" },
      });
      const put = (times: number) =>
        firehose.send(
          new PutRecordCommand({
            DeliveryStreamName: "through-python",
            Record: { Data: new TextEncoder().encode(String(times)) },
          }),
        );
      await put(3);
      const delivered = await firstObject(s3, "through-python");
      assertEquals(delivered.text, "xxx");
      await s3.send(new DeleteObjectCommand({ Bucket: "through-python", Key: delivered.key }));
      await put(7_000_000);
      const { key, text } = await firstObject(s3, "through-python");
      const line = JSON.parse(text);
      assertMatch(key, /^error\//);
      assertEquals([line.errorCode, line.attemptsMade], ["Lambda.FunctionError", 2]);
      const { events = [] } = await logs.send(
        new FilterLogEventsCommand({ logGroupName: "/aws/lambda/f", filterPattern: '"413"' }),
      );
      assertEquals(events.length, 2);
    },
    { speed: 600 },
  );
}
