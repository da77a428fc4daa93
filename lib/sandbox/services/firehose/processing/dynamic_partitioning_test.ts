/** Dynamic partitioning by jq: from a put to the objects of partitions, or to error lines. */
import type { Processor } from "@aws-sdk/client-firehose";
import { assert, assertEquals } from "@std/assert";
import { until } from "../../../testing/until.ts";
import {
  base64,
  BUCKET,
  functionOf,
  jqDestination,
  lambdaProcessing,
  parameters,
  World,
} from "../testing.ts";

/** Waits until all records that were put are in objects, and gives the keys of these. */
async function delivered(world: World, records: number): Promise<string[]> {
  const sum = (name: string) => world.metric(name).reduce((total, value) => total + value, 0);
  const count = () => sum("DeliveryToS3.Records");
  await until(`${records} delivered records`, () => {
    world.clock.advance(60_000);
    return count() >= records || undefined;
  });
  assertEquals(count(), records);
  return world.objects().map(({ key }) => key);
}

/** Keys without what Firehose puts at their end. */
const folders = (keys: readonly string[]) =>
  [...new Set(keys.map((key) => key.slice(0, key.indexOf("stream-1-"))))].sort();

interface ErrorLine {
  readonly rawData: string;
  readonly errorCode: string;
  readonly errorMessage: string;
}

