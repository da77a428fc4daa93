/** The delivery stream of the tests. */
import {
  CreateDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  FirehoseClient,
} from "@aws-sdk/client-firehose";
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import type { Sandbox } from "firehose-lab";
import { setTimeout as pause } from "node:timers/promises";

export const BUCKET = "orders-raw";
export const STREAM = "orders";

const TRUST = {
  Version: "2012-10-17",
  Statement: {
    Effect: "Allow",
    Principal: { Service: "firehose.amazonaws.com" },
    Action: "sts:AssumeRole",
  },
};

/** Makes a delivery stream that collects orders in the bucket. */
export async function makeStream({ clientConfig }: Sandbox): Promise<void> {
  await new S3Client(clientConfig).send(new CreateBucketCommand({ Bucket: BUCKET }));
  const iam = new IAMClient(clientConfig);
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: "delivery",
      AssumeRolePolicyDocument: JSON.stringify(TRUST),
    }),
  );
  const PolicyArn = "arn:aws:iam::aws:policy/AmazonS3FullAccess";
  await iam.send(new AttachRolePolicyCommand({ RoleName: "delivery", PolicyArn }));
  const firehose = new FirehoseClient(clientConfig);
  await firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: STREAM,
      ExtendedS3DestinationConfiguration: {
        RoleARN: Role?.Arn,
        BucketARN: `arn:aws:s3:::${BUCKET}`,
        CompressionFormat: "GZIP",
      },
    }),
  );
  const describe = new DescribeDeliveryStreamCommand({ DeliveryStreamName: STREAM });
  let status: string | undefined;
  while (status !== "ACTIVE") {
    await pause(50);
    const { DeliveryStreamDescription } = await firehose.send(describe);
    status = DeliveryStreamDescription?.DeliveryStreamStatus;
  }
}
