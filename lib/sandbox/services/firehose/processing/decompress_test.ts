import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { AwsError } from "../../../errors.ts";
import { until } from "../../../testing/until.ts";
import {
  ACCOUNT_ID,
  BUCKET,
  functionOf,
  jqDestination,
  lambdaProcessing,
  parameters,
  ROLE_ARN,
  World,
  type WorldOptions,
} from "../testing.ts";
import { decompressed, DECOMPRESSED_BYTES_MAX } from "./decompress.ts";

const concat = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array | undefined) => data && new TextDecoder().decode(data);
const gzip = (value: unknown) => new Uint8Array(gzipSync(JSON.stringify(value)));
const EXTRACTED = { extractsMessages: true };
const AS_IT_IS = { extractsMessages: false };

const dataMessage = (...messages: readonly string[]) => ({
  messageType: "DATA_MESSAGE",
  owner: "000000000000",
  logGroup: "group",
  logStream: "stream",
  subscriptionFilters: ["filter"],
  logEvents: messages.map((message, index) => ({ id: `${index}`, timestamp: index, message })),
});
/** As AWS sends it when a filter is created (several public captures). */
const CONTROL = {
  messageType: "CONTROL_MESSAGE",
  owner: "CloudwatchLogs",
  logGroup: "",
  logStream: "",
  subscriptionFilters: [],
  logEvents: [{
    id: "",
    timestamp: 1600110003794,
    message: "CWL CONTROL MESSAGE: Checking health of destination Firehose.",
  }],
};

Deno.test("extraction writes each message and a line feed, empty messages too", () => {
  const messages = fc.array(fc.string({ unit: "grapheme" }), { maxLength: 5 });
  fc.assert(fc.property(messages, (messages) => {
    assertEquals(
      text(decompressed(gzip(dataMessage(...messages)), EXTRACTED)),
      messages.map((message) => `${message.toWellFormed()}\n`).join(""),
    );
  }));
});

const CASES: readonly (readonly [string, Uint8Array, string | undefined, string | undefined])[] = [
  ["a control message", gzip(CONTROL), JSON.stringify(CONTROL), ""],
  ["JSON that is not from CloudWatch Logs", gzip({ a: 1 }), '{"a":1}', undefined],
  [
    "a message that is no text",
    gzip({ ...dataMessage(), logEvents: [{ message: 1 }] }),
    undefined,
    undefined,
  ],
  ["gzip of no JSON", new Uint8Array(gzipSync("plain")), undefined, undefined],
  ["bytes that are no gzip", bytes('{"a":1}'), undefined, undefined],
  ["half a gzip", gzip(dataMessage("a")).subarray(0, 30), undefined, undefined],
  ["nothing", new Uint8Array(), undefined, undefined],
  [
    "more than a record may become",
    gzip("x".repeat(DECOMPRESSED_BYTES_MAX)),
    undefined,
    undefined,
  ],
];
for (const [what, record, whole, extracted] of CASES) {
  Deno.test(`decompression of ${what}`, () => {
    if (what !== "a message that is no text") {
      assertEquals(text(decompressed(record, AS_IT_IS)), whole);
    }
    assertEquals(text(decompressed(record, EXTRACTED)), extracted);
  });
}

const DECOMPRESSION = { Type: "Decompression" } as const;
const EXTRACTION = {
  Type: "CloudWatchLogProcessing",
  Parameters: parameters({ DataMessageExtraction: "true" }),
} as const;

/** A world whose stream decompresses, and has `others` besides. */
async function worldWith(
  destination: Parameters<World["createStream"]>[0],
  options: WorldOptions = {},
): Promise<World> {
  const world = await World.with(options);
  await world.saveRole({
    actions: ["s3:PutObject", "lambda:InvokeFunction", "firehose:PutRecord"],
  });
  await world.createStream({
    ErrorOutputPrefix: "errors/!{firehose:error-output-type}/",
    Prefix: "data/",
    ...destination,
  });
  return world;
}

async function putFromLogs(world: World, ...records: readonly Uint8Array[]): Promise<void> {
  for (const data of records) {
    const caller = world.iam.rootCaller();
    const outcome = await world.firehose.putFromLogs({ caller, streamName: "stream", data });
    assertEquals(outcome, { kind: "accepted" });
  }
}

const metricSum = (world: World, name: string, sum: number) =>
  until(
    `${name} to be ${sum}`,
    () => world.metric(name).reduce((a, b) => a + b, 0) === sum || undefined,
  );

Deno.test("a stream that decompresses delivers messages; what is no gzip goes to the error output as it came", async () => {
  await using world = await worldWith({
    S3BackupMode: "Enabled",
    S3BackupConfiguration: {
      RoleARN: ROLE_ARN,
      BucketARN: `arn:aws:s3:::${BUCKET}`,
      Prefix: "backup/",
      BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
    },
    ProcessingConfiguration: { Enabled: true, Processors: [EXTRACTION, DECOMPRESSION] },
  });
  const [first, bad, last] = [
    gzip(dataMessage("one", "two")),
    bytes("no gzip"),
    gzip(dataMessage("three")),
  ];
  await putFromLogs(world, gzip(CONTROL), first, bad, last);
  await metricSum(world, "OutputDecompressedRecords.Success", 3);
  assertEquals(world.metric("OutputDecompressedRecords.Failed").reduce((a, b) => a + b), 1);
  world.clock.advance(60_000);
  await world.objectsOnceThere(3);
  assertEquals(await world.textUnder("data/"), "one\ntwo\nthree\n");
  const line = JSON.parse(await world.textUnder("errors/decompression-failed/"));
  assertEquals([line.rawData, line.errorCode, line.attemptsMade, line.lambdaARN], [
    bad.toBase64(),
    "Decompression failed.",
    1,
    undefined,
  ]);
  assertEquals(world.metric("DeliveryToS3.Records").reduce((a, b) => a + b), 4);
  assertEquals(await world.textUnder("backup/"), text(concat(gzip(CONTROL), first, bad, last)));
});

