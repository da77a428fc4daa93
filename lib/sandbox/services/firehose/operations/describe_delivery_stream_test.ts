/** What DescribeDeliveryStream shows, as stackd (2026) and LocalStack's snapshots (2022) captured it. */
import type { ExtendedS3DestinationConfiguration } from "@aws-sdk/client-firehose";
import { assertEquals } from "@std/assert";
import { BUCKET, FUNCTION_ARN, functionOf, lambdaProcessing, ROLE_ARN, World } from "../testing.ts";

async function described(destination: Partial<ExtendedS3DestinationConfiguration>) {
  await using world = await World.with({ invoker: functionOf(() => ({ result: "Dropped" })) });
  await world.createStream(destination);
  const [shown] = world.describe().Destinations ?? [];
  return shown;
}

Deno.test("members that were not set are not shown; an empty prefix was set", async () => {
  const { ExtendedS3DestinationDescription: bare } = await described({});
  for (
    const name of [
      "Prefix",
      "ErrorOutputPrefix",
      "CustomTimeZone",
      "FileExtension",
      "ProcessingConfiguration",
      "S3BackupDescription",
      "DynamicPartitioningConfiguration",
      "DataFormatConversionConfiguration",
    ]
  ) assertEquals(Object.hasOwn(bare ?? {}, name), false, name);
  const { ExtendedS3DestinationDescription: empty, S3DestinationDescription: plain } =
    await described({ Prefix: "", ErrorOutputPrefix: "" });
  assertEquals([empty?.Prefix, empty?.ErrorOutputPrefix], ["", ""]);
  assertEquals([plain?.Prefix, plain?.ErrorOutputPrefix], ["", ""]);
});

Deno.test("a Lambda processor is shown with five parameters, in AWS's order", async () => {
  const { ExtendedS3DestinationDescription } = await described({
    ProcessingConfiguration: lambdaProcessing(),
  });
  assertEquals(ExtendedS3DestinationDescription?.ProcessingConfiguration, {
    Enabled: true,
    Processors: [{
      Type: "Lambda",
      Parameters: [
        { ParameterName: "LambdaArn", ParameterValue: FUNCTION_ARN },
        { ParameterName: "NumberOfRetries", ParameterValue: "3" },
        { ParameterName: "RoleArn", ParameterValue: ROLE_ARN },
        { ParameterName: "BufferSizeInMBs", ParameterValue: "1" },
        { ParameterName: "BufferIntervalInSeconds", ParameterValue: "60" },
      ],
    }],
  });
});

Deno.test("AppendDelimiterToRecord is shown without the parameters that it was given", async () => {
  const { ExtendedS3DestinationDescription } = await described({
    ProcessingConfiguration: {
      Enabled: true,
      Processors: [{
        Type: "AppendDelimiterToRecord",
        Parameters: [{ ParameterName: "Delimiter", ParameterValue: "\\n" }],
      }],
    },
  });
  assertEquals(ExtendedS3DestinationDescription?.ProcessingConfiguration?.Processors, [
    { Type: "AppendDelimiterToRecord", Parameters: [] },
  ]);
});

Deno.test("the older view has what both have, and the backup its own members", async () => {
  const { ExtendedS3DestinationDescription: extended, S3DestinationDescription } = await described({
    Prefix: "data/",
    FileExtension: ".json",
    CustomTimeZone: "Asia/Tokyo",
    S3BackupMode: "Enabled",
    S3BackupConfiguration: { RoleARN: ROLE_ARN, BucketARN: `arn:aws:s3:::${BUCKET}` },
  });
  const shared = {
    RoleARN: ROLE_ARN,
    BucketARN: `arn:aws:s3:::${BUCKET}`,
    CompressionFormat: "UNCOMPRESSED",
    EncryptionConfiguration: { NoEncryptionConfig: "NoEncryption" },
    CloudWatchLoggingOptions: { Enabled: false },
  } as const;
  assertEquals(S3DestinationDescription, {
    ...shared,
    Prefix: "data/",
    BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
  });
  assertEquals(extended?.S3BackupDescription, {
    ...shared,
    BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 300 },
  });
});

Deno.test("the one destination is shown, whatever the start that was asked for", async () => {
  await using world = await World.with();
  await world.createStream();
  const output = await world.call("DescribeDeliveryStream", {
    DeliveryStreamName: "stream",
    ExclusiveStartDestinationId: "destinationId-000000000009",
  });
  assertEquals(Object(output).DeliveryStreamDescription.Destinations.length, 1);
});

Deno.test("a throughput hint is shown, and nothing else comes of it (API reference)", async () => {
  await using world = await World.with();
  await world.createStream({}, { DirectPutSourceConfiguration: { ThroughputHintInMBs: 7 } });
  assertEquals(world.describe().Source, {
    DirectPutSourceDescription: { ThroughputHintInMBs: 7 },
  });
});
