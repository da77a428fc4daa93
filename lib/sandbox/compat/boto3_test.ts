/** The sandbox through AWS's Python SDK, which has its own serialisers, signer and retry rules. */
import { assertEquals } from "@std/assert";
import { pythonWith, run } from "../../testing/python.ts";
import { type Sandbox, startSandbox } from "../sandbox.ts";

const here = (name: string) => new URL(name, import.meta.url).pathname;

/** A test of what a Python program sees of a sandbox of its own, as root. */
function boto3Test(
  name: string,
  program: string,
  expected: (sandbox: Sandbox) => Record<string, unknown>,
): void {
  Deno.test(name, async () => {
    const python = await pythonWith(here("requirements.txt"));
    const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60 });
    try {
      const seen = JSON.parse(
        await run(python, [here(program)], {
          AWS_ENDPOINT_URL: sandbox.endpoint,
          AWS_ACCESS_KEY_ID: sandbox.rootKey.accessKeyId,
          AWS_SECRET_ACCESS_KEY: sandbox.rootKey.secretAccessKey,
          AWS_CONFIG_FILE: "/dev/null",
          AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
        }),
      );
      assertEquals(seen, expected(sandbox));
    } finally {
      await sandbox.stop();
    }
  });
}

boto3Test(
  "boto3 goes the whole path of notebooks 0 and 1, and every record arrives exactly once",
  "pipeline.py",
  ({ accountId }) => ({
    caller: `arn:aws:iam::${accountId}:user/boto3-admin`,
    hello: "hello",
    tail: "lo",
    listed: ["hello world.txt"],
    wrongSecret: "SignatureDoesNotMatch",
    exactlyOnce: true,
    tooMany: "ValidationException",
    unknown: "ResourceNotFoundException",
    tags: [{ Key: "made-by", Value: "boto3" }],
  }),
);

boto3Test(
  "boto3 goes through every operation of Firehose, and Python reads every format",
  "firehose.py",
  ({ accountId }) => ({
    arn: `arn:aws:firehose:us-east-1:${accountId}:deliverystream/compat`,
    creating: "CREATING",
    putWhileCreating: "ResourceNotFoundException",
    duplicate: "ResourceInUseException",
    encryption: [true, "DISABLING", "InvalidArgumentException"],
    update: {
      name: ["compat", "2"],
      version: "2",
      updated: true,
      unchanged: "2",
      stale: "ConcurrentModificationException",
      refused: "InvalidArgumentException",
    },
    formats: {
      GZIP: ["gz", "gzip", "application/octet-stream", true],
      ZIP: ["zip", "zip", "application/octet-stream", true],
      Snappy: ["snappy", "snappy-java", "application/octet-stream", true],
      HADOOP_SNAPPY: ["snappy", "hadoop-snappy", "application/octet-stream", true],
    },
    lists: [
      [["compat", "compat-a"], true],
      [["compat-b"], false],
      [[], false],
    ],
    tags: [[{ Key: "a", Value: "A" }], true],
    denied: ["S3.AccessDenied", "arn:aws:s3:::boto3-firehose", "7"],
    metrics: {
      names: [
        "BytesPerSecondLimit",
        "DeliveryToS3.Bytes",
        "DeliveryToS3.DataFreshness",
        "DeliveryToS3.Records",
        "DeliveryToS3.Success",
        "DescribeDeliveryStream.Latency",
        "DescribeDeliveryStream.Requests",
        "IncomingBytes",
        "IncomingPutRequests",
        "IncomingRecords",
        "PutRecord.Bytes",
        "PutRecord.Latency",
        "PutRecord.Requests",
        "PutRequestsPerSecondLimit",
        "RecordsPerSecondLimit",
        "UpdateDeliveryStream.Latency",
        "UpdateDeliveryStream.Requests",
      ],
      // Four records of 5,200 bytes, one of 7, and one of 4 that is not delivered: as they were put.
      incoming: [6, 20_811],
      delivered: [5, 20_807],
    },
    deleting: "DELETING",
    gone: "ResourceNotFoundException",
  }),
);
