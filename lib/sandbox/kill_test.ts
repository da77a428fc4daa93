/** Durability, seen from outside: the process is killed while records are being put. */
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  PutRecordBatchCommand,
  PutRecordCommand,
} from "@aws-sdk/client-firehose";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { assertEquals, assertGreater } from "@std/assert";
import { setTimeout as pause } from "node:timers/promises";
import { killMoments } from "./testing/kill_moments.ts";
import { CHILD_ROOT_KEY, startSandboxChild } from "./testing/sandbox_child.ts";
import { until } from "./testing/until.ts";

const KILLS = 20;
const BUCKET = "kill-test";
const STREAM = "kill-test";
const WRITERS = 4;

function clientsOf(endpoint: string) {
  // One attempt: a retry would put a record whose first attempt may have been accepted.
  const options = { endpoint, region: "us-east-1", credentials: CHILD_ROOT_KEY, maxAttempts: 1 };
  return {
    firehose: new FirehoseClient(options),
    iam: new IAMClient(options),
    s3: new S3Client(options),
  };
}

Deno.test(`every acknowledged record is in S3 exactly once after ${KILLS} SIGKILLs during puts`, async () => {
  const dataDir = await Deno.makeTempDir();
  let sandbox = await startSandboxChild({ dataDir, port: 0, speed: 60 });
  const { port } = sandbox;
  const clients = clientsOf(sandbox.endpoint);
  await createPipeline(clients);

  const pauseMs = killMoments(150);
  const acknowledged = new Set<string>();
  let writing = true;
  const writers = Array.from({ length: WRITERS }, async (_, writer) => {
    for (let call = 0; writing; call++) {
      const ids = Array.from(
        { length: call % 5 === 0 ? 1 : 25 },
        (_, n) => `${writer}-${call}-${n}`,
      );
      const accepted = await put(clients.firehose, ids).catch(() => []);
      for (const id of accepted) acknowledged.add(id);
      if (accepted.length === 0) await pause(10);
    }
  });
  for (let kill = 0; kill < KILLS; kill++) {
    const before = acknowledged.size;
    await until("puts to be acknowledged", () => acknowledged.size > before || undefined);
    await pause(pauseMs());
    await sandbox.end("SIGKILL");
    sandbox = await startSandboxChild({ dataDir, port, speed: 60 });
  }
  writing = false;
  await Promise.all(writers);

  const arrivals = await until("all acknowledged records in S3", async () => {
    const counts = await countArrivals(clients.s3);
    return [...acknowledged].every((id) => counts.has(id)) ? counts : undefined;
  }, 60_000);
  assertGreater(acknowledged.size, KILLS);
  assertEquals([...arrivals].filter(([, times]) => times !== 1), []);
  await sandbox.end("SIGTERM");
  for (const client of Object.values(clients)) client.destroy();
  await Deno.remove(dataDir, { recursive: true });
});

async function put(firehose: FirehoseClient, ids: readonly string[]): Promise<readonly string[]> {
  // Every other batch is large, and so goes another way to the disk.
  const padding = Number(ids[0].split("-")[1]) % 2 === 0 ? "" : " ".repeat(1_000);
  const records = ids.map((id) => ({ Data: new TextEncoder().encode(id + padding) }));
  if (records.length === 1) {
    await firehose.send(new PutRecordCommand({ DeliveryStreamName: STREAM, Record: records[0] }));
    return ids;
  }
  const answer = await firehose.send(
    new PutRecordBatchCommand({ DeliveryStreamName: STREAM, Records: records }),
  );
  return ids.filter((_, index) => answer.RequestResponses?.[index].RecordId !== undefined);
}

async function countArrivals(s3: S3Client): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  let token: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: BUCKET, ContinuationToken: token }),
    );
    for (const { Key } of page.Contents ?? []) {
      const object = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
      for (const record of (await object.Body!.transformToString()).split("\n")) {
        const id = record.trimEnd();
        counts.set(id, (counts.get(id) ?? 0) + 1);
      }
    }
    token = page.NextContinuationToken;
  } while (token);
  return counts;
}

async function createPipeline({ firehose, iam, s3 }: ReturnType<typeof clientsOf>): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: "delivery",
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
      RoleName: "delivery",
      PolicyName: "write",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: {
          Effect: "Allow",
          Action: "s3:PutObject",
          Resource: `arn:aws:s3:::${BUCKET}/*`,
        },
      }),
    }),
  );
  await firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: STREAM,
      ExtendedS3DestinationConfiguration: {
        RoleARN: Role!.Arn,
        BucketARN: `arn:aws:s3:::${BUCKET}`,
        // Short, so that kills also fall into deliveries.
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 6 },
        ProcessingConfiguration: {
          Enabled: true,
          Processors: [{ Type: "AppendDelimiterToRecord" }],
        },
      },
    }),
  );
  await until("the stream to be ACTIVE", async () => {
    const { DeliveryStreamDescription } = await firehose.send(
      new DescribeDeliveryStreamCommand({ DeliveryStreamName: STREAM }),
    );
    return DeliveryStreamDescription?.DeliveryStreamStatus === "ACTIVE" || undefined;
  });
}
