/** Resets while calls of every service are under way: no call fails with a fault of the sandbox. */
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { ListMetricsCommand, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  CreateDeliveryStreamCommand,
  DeleteDeliveryStreamCommand,
  ListDeliveryStreamsCommand,
  PutRecordBatchCommand,
} from "@aws-sdk/client-firehose";
import { CreateRoleCommand, CreateUserCommand, ListUsersCommand } from "@aws-sdk/client-iam";
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  InvokeCommand,
  ListFunctionsCommand,
} from "@aws-sdk/client-lambda";
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { assertEquals, assertGreater } from "@std/assert";
import { ACCOUNT_ID } from "../sandbox.ts";
import { handlerZip } from "../services/lambda/testing.ts";
import { ControlWorld } from "./testing.ts";

const RESETS = 12;
const ROLE = `arn:aws:iam::${ACCOUNT_ID}:role/r`;
const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{
    Effect: "Allow",
    Action: "sts:AssumeRole",
    Principal: { Service: ["firehose.amazonaws.com", "lambda.amazonaws.com"], AWS: ACCOUNT_ID },
  }],
});

/** Calls of each service, in an order in which they would succeed. They are sent again and again. */
function workers({ clients }: ControlWorld): (() => Promise<unknown>)[][] {
  const { s3, firehose, iam, lambda, logs, metrics, sts } = clients;
  const large = new Uint8Array(200_000);
  const names = { logGroupName: "g", logStreamName: "s" };
  return [
    [
      () => s3.send(new CreateBucketCommand({ Bucket: "bbb" })),
      () => s3.send(new PutObjectCommand({ Bucket: "bbb", Key: "large", Body: large })),
      () => s3.send(new PutObjectCommand({ Bucket: "bbb", Key: "small", Body: "x" })),
      async () => {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: "bbb", Key: "large" }));
        return await Body?.transformToByteArray();
      },
      async () => {
        const object = { Bucket: "bbb", Key: "parts" };
        const { UploadId } = await s3.send(new CreateMultipartUploadCommand(object));
        const part = { ...object, UploadId, PartNumber: 1 };
        const { ETag } = await s3.send(new UploadPartCommand({ ...part, Body: large }));
        const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] };
        const complete = { ...object, UploadId, MultipartUpload };
        return await s3.send(new CompleteMultipartUploadCommand(complete));
      },
      () => s3.send(new DeleteObjectCommand({ Bucket: "bbb", Key: "small" })),
    ],
    [
      () => iam.send(new CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument: TRUST })),
      () => iam.send(new CreateUserCommand({ UserName: "u" })),
      () => sts.send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: "session" })),
      () =>
        firehose.send(
          new CreateDeliveryStreamCommand({
            DeliveryStreamName: "d",
            ExtendedS3DestinationConfiguration: {
              RoleARN: ROLE,
              BucketARN: "arn:aws:s3:::bbb",
              BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
            },
          }),
        ),
      ...Array.from({ length: 4 }, () => () =>
        firehose.send(
          new PutRecordBatchCommand({
            DeliveryStreamName: "d",
            Records: [{ Data: large }, { Data: large.subarray(0, 10) }],
          }),
        )),
      () => firehose.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName: "d" })),
    ],
    [
      () =>
        lambda.send(
          new CreateFunctionCommand({
            FunctionName: "f",
            Runtime: "nodejs22.x",
            Handler: "index.handler",
            Role: ROLE,
            Code: { ZipFile: handlerZip("async () => 1") },
          }),
        ),
      () => lambda.send(new InvokeCommand({ FunctionName: "f" })),
      () => lambda.send(new InvokeCommand({ FunctionName: "f", InvocationType: "Event" })),
      () => lambda.send(new DeleteFunctionCommand({ FunctionName: "f" })),
    ],
    [
      () => logs.send(new CreateLogGroupCommand({ logGroupName: "g" })),
      () => logs.send(new CreateLogStreamCommand(names)),
      () => {
        const logEvents = [{ timestamp: Date.now(), message: "m" }];
        return logs.send(new PutLogEventsCommand({ ...names, logEvents }));
      },
      () => logs.send(new FilterLogEventsCommand({ logGroupName: "g" })),
      () => {
        const MetricData = [{ MetricName: "m", Value: 1 }];
        return metrics.send(new PutMetricDataCommand({ Namespace: "n", MetricData }));
      },
      () => metrics.send(new ListMetricsCommand({})),
    ],
  ];
}

/** Sends calls until `isOver`; resolves with the names of failures that are the sandbox's. */
async function work(calls: (() => Promise<unknown>)[], isOver: () => boolean, done: () => void) {
  const faults: string[] = [];
  for (let call = 0; !isOver(); call++) {
    try {
      await calls[call % calls.length]();
      done();
    } catch (error) {
      const status = Object(Object(error).$metadata).httpStatusCode ?? 0;
      if (status < 400 || status >= 500) faults.push(`${status} ${error}`);
    }
  }
  return faults;
}

Deno.test(`${RESETS} resets under calls of every service: each call is answered, nothing is left`, async () => {
  const problems: string[] = [];
  const log = {
    problem: (line: string, error?: unknown) => void problems.push(`${line} ${error ?? ""}`),
    close: () => Promise.resolve(),
  };
  await using world = await ControlWorld.start({ speed: 2_000, log });
  let resets = 0;
  let succeeded = 0;
  const working = workers(world).map((calls) =>
    work(calls, () => resets === RESETS, () => void succeeded++)
  );
  while (resets < RESETS) {
    const before = succeeded;
    while (succeeded < before + 10) await new Promise((resolve) => setTimeout(resolve, 5));
    const { status } = await world.page("POST", "/_sandbox/reset");
    assertEquals(status, 200);
    resets++;
  }
  assertEquals((await Promise.all(working)).flat(), []);
  assertEquals(problems.filter((line) => /failed:|invariant|Error/.test(line)), []);
  assertGreater(succeeded, 100);

  await world.page("POST", "/_sandbox/reset");
  const { s3, firehose, iam, lambda } = world.clients;
  const left = [
    (await s3.send(new ListBucketsCommand({}))).Buckets,
    (await firehose.send(new ListDeliveryStreamsCommand({}))).DeliveryStreamNames,
    (await iam.send(new ListUsersCommand({}))).Users,
    (await lambda.send(new ListFunctionsCommand({}))).Functions,
  ];
  assertEquals<unknown>(left, [[], [], [], []]);
});
