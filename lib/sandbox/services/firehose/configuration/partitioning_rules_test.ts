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
      "a query that is no object",
      jqDestination(".customer_id", BASE.Prefix),
      "MetadataExtractionQuery is not a valid JQ 1.6 query: it must be one object, " +
      "{key: expression, …}, and nothing around it",
    ],
  ];

/** Query, why, jq's words without the blanks at the ends of lines: from Debian's jq 1.6-2.1+deb12u3. */
const NOT_COMPILED: readonly (readonly [string, string, string])[] = [
  [
    '{customer: .a // "x"}',
    "an alternative needs parentheses",
    "jq: error: syntax error, unexpected //, expecting '}' (Unix shell quoting issues?) at <top-level>, line 2:\n" +
    '{customer: .a // "x"}\n' +
    "jq: 1 compile error",
  ],
  [
    "{customer: .a | abs}",
    "the function came later",
    "jq: error: abs/0 is not defined at <top-level>, line 2:\n" +
    "{customer: .a | abs}\n" +
    "jq: 1 compile error",
  ],
  [
    '{customer:if has("metric") then "m" else "l" end}',
    "a condition needs parentheses: the query of the user who pasted the text",
    "jq: error: syntax error, unexpected if (Unix shell quoting issues?) at <top-level>, line 2:\n" +
    '{customer:if has("metric") then "m" else "l" end}\n' +
    "jq: 1 compile error",
  ],
  [
    "{customer: (if .a then 1 end)}",
    "a condition without else came later",
    "jq: error: syntax error, unexpected end (Unix shell quoting issues?) at <top-level>, line 2:\n" +
    "{customer: (if .a then 1 end)}\n" +
    "jq: error: Possibly unterminated 'if' statement at <top-level>, line 2:\n" +
    "{customer: (if .a then 1 end)}\n" +
    "jq: 2 compile errors",
  ],
  [
    "{customer: .a.[0]}",
    "so did an index after a dot",
    "jq: error: syntax error, unexpected '[', expecting FORMAT or QQSTRING_START (Unix shell quoting issues?) at <top-level>, line 2:\n" +
    "{customer: .a.[0]}\n" +
    "jq: 1 compile error",
  ],
  [
    "{customer: (. as {a: $end} | 1)}",
    "a keyword is no name of a variable",
    "jq: error: syntax error, unexpected end, expecting IDENT (Unix shell quoting issues?) at <top-level>, line 2:\n" +
    "{customer: (. as {a: $end} | 1)}\n" +
    "jq: 1 compile error",
  ],
  [
    "{$__loc__}",
    "nor is the place in the program a key",
    "jq: error: syntax error, unexpected __loc__, expecting IDENT (Unix shell quoting issues?) at <top-level>, line 2:\n" +
    "{$__loc__}\n" +
    "jq: 1 compile error",
  ],
  [
    "{customer: (1/0)}",
    "jq divides constants as it compiles",
    "jq: error: Division by zero? at <top-level>, line 2:\n" +
    "{customer: (1/0)}\n" +
    "jq: 1 compile error",
  ],
  [
    "{customer: $x}",
    "the variable is not there",
    "jq: error: $x is not defined at <top-level>, line 2:\n" +
    "{customer: $x}\n" +
    "jq: 1 compile error",
  ],
  [
    "{customer: .a",
    "the object has no end",
    "jq: error: syntax error, unexpected $end, expecting '}' (Unix shell quoting issues?) at <top-level>, line 2:\n" +
    "{customer: .a\n" +
    "jq: 1 compile error",
  ],
];

Deno.test("a query that jq 1.6 does not compile is refused with its words, the query on line 2", async (t) => {
  await using world = await World.with();
  await world.createStream(BASE, { DeliveryStreamName: "compiled" });
  for (const [query, why, words] of NOT_COMPILED) {
    const destination = jqDestination(query, BASE.Prefix);
    const update = {
      DeliveryStreamName: "compiled",
      CurrentDeliveryStreamVersionId: "1",
      DestinationId: DESTINATION_ID,
      ExtendedS3DestinationUpdate: {
        ProcessingConfiguration: destination.ProcessingConfiguration,
      },
    };
    await t.step(`${query}: ${why}`, async () => {
      const create = () => world.createStream(destination);
      for (const call of [create, () => world.call("UpdateDestination", update)]) {
        const { code, message } = await assertRejects(call, AwsError);
        const text = `JQ Subprocess failed due to: ${words}`;
        const shown = message.replaceAll(/ +\n/g, "\n");
        assertEquals([code, shown], ["InvalidArgumentException", text]);
      }
    });
  }
});

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
    [{ IntervalInSeconds: 60 }, { SizeInMBs: 128, IntervalInSeconds: 60 }],
    [undefined, { SizeInMBs: 128, IntervalInSeconds: 300 }],
  ] as const
) {
  Deno.test(`CreateDeliveryStream with dynamic partitioning accepts ${given ? `${Object.keys(given)} alone` : "no hints"}`, async () => {
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
