/**
 * The pipeline that is measured: a bucket, a delivery role and a stream that buffers for long.
 * @module
 */

import {
  CreateDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  type ExtendedS3DestinationConfiguration,
  FirehoseClient,
} from "@aws-sdk/client-firehose";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { setTimeout as pause } from "node:timers/promises";
import type { KeyPair } from "../../sandbox/sandbox.ts";

export const BENCH_BUCKET = "bench";
const ROLE = "bench-delivery";

/** Where a pipeline is made. */
export interface Target {
  readonly endpoint: string;
  readonly credentials: KeyPair;
}

/** Creates bucket and role once. */
export async function createBase({ endpoint, credentials }: Target): Promise<void> {
  const options = { endpoint, credentials, region: "us-east-1" };
  const s3 = new S3Client(options);
  const iam = new IAMClient(options);
  await s3.send(new CreateBucketCommand({ Bucket: BENCH_BUCKET }));
  await iam.send(
    new CreateRoleCommand({
      RoleName: ROLE,
      // Deploying a function changes only roles of this project.
      Tags: [{ Key: "project", Value: "firehose-lab" }],
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: {
          Effect: "Allow",
          Principal: { Service: "firehose.amazonaws.com" },
          Action: "sts:AssumeRole",
        },
      }),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: ROLE,
      PolicyName: "write",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: {
          Effect: "Allow",
          Action: "s3:PutObject",
          Resource: `arn:aws:s3:::${BENCH_BUCKET}/*`,
        },
      }),
    }),
  );
  s3.destroy();
  iam.destroy();
}

/**
 * Creates a stream that delivers at `sizeInMBs` or after 900 s, unless `destination` says
 * otherwise, and waits until it is ACTIVE.
 */
export async function createStream(
  { endpoint, credentials }: Target,
  name: string,
  sizeInMBs: number,
  destination: Partial<ExtendedS3DestinationConfiguration> = {},
): Promise<void> {
  const firehose = new FirehoseClient({ endpoint, credentials, region: "us-east-1" });
  await firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: name,
      ExtendedS3DestinationConfiguration: {
        RoleARN: `arn:aws:iam::123456789012:role/${ROLE}`,
        BucketARN: `arn:aws:s3:::${BENCH_BUCKET}`,
        BufferingHints: { SizeInMBs: sizeInMBs, IntervalInSeconds: 900 },
        ...destination,
      },
    }),
  );
  const describe = new DescribeDeliveryStreamCommand({ DeliveryStreamName: name });
  const endMs = Date.now() + 60_000;
  while (true) {
    const { DeliveryStreamDescription } = await firehose.send(describe);
    if (DeliveryStreamDescription?.DeliveryStreamStatus === "ACTIVE") break;
    if (Date.now() > endMs) throw new Error(`${name} did not become ACTIVE within 60 s`);
    await pause(50);
  }
  firehose.destroy();
}
