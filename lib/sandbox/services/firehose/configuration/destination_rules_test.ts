/** What CreateDeliveryStream refuses, with which text. */
import type { ExtendedS3DestinationConfiguration } from "@aws-sdk/client-firehose";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { BUCKET, ROLE_ARN, World } from "../testing.ts";

type Destination = Partial<ExtendedS3DestinationConfiguration>;

const constraint = (text: string) =>
  `The supplied prefix(es) do not satisfy the following constraint: ${text}`;
const ERRORS = "errors/!{firehose:error-output-type}/";
const prefixed = (Prefix: string, ErrorOutputPrefix = ERRORS): Destination => ({
  Prefix,
  ErrorOutputPrefix,
});
const NOBODY = "arn:aws:iam::123456789012:role/nobody";
const NOBODY_TEXT = `Firehose is unable to assume role ${NOBODY}. Please check the role provided.`;
const ZONE_TEXT =
  "Provided custom time zone is not supported. Custom time zones are limited to UTC and " +
  "non-3-letter IANA time zones.";

const REFUSED: readonly (readonly [what: string, destination: Destination, text: string])[] = [
  [
    "a Prefix with an expression and no ErrorOutputPrefix",
    { Prefix: "!{timestamp:yyyy}/" },
    constraint("ErrorOutputPrefix cannot be null or empty when Prefix contains expressions"),
  ],
  [
    "an ErrorOutputPrefix with an expression but not the error type",
    prefixed("data/", "errors/!{timestamp:yyyy}/"),
    constraint(
      "ErrorOutputPrefix must contain at least one occurrence of !{firehose:error-output-type}",
    ),
  ],
  [
    "a Prefix with the error type",
    prefixed("!{firehose:error-output-type}/"),
    constraint("Prefix must not contain any occurrence of !{firehose:error-output-type}"),
  ],
  [
    "an expression that is not closed",
    prefixed("my!{prefix/"),
    constraint(
      "Invalid expression usage: my!{prefix/.Must be of the form !{<namespace>:<value>}",
    ),
  ],
  [
    "an expression without a colon",
    prefixed("a!{timestamp}/"),
    constraint(
      "Invalid expression usage: a!{timestamp}/.Must be of the form !{<namespace>:<value>}",
    ),
  ],
  [
    "an unknown namespace",
    prefixed("!{time:yyyy}"),
    constraint("Namespace to the left of colon (time) is an invalid keyword!"),
  ],
  [
    "an unknown firehose value",
    prefixed("!{firehose:random}"),
    constraint("Invalid conversion character used in the value of the expression in Prefix"),
  ],
  [
    "a letter that no timestamp has, in ErrorOutputPrefix",
    prefixed("", `${ERRORS}!{timestamp:J}`),
    constraint(
      "Invalid conversion character used in the value of the expression in ErrorOutputPrefix",
    ),
  ],
  [
    "a prefix over 512 characters",
    prefixed("x".repeat(513)),
    constraint("Length of evaluated prefix cannot be greater than 512"),
  ],
  [
    "a prefix that is over 512 characters when it is evaluated",
    prefixed("x".repeat(509) + "!{timestamp:yyyy}"),
    constraint("Length of evaluated prefix cannot be greater than 512"),
  ],
  [
    "an ErrorOutputPrefix over 512 characters",
    prefixed("", "x".repeat(513)),
    constraint("Length of evaluated ErrorOutputPrefix cannot be greater than 512"),
  ],
  [
    "partition keys in ErrorOutputPrefix",
    prefixed("", `${ERRORS}!{partitionKeyFromLambda:k}`),
    constraint("Dynamic Partitioning Namespaces can't be part of an error prefix expression"),
  ],
  [
    "partition keys without dynamic partitioning",
    prefixed("!{partitionKeyFromLambda:k}/"),
    constraint(
      "Dynamic Partitioning Namespaces can only be part of a prefix expression when Dynamic " +
        "Partitioning is enabled.",
    ),
  ],
  ["a 3-letter time zone", { CustomTimeZone: "EST" }, ZONE_TEXT],
  ["a time zone that is not on Earth", { CustomTimeZone: "Mars/Phobos" }, ZONE_TEXT],
  ["a time zone that the old list lacks", { CustomTimeZone: "Asia/Kolkata" }, ZONE_TEXT],
  [
    "processing without processors",
    { ProcessingConfiguration: { Enabled: true, Processors: [] } },
    "A maximum of 5 and a minimum of 1 processor needs to be supplied when processing is enabled.",
  ],
  [
    "S3 backup without its configuration",
    { S3BackupMode: "Enabled" },
    "S3 backup destination configuration is required when enabling S3 backup.",
  ],
  [
    "a backup interval under a minute",
    {
      S3BackupMode: "Enabled",
      S3BackupConfiguration: {
        RoleARN: ROLE_ARN,
        BucketARN: `arn:aws:s3:::${BUCKET}`,
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 59 },
      },
    },
    "S3 backup buffering interval must be between 60 and 900 seconds.",
  ],
  [
    "logging without a log group",
    { CloudWatchLoggingOptions: { Enabled: true, LogStreamName: "s" } },
    "CloudWatch Log Group Name is required if CloudWatch Logging is enabled",
  ],
  [
    "both kinds of encryption",
    {
      EncryptionConfiguration: {
        NoEncryptionConfig: "NoEncryption",
        KMSEncryptionConfig: { AWSKMSKeyARN: "arn:aws:kms:us-east-1:123456789012:key/k" },
      },
    },
    "Exactly one of NoEncryptionConfig or KMSEncryptionConfig must be specified",
  ],
  [
    "encryption by KMS",
    {
      EncryptionConfiguration: {
        KMSEncryptionConfig: { AWSKMSKeyARN: "arn:aws:kms:us-east-1:123456789012:key/k" },
      },
    },
    "The sandbox does not support KMSEncryptionConfig.",
  ],
  [
    // badmintoncryer/cdk-preflight, pf-firehose-s3-kms-key-region: CreateDeliveryStream, us-east-1.
    "encryption by a key of another Region (probed, 2026-09-10)",
    {
      EncryptionConfiguration: {
        KMSEncryptionConfig: { AWSKMSKeyARN: "arn:aws:kms:eu-west-1:123456789012:key/k" },
      },
    },
    "KMS Key arn:aws:kms:eu-west-1:123456789012:key/k does not exist in the same region as the S3 " +
    "bucket. KMS Key region: eu-west-1. S3 Bucket Region: us-east-1",
  ],
  [
    "a role that is not there",
    { RoleARN: NOBODY },
    NOBODY_TEXT,
  ],
  [
    "a backup's role that is not there",
    {
      S3BackupMode: "Enabled",
      S3BackupConfiguration: { RoleARN: NOBODY, BucketARN: `arn:aws:s3:::${BUCKET}` },
    },
    NOBODY_TEXT,
  ],
];