Deno.test("a function gets one record for each document, and its failures show the record as it came", async () => {
  const invoker = functionOf((data) =>
    data === "fail\n" ? { result: "ProcessingFailed" } : { result: "Ok", data: btoa(`<${data}>`) }
  );
  await using world = await worldWith({
    ProcessingConfiguration: {
      Enabled: true,
      Processors: [
        DECOMPRESSION,
        EXTRACTION,
        ...lambdaProcessing({ BufferSizeInMBs: "1", BufferIntervalInSeconds: "60" }).Processors ??
          [],
      ],
    },
  }, { invoker });
  const failing = gzip(dataMessage("fail"));
  await putFromLogs(world, gzip(dataMessage("a", "b")), failing);
  world.clock.advance(60_000);
  await metricSum(world, "SucceedProcessing.Records", 1);
  world.clock.advance(60_000);
  await world.objectsOnceThere(2);
  assertEquals(await world.textUnder("data/"), "<a\nb\n>");
  const line = JSON.parse(await world.textUnder("errors/processing-failed/"));
  assertEquals([line.rawData, line.errorCode], [
    failing.toBase64(),
    "Lambda.ProcessingFailedStatus",
  ]);
});

Deno.test("a stream partitions decompressed documents by jq, and divides messages by de-aggregation", async () => {
  const destination = jqDestination(
    "{k: .k}",
    "data/!{partitionKeyFromQuery:k}/",
    DECOMPRESSION,
    EXTRACTION,
    {
      Type: "RecordDeAggregation",
      Parameters: parameters({ SubRecordType: "JSON" }),
    },
  );
  await using world = await worldWith(destination);
  const record = gzip(dataMessage('{"k":"x"}', '{"k":"y"}', '{"n":1}'));
  await putFromLogs(world, record);
  await metricSum(world, "PartitionCount", 2);
  world.clock.advance(60_000);
  await world.objectsOnceThere(3);
  assertEquals(await world.textUnder("data/x/"), '{"k":"x"}');
  assertEquals(await world.textUnder("data/y/"), '{"k":"y"}');
  const line = JSON.parse(await world.textUnder("errors/metadata-extraction-failed/"));
  assertEquals(line.rawData, record.toBase64());
});

Deno.test("PutRecord and PutRecordBatch to a stream that decompresses are refused", async () => {
  await using world = await worldWith({
    ProcessingConfiguration: { Enabled: true, Processors: [DECOMPRESSION] },
  });
  const Record = { Data: gzip(CONTROL) };
  for (
    const [operation, input] of [
      ["PutRecord", { Record }],
      ["PutRecordBatch", { Records: [Record] }],
    ] as const
  ) {
    const error = await assertRejects(
      () => world.call(operation, { DeliveryStreamName: "stream", ...input }),
      AwsError,
    );
    assertEquals([error.code, error.message], [
      "InvalidSourceException",
      `Put to Firehose failed for AccountId: ${ACCOUNT_ID}, FirehoseName: stream because the ` +
      "request is not originating from CloudWatch.",
    ]);
  }
});

Deno.test("a put of CloudWatch Logs whose answer is lost counts as incoming: the record was taken", async () => {
  const strike = () => Promise.resolve({ kind: "lost", afterBytes: undefined } as const);
  await using world = await World.with({ faults: { isQuiet: false, strike } });
  await world.createStream();
  const put = { caller: world.iam.rootCaller(), streamName: "stream", data: gzip(CONTROL) };
  assertEquals((await world.firehose.putFromLogs(put)).kind, "throttled"); // it is sent again
  assertEquals(world.metric("IncomingRecords"), [1]);
});

Deno.test("CloudWatch Logs puts with the permissions of the role, to ACTIVE streams only", async () => {
  await using world = await worldWith({});
  const session = world.iam.assumeRoleForService({
    roleArn: ROLE_ARN,
    service: "firehose.amazonaws.com",
    sessionName: "s",
    conditions: { "sts:ExternalId": ACCOUNT_ID },
  });
  if (!session) throw new Error("the role was not assumed");
  const put = (streamName: string) =>
    world.firehose.putFromLogs({ caller: session, streamName, data: gzip(CONTROL) });
  assertEquals((await put("stream")).kind, "accepted");
  assertEquals((await put("other")).kind, "refused");
  await world.saveRole({ actions: ["s3:PutObject"] });
  assertEquals(await put("stream"), {
    kind: "refused",
    reason: `arn:aws:sts::${ACCOUNT_ID}:assumed-role/delivery/s is not authorized to perform ` +
      "firehose:PutRecord on stream because no identity-based policy allows the " +
      "firehose:PutRecord action",
  });
});
