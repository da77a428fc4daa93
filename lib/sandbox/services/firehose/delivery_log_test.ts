/**
 * What a refused delivery leaves behind: log lines with AWS's codes and texts
 * (https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html, texts as
 * captured by stackd, 2026), and metrics.
 */
import { assertEquals } from "@std/assert";
import { until } from "../../testing/until.ts";
import { BUCKET, ROLE_ARN, World } from "./testing.ts";

const LOGGING = { Enabled: true, LogGroupName: "group", LogStreamName: "DestinationDelivery" };
const ACCESS_DENIED =
  "Access was denied. Ensure that the trust policy for the provided IAM role allows Firehose to " +
  "assume the role, and the access policy allows access to the S3 bucket.";
const NO_SUCH_BUCKET =
  "The specified bucket does not exist. Create the bucket or use a different bucket that does " +
  "exist.";

async function loggedAfter(
  world: World,
  spoil: (world: World) => Promise<void>,
): Promise<Record<string, unknown>> {
  await world.createStream({ CloudWatchLoggingOptions: LOGGING });
  await spoil(world);
  await world.put("a");
  world.clock.advance(60_000);
  await until("a refused delivery", () => world.problems[0]);
  const line = await until("a log line", () => world.logLines[0]);
  return JSON.parse(line.message);
}

for (
  const [what, spoil, errorCode, message] of [
    [
      "may not write",
      (world: World) => world.saveRole({ actions: ["logs:PutLogEvents"] }),
      "S3.AccessDenied",
      ACCESS_DENIED,
    ],
    [
      "has lost its bucket",
      (world: World) => world.database.commit(() => world.s3.removeBucket(BUCKET)),
      "S3.NoSuchBucket",
      NO_SUCH_BUCKET,
    ],
  ] as const
) {
  Deno.test(`a stream that ${what} logs ${errorCode}`, async () => {
    await using world = await World.with();
    assertEquals(await loggedAfter(world, spoil), {
      deliveryStreamARN: "arn:aws:firehose:us-east-1:123456789012:deliverystream/stream",
      destination: `arn:aws:s3:::${BUCKET}`,
      deliveryStreamVersionId: "1",
      message,
      errorCode,
    });
    assertEquals(world.metric("DeliveryToS3.Success"), [0]);
    // The age of the oldest record goes on growing while nothing is delivered.
    assertEquals(world.metric("DeliveryToS3.DataFreshness"), [60]);
  });
}

Deno.test("a role that Firehose may no longer assume cannot log either: there is only the metric", async () => {
  await using world = await World.with();
  await world.createStream({ CloudWatchLoggingOptions: LOGGING });
  await world.saveRole({ trust: { Principal: { Service: "lambda.amazonaws.com" } } });
  await world.put("a");
  world.clock.advance(60_000);
  await until(
    "a refused delivery",
    () => world.metric("DeliveryToS3.Success")[0] === 0 || undefined,
  );
  assertEquals(world.logLines, []);
});

Deno.test("the backup logs to its own log stream", async () => {
  await using world = await World.with();
  await world.createStream({
    S3BackupMode: "Enabled",
    S3BackupConfiguration: {
      RoleARN: ROLE_ARN,
      BucketARN: `arn:aws:s3:::${BUCKET}`,
      BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
      CloudWatchLoggingOptions: { ...LOGGING, LogStreamName: "BackupDelivery" },
    },
  });
  await world.saveRole({ actions: ["logs:PutLogEvents"] });
  await world.put("a");
  world.clock.advance(60_000);
  await until("both refused", () => world.problems[1]);
  assertEquals(world.logStreams, ["BackupDelivery"]);
  assertEquals(world.metric("BackupToS3.Success"), [0]);
});

for (const [session, delivers] of [["AWSFirehoseToS3", true], ["another", false]] as const) {
  Deno.test(`the session that writes to S3 is${delivers ? "" : " not"} called ${session} (captured)`, async () => {
    await using world = await World.with();
    await world.createStream();
    await world.saveRole({ condition: { StringLike: { "aws:userid": `*:${session}` } } });
    await world.put("a");
    world.clock.advance(60_000);
    if (delivers) await world.objectsOnceThere(1);
    else await until("a refused delivery", () => world.problems[0]);
  });
}
