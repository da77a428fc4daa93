import type { ExtendedS3DestinationConfiguration, Processor } from "@aws-sdk/client-firehose";
import { assertEquals, assertObjectMatch, assertRejects } from "@std/assert";
import { AwsError } from "../../../errors.ts";
import { DESTINATION_ID } from "../operations/describe_delivery_stream.ts";
import { jqDestination, parameters, type ParameterValues, World } from "../testing.ts";

const BASE = jqDestination("{customer: .customer_id}", "!{partitionKeyFromQuery:customer}/");

const withProcessors = (...Processors: Processor[]) => ({
  ...BASE,
  ProcessingConfiguration: { Enabled: true, Processors },
});

const metadata = (values: ParameterValues): Processor => ({
  Type: "MetadataExtraction",
  Parameters: parameters(values),
});
const deAggregation = (values: ParameterValues): Processor => ({
  Type: "RecordDeAggregation",
  Parameters: parameters(values),
});
const MetadataExtractionQuery = "{customer: .customer_id}";
const JQ = metadata({ MetadataExtractionQuery, JsonParsingEngine: "JQ-1.6" });
const OFF = { DynamicPartitioningConfiguration: { Enabled: false }, Prefix: "data/" };

const REFUSED: readonly (readonly [string, Partial<ExtendedS3DestinationConfiguration>, string])[] =
  [
    [
      "a buffer below 64 MiB",
      { ...BASE, BufferingHints: { SizeInMBs: 63, IntervalInSeconds: 60 } },
      "BufferingHints.SizeInMBs must be at least 64 when Dynamic Partitioning is enabled.",
    ],
    // aws-cdk pull request 35903 (2025): "from testing" on AWS.
    ...[0, 30, 59].map((IntervalInSeconds) =>
      [
        `an interval of ${IntervalInSeconds}`,
        { ...BASE, BufferingHints: { SizeInMBs: 64, IntervalInSeconds } },
        "BufferingHints.IntervalInSeconds must be at least 60 seconds when Dynamic Partitioning " +
        "is enabled.",
      ] as const
    ),
    [
      "a size alone, below 64 MiB",
      { ...BASE, BufferingHints: { SizeInMBs: 63 } },
      "BufferingHints.SizeInMBs must be at least 64 when Dynamic Partitioning is enabled.",
    ],
    [
      "a Prefix without a namespace",
      { ...BASE, Prefix: "data/!{timestamp:yyyy}/" },
      "S3 Prefix should contain Dynamic Partitioning namespaces when Dynamic Partitioning is " +
      "enabled",
    ],
    [
      "a key that Prefix does not use",
      jqDestination("{customer: .a, year: .b}", "!{partitionKeyFromQuery:customer}/"),
      "MetaDataExtraction JQ Query can't contain keys that are not present in the S3 Prefix " +
      "expression",
    ],
    [
      "an engine that is not JQ-1.6",
      withProcessors(metadata({ MetadataExtractionQuery, JsonParsingEngine: "JQ-1.7" })),
      "MetaDataExtraction JSON Parsing Engine has to be one of JQ-1.6",
    ],
    [
      "no engine",
      withProcessors(metadata({ MetadataExtractionQuery })),
      "MetaDataExtraction JSON Parsing Engine has to be one of JQ-1.6",
    ],
    [
      "MetadataExtraction without dynamic partitioning",
      { ...BASE, ...OFF },
      "class com.amazonaws.services.firehose.internal.model.MetadataExtractionProcessor can only " +
      "be present when Dynamic Partitioning is enabled.",
    ],
    [
      "RecordDeAggregation without dynamic partitioning",
      { ...withProcessors(deAggregation({ SubRecordType: "JSON" })), ...OFF },
      "class com.amazonaws.services.firehose.internal.model.RecordDeAggregationProcessor can only " +
      "be present when Dynamic Partitioning is enabled.",
    ],
    [
      "a wrong SubRecordType",
      withProcessors(JQ, deAggregation({ SubRecordType: "CSV" })),
      "SubRecordType has to be one of JSON, DELIMITED",
    ],
    [
      "DELIMITED without a delimiter",
      withProcessors(JQ, deAggregation({ SubRecordType: "DELIMITED" })),
      "Delimiter should be present for DELIMITED",
    ],
    [
      "a delimiter that is not base64",
      withProcessors(JQ, deAggregation({ SubRecordType: "DELIMITED", Delimiter: "####" })),
      "Delimiter must be base64: ####",
    ],
    [
      "two MetadataExtraction processors",
      withProcessors(JQ, JQ),
      "Cannot have more than 1 MetadataExtraction processor.",
    ],
    [
      "a key of the function without a function",
      { ...BASE, Prefix: "!{partitionKeyFromQuery:customer}/!{partitionKeyFromLambda:a}/" },
      "partitionKeyFromLambda needs a Lambda processor.",
    ],
    [
      "a key of the query without a query",
      withProcessors({ Type: "AppendDelimiterToRecord" }),
      "partitionKeyFromQuery needs a MetadataExtraction processor.",
    ],
    [
      "51 keys",
      jqDestination(
        `{${Array.from({ length: 51 }, (_, n) => `k${n}: .a`)}}`,
        Array.from({ length: 51 }, (_, n) => `!{partitionKeyFromQuery:k${n}}`).join("/"),
      ),
      "A maximum of 50 partition keys is supported.",
    ],
    [
      "a query that jq does not compile",
      jqDestination('{customer: .a // "x"}', BASE.Prefix),
      "MetadataExtractionQuery is not a valid JQ 1.6 query: jq: error: syntax error, unexpected " +
      "//, expecting '}' (Unix shell quoting issues?) at <top-level>, line 1:\n" +
      '{customer: .a // "x"}              \njq: 1 compile error',
    ],
    [
      "a query that is no object",
      jqDestination(".customer_id", BASE.Prefix),
      "MetadataExtractionQuery is not a valid JQ 1.6 query: it must be one object, " +
      "{key: expression, …}, and nothing around it",
    ],
    [
      "a query with a function that jq 1.6 has not",
      jqDestination("{customer: .a | abs}", BASE.Prefix),
      "MetadataExtractionQuery is not a valid JQ 1.6 query: jq 1.6 does not know abs/0",
    ],
  ];