async function errorLines(world: World, type: string): Promise<ErrorLine[]> {
  const text = await world.textUnder(`errors/${type}/`);
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

const key = (name: string) => `!{partitionKeyFromQuery:${name}}`;

Deno.test("the guide's example gives the guide's keys", async () => {
  await using world = await World.with();
  const time = (part: string) => `.event_timestamp| strftime("%${part}")`;
  await world.createStream(jqDestination(
    `{customer_id: .customer_id, device: .type.device, year: ${time("Y")}, month: ${time("m")}, ` +
      `day: ${time("d")}, hour: ${time("H")}}`,
    `customer_id=${key("customer_id")}/device=${key("device")}/year=${key("year")}/month=${
      key("month")
    }/` +
      `day=${key("day")}/hour=${key("hour")}/`,
  ));
  // https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-s3bucketprefix.html
  const record = {
    type: { device: "mobile", event: "user_clicked_submit_button" },
    customer_id: "1234567890",
    event_timestamp: 1565382027,
    region: "sample_region",
  };
  await world.put(JSON.stringify(record));
  assertEquals(folders(await delivered(world, 1)), [
    "customer_id=1234567890/device=mobile/year=2019/month=08/day=09/hour=20/",
  ]);
  assertEquals(await world.textUnder("customer_id=1234567890/"), JSON.stringify(record));
});

Deno.test("records go to the object of their keys, each with its line feeds, and are counted", async () => {
  await using world = await World.with();
  await world.createStream(
    jqDestination("{a: .a}", `data/a=${key("a")}/`, { Type: "AppendDelimiterToRecord" }),
  );
  await world.put('{"a":"x","n":1}', '{"a":"y","n":2}', '{"a":"x","n":3}');
  await until("the partitions", () => world.metric("PartitionCount")[0]);
  assertEquals(folders(await delivered(world, 3)), ["data/a=x/", "data/a=y/"]);
  assertEquals(await world.textUnder("data/a=x/"), '{"a":"x","n":1}\n{"a":"x","n":3}');
  assertEquals(world.metric("PartitionCount"), [2]);
  assertEquals(world.metric("PartitionCountExceeded"), [0]);
  assertEquals(world.metric("JQProcessing.Duration").length, 1);
  assertEquals(world.metric("DeliveryToS3.ObjectCount"), [1, 1]);
  const [one, other] = world.metric("PerPartitionThroughput").sort();
  assertEquals(other, one * 2);
});

Deno.test("records that wait keep the prefix by which they were partitioned, later ones get the new one", async () => {
  await using world = await World.with();
  await world.createStream(jqDestination("{a: .a}", `old/${key("a")}/`));
  await world.put('{"a":1,"b":2}');
  await until("the partition", () => world.metric("PartitionCount")[0]);
  const { Prefix, ProcessingConfiguration } = jqDestination("{b: .b}", `new/${key("b")}/`);
  await world.call("UpdateDestination", {
    DeliveryStreamName: "stream",
    CurrentDeliveryStreamVersionId: "1",
    DestinationId: "destinationId-000000000001",
    ExtendedS3DestinationUpdate: { Prefix, ProcessingConfiguration },
  });
  await world.put('{"a":1,"b":2}');
  await until("the other partition", () => world.metric("PartitionCount")[1]);
  const keys = await delivered(world, 2);
  assertEquals(keys.map((one) => one.slice(0, one.indexOf("stream"))).sort(), ["new/2/", "old/1/"]);
});

Deno.test("a key may stand in Prefix more than once, and counts as often", async () => {
  await using world = await World.with();
  await world.createStream(jqDestination("{a: .a}", `${key("a")}/${key("a")}/`));
  await world.put('{"a":1}', `{"a":"${"x".repeat(256)}"}`);
  assertEquals(folders(await delivered(world, 2)), ["1/1/", "errors/partitioning-failed/"]);
});

const NO_KEY = "partitionKeys values must not be null or empty";
const NO_SCALAR = "partitionKeys values must not be objects or arrays";
const TOO_LONG = "Length of evaluated prefix cannot be greater than 512";

/** A record, and the folder it goes to or the error that it gets. */
const KEYS: readonly (readonly [string, string | { type: string; message: string }])[] = [
  ['{"a":"x"}', "data/x/"],
  ['{"a":"é/../ü \\u0000."}', "data/é/../ü \u0000./"],
  ['{"a":7}', "data/7/"],
  ['{"a":1234567890.5}', "data/1234567890.5/"],
  ['{"a":true}', "data/true/"],
  ['{"a":false}', "data/false/"],
  ['{"a":null}', { type: "metadata-extraction-failed", message: NO_KEY }],
  ['{"b":"x"}', { type: "metadata-extraction-failed", message: NO_KEY }],
  ['{"a":""}', { type: "metadata-extraction-failed", message: NO_KEY }],
  ['{"a":{"b":1}}', { type: "metadata-extraction-failed", message: NO_SCALAR }],
  ['{"a":[1]}', { type: "metadata-extraction-failed", message: NO_SCALAR }],
  ["no JSON", { type: "metadata-extraction-failed", message: "Non JSON record provided" }],
  ["", { type: "metadata-extraction-failed", message: "Non JSON record provided" }],
  ['{"a":1}{"a":2}', {
    type: "metadata-extraction-failed",
    message: "Non JSON record provided",
  }],
  ["[1]", {
    type: "metadata-extraction-failed",
    message: 'Cannot index array with string "a"',
  }],
  [`{"a":"${"x".repeat(506)}"}`, `data/${"x".repeat(506)}/`],
  [`{"a":"${"x".repeat(507)}"}`, { type: "partitioning-failed", message: TOO_LONG }],
  [`{"a":"${"字".repeat(400)}"}`, { type: "partitioning-failed", message: TOO_LONG }],
];

Deno.test("a key is a text, or the text of a number or boolean; else the record is an error line", async (t) => {
  await using world = await World.with();
  await world.createStream(jqDestination("{a: .a}", `data/${key("a")}/`));
  await world.put(...KEYS.map(([record]) => record));
  const keys = await delivered(world, KEYS.length);
  const lines = [
    ...await errorLines(world, "metadata-extraction-failed"),
    ...await errorLines(world, "partitioning-failed"),
  ];
  for (const [record, expected] of KEYS) {
    await t.step(record.slice(0, 40) || "(empty)", () => {
      const line = lines.find(({ rawData }) => rawData === base64(record));
      if (typeof expected === "string") {
        assertEquals([line, folders(keys).includes(expected)], [undefined, true]);
        return;
      }
      const code = expected.type === "partitioning-failed"
        ? "DynamicPartitioning.PartitioningFailed"
        : "DynamicPartitioning.MetadataExtractionFailed";
      assertEquals([line?.errorCode, line?.errorMessage], [code, expected.message]);
    });
  }
  assertEquals(lines.length, KEYS.filter(([, expected]) => typeof expected !== "string").length);
});

Deno.test("a key in Prefix that the query does not give fails each record", async () => {
  await using world = await World.with();
  await world.createStream(jqDestination("{a: .a}", `${key("a")}/${key("b")}/`));
  await world.put('{"a":"x","b":"y"}');
  await delivered(world, 1);
  const [line] = await errorLines(world, "metadata-extraction-failed");
  assertEquals(line.errorMessage, NO_KEY);
});

const DE_AGGREGATION: Processor = {
  Type: "RecordDeAggregation",
  Parameters: parameters({ SubRecordType: "JSON" }),
};

Deno.test("each sub-record goes to its own partition, and line feeds separate those of an object", async () => {
  await using world = await World.with();
  await world.createStream(
    jqDestination("{a: .a}", `data/${key("a")}/`, DE_AGGREGATION, {
      Type: "AppendDelimiterToRecord",
    }),
  );
  await world.put('{"a":1}{"a":2}\n{"b":3}{"a":1,"n":4}\n', '{"a":2}');
  assertEquals(folders(await delivered(world, 5)), [
    "data/1/",
    "data/2/",
    "errors/metadata-extraction-failed/",
  ]);
  assertEquals(await world.textUnder("data/1/"), '{"a":1}\n{"a":1,"n":4}');
  assertEquals(await world.textUnder("data/2/"), '{"a":2}\n{"a":2}');
  const lines = await errorLines(world, "metadata-extraction-failed");
  assertEquals(lines.map(({ rawData }) => rawData), [base64('{"b":3}')]);
});

Deno.test("a record of 501 sub-records goes on whole, and jq does not take it for JSON", async () => {
  await using world = await World.with();
  await world.createStream(jqDestination("{a: .a}", `data/${key("a")}/`, DE_AGGREGATION));
  const aggregate = (count: number) => Array.from({ length: count }, () => '{"a":1}').join("\n");
  await world.put(aggregate(500), aggregate(501));
  await delivered(world, 501);
  assertEquals(await world.textUnder("data/1/"), '{"a":1}'.repeat(500));
  const [line] = await errorLines(world, "metadata-extraction-failed");
  assertEquals([line.errorMessage, line.rawData], [
    "Non JSON record provided",
    base64(aggregate(501)),
  ]);
});

Deno.test("de-aggregation comes before Lambda, jq after it, whatever the order of the processors", async () => {
  const invoker = functionOf((text) =>
    text.includes("drop") ? { result: "Dropped" } : {
      result: "Ok",
      data: base64(JSON.stringify({ a: `${text.length}` })),
      metadata: { partitionKeys: { a: "from Lambda", other: text === "{}" ? 3 : undefined } },
    }
  );
  await using world = await World.with({ invoker });
  const { Processors = [] } = lambdaProcessing({
    BufferSizeInMBs: "1",
    BufferIntervalInSeconds: "0",
  });
  await world.createStream(
    jqDestination(
      "{a: .a}",
      `${key("a")}/!{partitionKeyFromLambda:a}/!{partitionKeyFromLambda:other}/`,
      ...Processors,
      DE_AGGREGATION,
    ),
  );
  await world.put('{}{"drop":1}{"z":1}');
  assertEquals(folders(await delivered(world, 2)), [
    "2/from Lambda/3/",
    "errors/partitioning-failed/",
  ]);
  const [{ records }] = invoker.events;
  assertEquals(records.map(({ data }) => data), ["{}", '{"drop":1}', '{"z":1}'].map(base64));
  assertEquals(new Set(records.map(({ recordId }) => recordId)).size, 3);
  // The line has the record as it was put, not what the function made of it.
  const [line] = await errorLines(world, "partitioning-failed");
  assertEquals([line.rawData, line.errorMessage], [base64('{"z":1}'), NO_KEY]);
});

Deno.test("the 501st active partition is refused, its records become lines, the others are not held up", async () => {
  await using world = await World.with();
  await world.createStream(jqDestination("{a: .a}", `data/${key("a")}/`));
  const records = Array.from({ length: 500 }, (_, n) => `{"a":${n}}`);
  await world.put(...records);
  await world.put('{"a":500}', '{"a":7}', '{"a":500,"b":1}');
  await until("both batches", () => world.metric("PartitionCount")[1]);
  const keys = await delivered(world, 503);
  assertEquals(keys.filter((one) => one.startsWith("data/")).length, 500);
  const lines = await errorLines(world, "activePartitionExceeded");
  assertEquals(lines.map(({ rawData }) => rawData), ['{"a":500}', '{"a":500,"b":1}'].map(base64));
  assertEquals(lines[0].errorCode, "DynamicPartitioning.ActivePartitionsLimitExceeded");
  assertEquals(
    lines[0].errorMessage,
    "The number of active partitions has exceeded the configured limit",
  );
  assertEquals(world.metric("PartitionCount"), [500, 500]);
  assertEquals(world.metric("PartitionCountExceeded"), [0, 1]);
  // Delivered partitions are active no more.
  await world.put('{"a":500}');
  await delivered(world, 504);
  assertEquals(await world.textUnder("data/500/"), '{"a":500}');
});

Deno.test("failures of partitioning are logged, one line for each kind, without a function", async () => {
  await using world = await World.with();
  await world.createStream({
    ...jqDestination("{a: .a}", `data/${key("a")}/`),
    CloudWatchLoggingOptions: { Enabled: true, LogGroupName: "g", LogStreamName: "s" },
  });
  await world.put("x", "y", '{"b":1}');
  await delivered(world, 3);
  const lines = await until(
    "log lines",
    () => world.logLines.length > 1 ? world.logLines : undefined,
  );
  assertEquals(
    lines.map(({ message }) => JSON.parse(message)).map(({ message, errorCode, processor }) => [
      errorCode,
      message,
      processor,
    ]),
    [
      ["DynamicPartitioning.MetadataExtractionFailed", "Non JSON record provided", undefined],
      ["DynamicPartitioning.MetadataExtractionFailed", NO_KEY, undefined],
    ],
  );
});

Deno.test("puts are answered while jq runs an expression without an end, and a deletion stops it", async () => {
  await using world = await World.with();
  await world.createStream(jqDestination("{a: (.a|last(range(1e15)))}", `data/${key("a")}/`));
  await world.put('{"a":1}');
  for (let n = 0; n < 20; n++) await world.put('{"a":2}');
  assertEquals(world.metric("IncomingRecords").length, 21);
  assertEquals(world.metric("JQProcessing.Duration"), []);
  await world.call("DeleteDeliveryStream", { DeliveryStreamName: "stream" });
  assertEquals(world.metric("JQProcessing.Duration"), []);
  assert(world.s3.bucketExists(BUCKET));
});

Deno.test("a partition that S3 refuses is tried again soon, and less often after its RetryOptions", async () => {
  for (const [DurationInSeconds, isDelivered] of [[300, true], [0, false]] as const) {
    await using world = await World.with();
    await world.createStream({
      ...jqDestination("{a: .a}", `data/${key("a")}/`),
      DynamicPartitioningConfiguration: { Enabled: true, RetryOptions: { DurationInSeconds } },
    });
    await world.put('{"a":1}');
    await until("the partition", () => world.metric("PartitionCount")[0]);
    await world.saveRole({ actions: [] });
    world.clock.advance(60_000);
    await until("the refusal", () => world.problems[0]);
    await world.saveRole({});
    // The first pause is 5 seconds at most, the longest 60 at least.
    world.clock.advance(5_000);
    if (isDelivered) await world.objectsOnceThere(1);
    assertEquals(world.objects().length, isDelivered ? 1 : 0);
    world.clock.advance(115_000);
    await world.objectsOnceThere(1);
  }
});
