/**
 * A delivery stream whose records go through a function, for tests: bucket, delivery role, stream.
 * @module
 */

import {
  CreateDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  type ExtendedS3DestinationConfiguration,
  type FirehoseClient,
} from "@aws-sdk/client-firehose";
import { CreateRoleCommand, type IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, type S3Client } from "@aws-sdk/client-s3";
import { until } from "./until.ts";

/** The clients that are called. */
export interface LambdaStreamClients {
  readonly firehose: FirehoseClient;
  readonly iam: IAMClient;
  readonly s3: S3Client;
}

/** What the stream is to be. */
export interface LambdaStreamOptions {
  /** The name of the bucket, the role and the stream. */
  readonly name: string;
  /** A full ARN, with a version or an alias or without. */
  readonly functionArn: string;
  /** What the delivery role may invoke; nothing if it is empty. */
  readonly invokable: readonly string[];
  readonly retries?: number;
  readonly destination: Partial<ExtendedS3DestinationConfiguration>;
}

/** Makes all of it, and waits until the stream is ACTIVE. */
export async function createLambdaStream(
  { firehose, iam, s3 }: LambdaStreamClients,
  { name, functionArn, invokable, retries = 3, destination }: LambdaStreamOptions,
): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: name }));
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: name,
      // As of everything that this project makes: a deployment may then change the role.
      Tags: [{ Key: "project", Value: "firehose-lab" }],
      AssumeRolePolicyDocument: policyOf({
        Principal: { Service: "firehose.amazonaws.com" },
        Action: "sts:AssumeRole",
      }),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: name,
      PolicyName: "deliver",
      PolicyDocument: policyOf(
        { Action: "s3:PutObject", Resource: `arn:aws:s3:::${name}/*` },
        ...(invokable.length === 0
          ? []
          : [{ Action: "lambda:InvokeFunction", Resource: invokable }]),
      ),
    }),
  );
  await firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: name,
      ExtendedS3DestinationConfiguration: {
        RoleARN: Role?.Arn,
        BucketARN: `arn:aws:s3:::${name}`,
        BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
        ProcessingConfiguration: {
          Enabled: true,
          Processors: [{
            Type: "Lambda",
            Parameters: [
              { ParameterName: "LambdaArn", ParameterValue: functionArn },
              { ParameterName: "NumberOfRetries", ParameterValue: String(retries) },
              { ParameterName: "BufferSizeInMBs", ParameterValue: "0.2" },
              { ParameterName: "BufferIntervalInSeconds", ParameterValue: "6" },
            ],
          }],
        },
        ...destination,
      },
    }),
  );
  await until("the stream to be ACTIVE", async () => {
    const { DeliveryStreamDescription } = await firehose.send(
      new DescribeDeliveryStreamCommand({ DeliveryStreamName: name }),
    );
    return DeliveryStreamDescription?.DeliveryStreamStatus === "ACTIVE" || undefined;
  });
}

function policyOf(...statements: readonly object[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })),
  });
}