Deno.test("a stream with dynamic partitioning is refused", async (t) => {
  await using world = await World.with();
  for (const [what, destination, message] of REFUSED) {
    await t.step(`for ${what}`, async () => {
      const error = await assertRejects(() => world.createStream(destination), AwsError);
      assertEquals([error.code, error.message], ["InvalidArgumentException", message]);
    });
  }
});

Deno.test("a key in Prefix that the query does not give is accepted", async () => {
  await using world = await World.with();
  await world.createStream({
    ...BASE,
    Prefix: "!{partitionKeyFromQuery:customer}/!{partitionKeyFromQuery:year}/",
  });
});

Deno.test("DescribeDeliveryStream shows the processors with their parameters in order", async () => {
  await using world = await World.with();
  const Delimiter = "IyMjIw==";
  await world.createStream(
    withProcessors(
      JQ,
      deAggregation({ Delimiter, SubRecordType: "DELIMITED" }),
    ),
  );
  const { destination } = world.firehose.stream("stream");
  assertObjectMatch(destination, {
    DynamicPartitioningConfiguration: {
      Enabled: true,
      RetryOptions: { DurationInSeconds: 300 },
    },
    ProcessingConfiguration: {
      Enabled: true,
      Processors: [
        {
          Type: "MetadataExtraction",
          Parameters: [
            { ParameterName: "MetadataExtractionQuery", ParameterValue: MetadataExtractionQuery },
            { ParameterName: "JsonParsingEngine", ParameterValue: "JQ-1.6" },
          ],
        },
        {
          Type: "RecordDeAggregation",
          Parameters: [
            { ParameterName: "SubRecordType", ParameterValue: "DELIMITED" },
            { ParameterName: "Delimiter", ParameterValue: Delimiter },
          ],
        },
      ],
    },
  });
});

for (
  const [given, shown] of [
    [{ SizeInMBs: 64 }, { SizeInMBs: 64, IntervalInSeconds: 300 }],
    [{ IntervalInSeconds: 60 }, { SizeInMBs: 64, IntervalInSeconds: 60 }],
  ] as const
) {
  Deno.test(`CreateDeliveryStream with dynamic partitioning accepts ${Object.keys(given)} alone`, async () => {
    await using world = await World.with();
    await world.createStream({ ...BASE, BufferingHints: given });
    const { BufferingHints } =
      world.describe().Destinations?.[0].ExtendedS3DestinationDescription ??
        {};
    assertEquals(BufferingHints, shown);
  });
}

const UPDATES: readonly (readonly [string, Record<string, unknown>, string | undefined])[] = [
  [
    "refuses to turn dynamic partitioning off",
    { DynamicPartitioningConfiguration: { Enabled: false } },
    "Dynamic Partitioning cannot be disabled on an existing stream.",
  ],
  [
    "refuses a prefix without the query's key",
    { Prefix: "!{partitionKeyFromQuery:year}/" },
    "MetaDataExtraction JQ Query can't contain keys that are not present in the S3 Prefix " +
    "expression",
  ],
  [
    "refuses to drop the processor that gives the keys",
    { ProcessingConfiguration: { Enabled: false } },
    "partitionKeyFromQuery needs a MetadataExtraction processor.",
  ],
  [
    "refuses a buffer below 64 MiB",
    { BufferingHints: { SizeInMBs: 5 } },
    "BufferingHints.SizeInMBs must be at least 64 when Dynamic Partitioning is enabled.",
  ],
  [
    "changes keys and prefix together",
    {
      Prefix: "year=!{partitionKeyFromQuery:year}/",
      ProcessingConfiguration: {
        Enabled: true,
        Processors: [
          metadata({ MetadataExtractionQuery: "{year: .y}", JsonParsingEngine: "JQ-1.6" }),
        ],
      },
    },
    undefined,
  ],
];

Deno.test("UpdateDestination of a partitioned stream", async (t) => {
  await using world = await World.with();
  await world.createStream(BASE);
  for (const [what, ExtendedS3DestinationUpdate, message] of UPDATES) {
    await t.step(what, async () => {
      const update = world.call("UpdateDestination", {
        DeliveryStreamName: "stream",
        CurrentDeliveryStreamVersionId: "1",
        DestinationId: DESTINATION_ID,
        ExtendedS3DestinationUpdate,
      });
      if (message === undefined) return void await update;
      const error = await assertRejects(() => update, AwsError);
      assertEquals([error.code, error.message], ["InvalidArgumentException", message]);
    });
  }
});

Deno.test("UpdateDestination refuses to turn dynamic partitioning on", async () => {
  await using world = await World.with();
  await world.createStream({});
  const error = await assertRejects(() =>
    world.call("UpdateDestination", {
      DeliveryStreamName: "stream",
      CurrentDeliveryStreamVersionId: "1",
      DestinationId: DESTINATION_ID,
      ExtendedS3DestinationUpdate: { ...BASE },
    }), AwsError);
  assertEquals(error.message, "Dynamic Partitioning cannot be enabled on an existing stream.");
});
