/** Firehose through boto3 and through the AWS CLI: other signers, serialisers, habits. */
import { assertEquals } from "@std/assert";
import type { Sandbox } from "../sandbox.ts";
import { environmentOf, printedBy, withSandbox } from "./testing.ts";

/** What a Python program prints of a sandbox. */
async function seenBy(program: string, sandbox: Sandbox): Promise<unknown> {
  return JSON.parse(await printedBy([program], environmentOf(sandbox)));
}

function firehoseTest(name: string, act: (sandbox: Sandbox) => Promise<void>): void {
  Deno.test(name, () => withSandbox(act));
}

const operationsOf = ({ services }: Sandbox): string[] =>
  services.flatMap(({ signingName, operations }) =>
    signingName === "firehose" ? [...operations.keys()] : []
  ).sort();

firehoseTest(
  "boto3 goes through every operation of Firehose, and Python reads every format",
  async (sandbox) => {
    assertEquals(await seenBy("firehose.py", sandbox), {
      arn: `arn:aws:firehose:us-east-1:${sandbox.accountId}:deliverystream/compat`,
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
          "PutRecordBatch.Bytes",
          "PutRecordBatch.Latency",
          "PutRecordBatch.Records",
          "PutRecordBatch.Requests",
          "PutRequestsPerSecondLimit",
          "RecordsPerSecondLimit",
          "UpdateDeliveryStream.Latency",
          "UpdateDeliveryStream.Requests",
        ],
        // Eight records of 2,600 bytes, one of 7, and one of 4 that is not delivered: as they were put.
        incoming: [10, 20_811],
        delivered: [9, 20_807],
      },
      deleting: "DELETING",
      gone: "ResourceNotFoundException",

      called: operationsOf(sandbox),
    });
  },
);

firehoseTest("aws firehose goes through every operation, in its own words", async (sandbox) => {
  assertEquals(await seenBy("firehose_cli.py", sandbox), operationsOf(sandbox));
});
