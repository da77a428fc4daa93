/**
 * What a refused delivery leaves behind: log lines with AWS's codes and texts
 * (https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html, texts as
 * captured by stackd, 2026), and metrics.
 */
import { assertEquals } from "@std/assert";
import { AwsError } from "../../errors.ts";
import type { FaultSource } from "../../ports/fault_source.ts";
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

/** S3 refuses every object with `code`. */
const refusing = (code: string): FaultSource => ({
  isQuiet: false,
  strike: ({ operation }) =>
    Promise.resolve(
      operation === "PutObject"
        ? { kind: "error", error: new AwsError(code, 403, "S3's own text") }
        : undefined,
    ),
});

const DISABLED = "Access to the account provided has been disabled. Contact AWS Support.";
const INTERNAL =
  "An internal error occurred while attempting to deliver data. Delivery will be retried; if the " +
  "error persists, then it will be reported to AWS for resolution.";

// "Amazon S3 data delivery errors" of the guide, copy of 2023; S3.AccessDenied as captured in 2026.
for (
  const [code, errorCode, message] of [
    ["AccessDenied", "S3.AccessDenied", ACCESS_DENIED],
    ["NoSuchBucket", "S3.NoSuchBucket", NO_SUCH_BUCKET],
    [
      "MethodNotAllowed",
      "S3.MethodNotAllowed",
      "The specified method is not allowed against this resource. Modify the bucket's policy to " +
      "allow the correct Amazon S3 operation permissions.",
    ],
    [
      "AccountProblem",
      "S3.AccountProblem",
      "There is a problem with your AWS account that prevents the operation from completing " +
      "successfully. Contact AWS Support.",
    ],
    ["AllAccessDisabled", "S3.AllAccessDisabled", DISABLED],
    ["InvalidPayer", "S3.InvalidPayer", DISABLED],
    [
      "NotSignedUp",
      "S3.NotSignedUp",
      "The account is not signed up for Amazon S3. Sign the account up or use a different account.",
    ],
    [
      "KMS.NotFoundException",
      "S3.KMS.NotFoundException",
      "The provided AWS KMS key was not found. If you are using what you believe to be a valid AWS " +
      "KMS key with the correct role, check if there is a problem with the account to which the AWS " +
      "KMS key is attached.",
    ],
    [
      "ThrottlingException", // of KMS
      "S3.KMS.RequestLimitExceeded",
      "The KMS request per second limit was exceeded while attempting to encrypt S3 objects. " +
      "Increase the request per second limit.",
    ],
    ["SlowDown", "InternalError", INTERNAL],
  ]
) {
  Deno.test(`the log says ${errorCode} where S3 answers ${code}`, async () => {
    await using world = await World.with({ faults: refusing(code) });
    const line = await loggedAfter(world, () => Promise.resolve());
    assertEquals([line.errorCode, line.message], [errorCode, message]);
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
