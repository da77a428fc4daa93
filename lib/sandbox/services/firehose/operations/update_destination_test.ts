/**
 * UpdateDestination: what it changes, what it leaves, what it refuses. Texts and behaviour are
 * those of AWS as other emulators' authors captured them (2026); ours are marked in the code.
 */
import type { ExtendedS3DestinationUpdate } from "@aws-sdk/client-firehose";
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import fc from "fast-check";
import { until } from "../../../testing/until.ts";
import { ManualClock } from "../../../clock.ts";
import { Database } from "../../../store/database.ts";
import { memoryFiles } from "../../../store/object_files.ts";
import { memorySegments } from "../../../store/segment_files.ts";
import { destinationDescription } from "../configuration/destination.ts";
import { updatedDestination } from "../configuration/destination_update.ts";
import { BUCKET, functionOf, lambdaProcessing, ROLE_ARN, World } from "../testing.ts";

const destinationOf = (world: World) =>
  world.describe().Destinations?.[0].ExtendedS3DestinationDescription;

async function refusal(act: () => Promise<unknown>): Promise<string> {
  const { name, message } = await assertRejects(act, Error);
  return `${name}: ${message}`;
}

const BACKUP = {
  RoleARN: ROLE_ARN,
  BucketARN: `arn:aws:s3:::${BUCKET}`,
  Prefix: "backup/",
  BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
};

Deno.test("UpdateDestination changes the members it is given, and keeps the others", async () => {
  await using world = await World.with();
  await world.createStream({
    Prefix: "old/",
    FileExtension: ".txt",
    CloudWatchLoggingOptions: { Enabled: true, LogGroupName: "group", LogStreamName: "stream" },
  });
  const { LastUpdateTimestamp } = world.describe();
  assertEquals(LastUpdateTimestamp, undefined);
  await world.update({
    Prefix: "new/",
    // One hint alone: the other is kept, though the API reference wants both (captured).
    BufferingHints: { IntervalInSeconds: 90 },
    CloudWatchLoggingOptions: { LogStreamName: "other" },
  });
  const description = world.describe();
  assertEquals(description.VersionId, "2");
  assertEquals(description.LastUpdateTimestamp, new Date(world.clock.nowMs()));
  assertEquals(destinationOf(world), {
    RoleARN: ROLE_ARN,
    BucketARN: `arn:aws:s3:::${BUCKET}`,
    Prefix: "new/",
    BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 90 },
    CompressionFormat: "UNCOMPRESSED",
    EncryptionConfiguration: { NoEncryptionConfig: "NoEncryption" },
    CloudWatchLoggingOptions: { Enabled: true, LogGroupName: "group", LogStreamName: "other" },
    FileExtension: ".txt",
    S3BackupMode: "Disabled",
  });
});

Deno.test("the older S3DestinationUpdate changes the same destination", async () => {
  await using world = await World.with();
  await world.createStream();
  await world.update({}, {
    ExtendedS3DestinationUpdate: undefined,
    S3DestinationUpdate: { CompressionFormat: "GZIP" },
  });
  const [destination] = world.describe().Destinations ?? [];
  assertEquals(destination.S3DestinationDescription?.CompressionFormat, "GZIP");
  assertEquals(destination.ExtendedS3DestinationDescription?.CompressionFormat, "GZIP");
});

for (
  const [what, update] of [
    ["empty", {}],
    ["identical", { Prefix: "old/", BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 } }],
  ] satisfies [string, ExtendedS3DestinationUpdate][]
) {
  Deno.test(`an ${what} update makes no version (captured)`, async () => {
    await using world = await World.with();
    await world.createStream({ Prefix: "old/" });
    await world.update(update);
    assertEquals(world.describe().VersionId, "1");
    assertEquals(world.describe().LastUpdateTimestamp, undefined);
    // The guide's metric counts requests, whatever they change.
    const counted = world.samples.filter(({ metricName }) =>
      metricName === "UpdateDeliveryStream.Requests"
    );
    assertEquals(counted.length, 1);
  });
}

Deno.test("records that wait take the new prefix, and their object's name the new version (captured)", async () => {
  await using world = await World.with();
  await world.createStream({ Prefix: "old/" });
  await world.put("waiting");
  await world.update({ Prefix: "new/!{timestamp:yyyy}/", ErrorOutputPrefix: "errors/" });
  world.clock.advance(60_000);
  const [object] = await world.objectsOnceThere(1);
  assertMatch(object.key, /^new\/2026\/stream-2-/);
});

Deno.test("a shorter interval applies to records that wait", async () => {
  await using world = await World.with();
  await world.createStream({ BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 900 } });
  await world.put("a");
  world.clock.advance(10_000);
  await world.update({ BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 0 } });
  await world.objectsOnceThere(1);
});