for (const [what, destination, text] of REFUSED) {
  Deno.test(`CreateDeliveryStream refuses ${what}`, async () => {
    await using world = await World.with();
    const error = await assertRejects(() => world.createStream(destination), Error);
    assertEquals(`${error.name}: ${error.message}`, `InvalidArgumentException: ${text}`);
    assertEquals(world.firehose.find("stream"), undefined);
  });
}

const ACCEPTED: readonly (readonly [what: string, destination: Destination])[] = [
  ["a literal ErrorOutputPrefix beside expressions", prefixed("!{timestamp:yyyy}/", "errors/")],
  ["a literal prefix of 512 characters", prefixed("x".repeat(512))],
  ["quoted text in a timestamp", prefixed("!{timestamp:'year='yyyy}/!{timestamp:yyyy'T'HH}/")],
  ["UTC and zones of the old list", { CustomTimeZone: "Asia/Calcutta" }],
  ["a buffer without interval", { BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 0 } }],
];

for (const [what, destination] of ACCEPTED) {
  Deno.test(`CreateDeliveryStream accepts ${what}`, async () => {
    await using world = await World.with();
    await world.createStream(destination);
  });
}

Deno.test("CreateDeliveryStream refuses a role whose trust policy asks for another ExternalId", async () => {
  await using world = await World.with();
  await world.saveRole({ trust: { Condition: { StringEquals: { "sts:ExternalId": "1" } } } });
  const error = await assertRejects(() => world.createStream(), Error);
  assertEquals(
    error.message,
    `Firehose is unable to assume role ${ROLE_ARN}. Please check the role provided.`,
  );
});

