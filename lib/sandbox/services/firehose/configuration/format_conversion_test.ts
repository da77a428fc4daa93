/**
 * What CreateDeliveryStream and UpdateDestination say of format conversion. Texts, order and what is
 * kept: a public project's probes of AWS (2026-09-07, us-west-2).
 */
import type { ExtendedS3DestinationConfiguration } from "@aws-sdk/client-firehose";
import { assertEquals, assertRejects } from "@std/assert";
import { AwsError } from "../../../errors.ts";
import { ROLE_ARN, World } from "../testing.ts";

type Destination = Partial<ExtendedS3DestinationConfiguration>;
type Conversion = NonNullable<Destination["DataFormatConversionConfiguration"]>;

const GOOD = {
  InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
  OutputFormatConfiguration: { Serializer: { ParquetSerDe: {} } },
  SchemaConfiguration: { RoleARN: ROLE_ARN, DatabaseName: "db", TableName: "table" },
} satisfies Conversion;

const converting = (conversion: Conversion, destination: Destination = {}): Destination => ({
  ...destination,
  DataFormatConversionConfiguration: { ...GOOD, ...conversion },
});
const hive = (...TimestampFormats: string[]) =>
  converting({
    InputFormatConfiguration: { Deserializer: { HiveJsonSerDe: { TimestampFormats } } },
  });
const input = (Deserializer: object) => converting({ InputFormatConfiguration: { Deserializer } });
const output = (Serializer: object) => converting({ OutputFormatConfiguration: { Serializer } });
const schema = (members: object) =>
  converting({ SchemaConfiguration: { ...GOOD.SchemaConfiguration, ...members } });
const invalid = (text: string) => `InvalidArgumentException: ${text}`;
const UNSUPPORTED = invalid("The sandbox does not support DataFormatConversionConfiguration.");

const REFUSED: readonly (readonly [what: string, destination: Destination, answer: string])[] = [
  ["a good configuration", converting({ Enabled: true }), UNSUPPORTED],
  [
    "64 MB",
    converting({}, { BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 0 } }),
    UNSUPPORTED,
  ],
  ["known timestamps", hive("millis", "yyyy-MM-dd'T'HH:mm:ss"), UNSUPPORTED],
  [
    "compression, before a small buffer",
    converting({}, {
      CompressionFormat: "GZIP",
      BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 300 },
    }),
    invalid(
      "The S3 destination's compression format must be set to UNCOMPRESSED when data format " +
        "conversion is enabled. To enable compression within the converted output format, set the " +
        "appropriate serialization option in the output format configuration.",
    ),
  ],
  [
    "a buffer of 63 MB, before what is missing",
    {
      BufferingHints: { SizeInMBs: 63, IntervalInSeconds: 300 },
      DataFormatConversionConfiguration: { Enabled: true },
    },
    invalid("BufferingHints.SizeInMBs must be at least 64 when data format conversion is enabled."),
  ],
  [
    "nothing",
    { DataFormatConversionConfiguration: {} },
    invalid("InputFormatConfiguration must not be null"),
  ],
  [
    "no output format",
    { DataFormatConversionConfiguration: { ...GOOD, OutputFormatConfiguration: undefined } },
    invalid("OutputFormatConfiguration must not be null"),
  ],
  [
    "no schema",
    { DataFormatConversionConfiguration: { ...GOOD, SchemaConfiguration: undefined } },
    invalid("SchemaConfiguration must not be null"),
  ],
  ["no deserializer", input({}), invalid("Deserializer must not be null")],
  [
    "two deserializers",
    input({ OpenXJsonSerDe: {}, HiveJsonSerDe: {} }),
    invalid("More than one deserializer specified. Only one may be chosen."),
  ],
  ["no serializer", output({}), invalid("Serializer must not be null")],
  [
    "two serializers",
    output({ ParquetSerDe: {}, OrcSerDe: {} }),
    invalid("More than one serializer specified. Only one may be chosen."),
  ],
  ...([["RoleARN", "RoleArn"], ["DatabaseName"], ["TableName"]] as const).map(
    ([name, shown = name]) =>
      [
        `a schema without ${name}`,
        schema({ [name]: undefined }),
        invalid(`SchemaConfiguration.${shown} must not be null or empty`),
      ] as const,
  ),
  [
    "a schema's role of another account",
    schema({ RoleARN: "arn:aws:iam::999999999999:role/r" }),
    "AccessDeniedException: Cross-account pass role is not allowed.",
  ],
  [
    "a timestamp that is no pattern",
    hive("bbbb"),
    invalid(
      "Invalid deserializer option(s): One or more SerDe options are invalid for " +
        "org.apache.hcatalog.data.JsonSerDe: [Key: timestamp.formats Value: bbbb]",
    ),
  ],
];

Deno.test("CreateDeliveryStream refuses format conversion", async (t) => {
  await using world = await World.with();
  for (const [what, destination, answer] of REFUSED) {
    await t.step(`for ${what}`, async () => {
      // Hints that are left out become 128 MB and 300 seconds.
      const hinted = { BufferingHints: undefined, ...destination };
      const error = await assertRejects(() => world.createStream(hinted), AwsError);
      assertEquals(`${error.code}: ${error.message}`, answer);
    });
  }
});

Deno.test("a conversion that is off is kept as it was given, and updated member by member", async () => {
  await using world = await World.with();
  const shown = () =>
    world.describe().Destinations?.[0].ExtendedS3DestinationDescription
      ?.DataFormatConversionConfiguration;
  await world.createStream({
    CompressionFormat: "GZIP",
    BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 0 },
    DataFormatConversionConfiguration: {
      Enabled: false,
      SchemaConfiguration: { DatabaseName: "db", TableName: "table" },
    },
  });
  assertEquals(shown(), {
    Enabled: false,
    SchemaConfiguration: { DatabaseName: "db", TableName: "table" },
  });
  await world.update({
    DataFormatConversionConfiguration: {
      SchemaConfiguration: { TableName: "other" },
      InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
    },
  });
  assertEquals(shown(), {
    Enabled: false,
    SchemaConfiguration: { DatabaseName: "db", TableName: "other" },
    InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
  });
});