Deno.test("ProcessingConfiguration is replaced as a whole; only Enabled keeps its value (captured)", async () => {
  await using world = await World.with({ invoker: functionOf(() => ({ result: "Dropped" })) });
  await world.createStream({ ProcessingConfiguration: lambdaProcessing() });
  await world.update({
    ProcessingConfiguration: { Processors: [{ Type: "AppendDelimiterToRecord" }] },
  });
  assertEquals(destinationOf(world)?.ProcessingConfiguration, {
    Enabled: true,
    Processors: [{ Type: "AppendDelimiterToRecord", Parameters: [] }],
  });
  await world.update({ ProcessingConfiguration: { Enabled: false } });
  assertEquals(destinationOf(world)?.ProcessingConfiguration, { Enabled: false, Processors: [] });
});

Deno.test("S3 backup can be enabled later, holds what is put from then on, and cannot be disabled", async () => {
  await using world = await World.with();
  await world.createStream({ Prefix: "data/" });
  await world.put("before,");
  await world.update({ S3BackupMode: "Enabled", S3BackupUpdate: BACKUP });
  await world.put("after");
  world.clock.advance(60_000);
  await world.objectsOnceThere(2);
  assertEquals(await world.textUnder("data/"), "before,after");
  assertEquals(await world.textUnder("backup/"), "after");
  assertEquals(
    await refusal(() => world.update({ S3BackupMode: "Disabled" })),
    "InvalidArgumentException: Disabling S3 backup is not currently supported.",
  );
  await world.update({ S3BackupUpdate: { Prefix: "copy/" } });
  assertEquals(destinationOf(world)?.S3BackupDescription?.Prefix, "copy/");
  assertEquals(destinationOf(world)?.S3BackupDescription?.RoleARN, ROLE_ARN);
});

Deno.test("S3 backup that was enabled later is at work after a restart", async () => {
  const parts = {
    database: new Database(":memory:"),
    files: memoryFiles(),
    segments: memorySegments(),
    clock: new ManualClock(),
  };
  const first = await World.with(parts);
  await first.createStream({ Prefix: "data/" });
  await first.update({ S3BackupMode: "Enabled", S3BackupUpdate: BACKUP });
  await first.put("kept");
  await first.firehose.stop();
  await using world = new World(parts);
  world.clock.advance(60_000);
  await world.objectsOnceThere(2);
  assertEquals(await world.textUnder("backup/"), "kept");
});

Deno.test("UpdateDestination refuses, in this order: status, version, destination, no update", async () => {
  await using world = await World.with();
  const other = { DeliveryStreamName: "nope", CurrentDeliveryStreamVersionId: "1" };
  assertEquals(
    await refusal(() => world.update({}, other)),
    "ResourceNotFoundException: Firehose nope under account 123456789012 not found.",
  );
  await world.call("CreateDeliveryStream", {
    DeliveryStreamName: "stream",
    S3DestinationConfiguration: { RoleARN: ROLE_ARN, BucketARN: `arn:aws:s3:::${BUCKET}` },
  });
  const wrong = {
    CurrentDeliveryStreamVersionId: "7",
    DestinationId: "destinationId-000000000002",
    ExtendedS3DestinationUpdate: undefined,
  };
  assertEquals(
    await refusal(() => world.update({}, wrong)),
    "ResourceInUseException: Cannot update firehose: stream when it is in CREATING status",
  );
  world.clock.advance(20_000);
  await until("ACTIVE", () => world.firehose.stream("stream").status === "ACTIVE" || undefined);
  assertEquals(
    await refusal(() => world.update({}, wrong)),
    "ConcurrentModificationException: Cannot update firehose: stream since the current version " +
      "id: 1 and specified version id: 7 do not match",
  );
  assertEquals(
    await refusal(() => world.update({}, { ...wrong, CurrentDeliveryStreamVersionId: "1" })),
    "InvalidArgumentException: Destination Id destinationId-000000000002 not found",
  );
  assertEquals(
    await refusal(() => world.update({}, { ExtendedS3DestinationUpdate: undefined })),
    "InvalidArgumentException: At least one destination or source configuration update must be " +
      "provided",
  );
  assertEquals(
    await refusal(() => world.update({}, { S3DestinationUpdate: {} })),
    "InvalidArgumentException: Exactly one of s3DestinationUpdate or extendedS3DestinationUpdate " +
      "must be specified.",
  );
  assertEquals(
    await refusal(() => world.update({}, { SplunkDestinationUpdate: {} })),
    "InvalidArgumentException: The sandbox does not support SplunkDestinationUpdate.",
  );
});