Deno.test("CreateDeliveryStream refuses a role of another account (captured)", async () => {
  await using world = await World.with();
  const RoleARN = "arn:aws:iam::210987654321:role/delivery";
  const { name, message } = await assertRejects(() => world.createStream({ RoleARN }), Error);
  // AWS's text; what the sandbox adds says which accounts do not match.
  assertStringIncludes(
    `${name}: ${message}`,
    "AccessDeniedException: User: arn:aws:iam::123456789012:root is not authorized to access " +
      "this resource",
  );
});

Deno.test("CreateDeliveryStream refuses a bucket that is not there, or is in another partition", async () => {
  await using world = await World.with();
  for (const BucketARN of ["arn:aws:s3:::nowhere", `arn:aws-cn:s3:::${BUCKET}`]) {
    const error = await assertRejects(() => world.createStream({ BucketARN }), Error);
    assertEquals(error.message, `The specified bucket does not exist: ${BucketARN}`);
  }
});

Deno.test("CreateDeliveryStream wants exactly one destination, and refuses other services by name", async () => {
  await using world = await World.with();
  const message = async (input: Record<string, unknown>) =>
    (await assertRejects(
      () => world.call("CreateDeliveryStream", { DeliveryStreamName: "s", ...input }),
      Error,
    )).message;
  const one = "Exactly one destination configuration is supported for a Firehose";
  const s3 = { RoleARN: ROLE_ARN, BucketARN: `arn:aws:s3:::${BUCKET}` };
  assertEquals(await message({}), one);
  assertEquals(
    await message({ S3DestinationConfiguration: s3, ExtendedS3DestinationConfiguration: s3 }),
    one,
  );
  assertEquals(
    await message({ SplunkDestinationConfiguration: {} }),
    "The sandbox does not support SplunkDestinationConfiguration.",
  );
  assertEquals(
    await message({ KinesisStreamSourceConfiguration: {}, S3DestinationConfiguration: s3 }),
    "KinesisSourceStreamConfig is only applicable for KinesisStreamAsSource stream type", // moto
  );
  // Texts of streams without their source: probed on AWS, September 2026.
  for (
    const [DeliveryStreamType, text] of [
      [
        "KinesisStreamAsSource",
        "KinesisSourceStreamConfig is mandatory for KinesisStreamAsSource stream type.",
      ],
      ["MSKAsSource", "MSKSourceConfig is mandatory for MSK as Source stream type."],
      [
        "DatabaseAsSource",
        "IcebergDestinationConfiguration must be specified for Database as Source.",
      ],
    ]
  ) {
    assertEquals(await message({ DeliveryStreamType, S3DestinationConfiguration: s3 }), text);
  }
  assertEquals(
    await message({
      DeliveryStreamType: "MSKAsSource",
      MSKSourceConfiguration: {},
      S3DestinationConfiguration: s3,
    }),
    "The sandbox does not support DeliveryStreamType MSKAsSource.",
  );
  assertEquals(
    await message({
      DeliveryStreamType: "KinesisStreamAsSource",
      DeliveryStreamEncryptionConfigurationInput: { KeyType: "AWS_OWNED_CMK" },
      S3DestinationConfiguration: s3,
    }),
    "Server side encryption from firehose is only allowed for direct put delivery streams and " +
      "database as a source delivery streams", // captured, September 2026
  );
  await world.call("CreateDeliveryStream", {
    DeliveryStreamName: "plain",
    S3DestinationConfiguration: s3,
  });
});