Deno.test("of two updates from one version the second is refused, and changes nothing", async () => {
  await using world = await World.with();
  await world.createStream();
  const results = await Promise.allSettled([
    world.update({ Prefix: "first/" }),
    world.update({ Prefix: "second/" }),
  ]);
  assertEquals(results.map(({ status }) => status), ["fulfilled", "rejected"]);
  assertEquals(destinationOf(world)?.Prefix, "first/");
  assertEquals(world.describe().VersionId, "2");
});

for (
  const [what, update, text] of [
    [
      "what a stream could not be made with",
      { Prefix: "!{timestamp:yyyy}/" },
      "The supplied prefix(es) do not satisfy the following constraint: ErrorOutputPrefix cannot " +
      "be null or empty when Prefix contains expressions",
    ],
    [
      "a bucket that is not there",
      { BucketARN: "arn:aws:s3:::nowhere" },
      "The specified bucket does not exist: arn:aws:s3:::nowhere",
    ],
    [
      "S3 backup without a configuration",
      { S3BackupMode: "Enabled" },
      "S3 backup destination configuration is required when enabling S3 backup.",
    ],
    [
      "S3 backup without a role, which the API reference demands",
      { S3BackupMode: "Enabled", S3BackupUpdate: { BucketARN: BACKUP.BucketARN } },
      "S3BackupUpdate needs RoleARN and BucketARN when it enables S3 backup.",
    ],
    [
      "dynamic partitioning for a stream made without it",
      { DynamicPartitioningConfiguration: { Enabled: true } },
      "Dynamic Partitioning cannot be enabled on an existing stream.",
    ],
    [
      "a role that does not trust Firehose",
      { RoleARN: "arn:aws:iam::123456789012:role/nobody" },
      "Firehose is unable to assume role arn:aws:iam::123456789012:role/nobody. Please check the " +
      "role provided.",
    ],
  ] satisfies [string, ExtendedS3DestinationUpdate, string][]
) {
  Deno.test(`UpdateDestination refuses ${what}, and changes nothing`, async () => {
    await using world = await World.with();
    await world.createStream();
    const before = world.describe();
    assertEquals(
      await refusal(() => world.update(update)),
      `InvalidArgumentException: ${text}`,
    );
    assertEquals(world.describe(), before);
  });
}

const update = fc.record({
  Prefix: fc.constantFrom("", "a/", "!{timestamp:yyyy}/"),
  ErrorOutputPrefix: fc.constantFrom("errors/", "!{firehose:error-output-type}/"),
  BufferingHints: fc.record({
    SizeInMBs: fc.integer({ min: 1, max: 128 }),
    IntervalInSeconds: fc.integer({ min: 0, max: 900 }),
  }, { requiredKeys: [] }),
  CompressionFormat: fc.constantFrom("UNCOMPRESSED", "GZIP", "Snappy"),
  FileExtension: fc.constantFrom("", ".json"),
  CustomTimeZone: fc.constantFrom("UTC", "Asia/Tokyo"),
  S3BackupMode: fc.constant("Enabled" as const),
  S3BackupUpdate: fc.record({ Prefix: fc.constantFrom("b/", "c/") }, { requiredKeys: [] }),
  ProcessingConfiguration: fc.record({
    Enabled: fc.boolean(),
    Processors: fc.array(fc.record({ Type: fc.constant("AppendDelimiterToRecord" as const) }), {
      minLength: 1,
      maxLength: 2,
    }),
  }),
}, { requiredKeys: [] });

const START = destinationDescription({
  ...BACKUP,
  S3BackupMode: "Enabled",
  S3BackupConfiguration: BACKUP,
});

Deno.test("an update changes nothing but what it names, and the same update again changes nothing", () => {
  fc.assert(
    fc.property(fc.array(update, { minLength: 1, maxLength: 4 }), (updates) => {
      let destination = START;
      for (const update of updates) {
        const changed = updatedDestination(destination, update);
        assertEquals(updatedDestination(changed, update), changed);
        const named = new Set(
          Object.keys(update).map((name) =>
            name === "S3BackupUpdate" ? "S3BackupDescription" : name
          ),
        );
        const others = (of: object) =>
          Object.fromEntries(Object.entries(of).filter(([name]) => !named.has(name)));
        assertEquals(others(changed), others(destination));
        destination = changed;
      }
    }),
  );
});

Deno.test("RetryOptions that an update leaves out, or leaves empty, keep their value (API reference)", () => {
  const partitioning = (RetryOptions: { DurationInSeconds?: number }) => ({
    DynamicPartitioningConfiguration: { Enabled: false, RetryOptions },
  });
  const current = destinationDescription({ ...BACKUP, ...partitioning({ DurationInSeconds: 12 }) });
  const onlyEnabled = { DynamicPartitioningConfiguration: { Enabled: false } };
  for (const update of [onlyEnabled, partitioning({})]) {
    assertEquals(updatedDestination(current, update), current);
  }
});
