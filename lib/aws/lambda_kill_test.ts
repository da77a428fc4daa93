/** Durability through the Lambda path: the process is killed while records are put and transformed. */
import { type FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { assertEquals, assertGreater } from "@std/assert";
import { gzipSync } from "node:zlib";
import { setTimeout as pause } from "node:timers/promises";
import { clientsFor } from "../sandbox/testing/clients.ts";
import { killMoments } from "../sandbox/testing/kill_moments.ts";
import { createLambdaStream } from "../sandbox/testing/lambda_stream.ts";
import { CHILD_ROOT_KEY, startSandboxChild } from "../sandbox/testing/sandbox_child.ts";
import { until } from "../sandbox/testing/until.ts";
import { deployFunction } from "./deploy/functions.ts";

type Clients = ReturnType<typeof clientsFor>;

const KILLS = 10;
/** Of the stream, its bucket and its function. */
const STREAM = "lambda-kill-test";
const WRITERS = 2;
const SPEED = 300;
/** Longer than a cold start, so that kills fall into every part of the line. */
const UNTIL_KILL_MS_MAX = 800;

Deno.test(`every acknowledged record went through the function exactly once after ${KILLS} SIGKILLs`, async () => {
  const dataDir = await Deno.makeTempDir();
  let sandbox = await startSandboxChild({ dataDir, port: 0, speed: SPEED });
  const { port } = sandbox;
  using clients = clientsFor({ endpoint: sandbox.endpoint, credentials: CHILD_ROOT_KEY });
  await createPipeline(clients);

  const pauseMs = killMoments(UNTIL_KILL_MS_MAX);
  const acknowledged = new Set<string>();
  let writing = true;
  const writers = Array.from({ length: WRITERS }, async (_, writer) => {
    for (let call = 0; writing; call++) {
      const ids = Array.from({ length: 20 }, (_, n) => `${writer}-${call}-${n}`);
      const accepted = await put(clients.firehose, ids).catch(() => []);
      for (const id of accepted) acknowledged.add(id);
      await pause(accepted.length === 0 ? 10 : 2);
    }
  });
  for (let kill = 0; kill < KILLS; kill++) {
    const before = acknowledged.size;
    await until("puts to be acknowledged", () => acknowledged.size > before || undefined);
    await pause(pauseMs());
    await sandbox.end("SIGKILL");
    sandbox = await startSandboxChild({ dataDir, port, speed: SPEED });
  }
  writing = false;
  await Promise.all(writers);

  const arrivals = new Arrivals(clients.s3);
  await until("all acknowledged records in S3", async () => {
    await arrivals.readNew();
    return [...acknowledged].every((id) => arrivals.counts.has(id)) || undefined;
  }, 120_000);
  assertGreater(acknowledged.size, KILLS);
  assertEquals([...arrivals.counts].filter(([, times]) => times !== 1), []);
  assertEquals(
    [...arrivals.failed].filter((id) => !isBroken(id)),
    [],
    "only broken records are under the error prefix",
  );
  await sandbox.end("SIGTERM");
  await Deno.remove(dataDir, { recursive: true });
});

/** Every seventh record is no gzip, and so fails in the function. */
const isBroken = (id: string) => Number(id.split("-")[2]) % 7 === 0;

function recordOf(id: string): Uint8Array {
  if (isBroken(id)) return new TextEncoder().encode(id);
  const table = `table${Number(id.split("-")[2]) % 3}`;
  return gzipSync(JSON.stringify({ database: "kill", table, time: "2026-11-24T10:00:00Z", id }));
}

async function put(firehose: FirehoseClient, ids: readonly string[]): Promise<readonly string[]> {
  const answer = await firehose.send(
    new PutRecordBatchCommand({
      DeliveryStreamName: STREAM,
      Records: ids.map((id) => ({ Data: recordOf(id) })),
    }),
  );
  return ids.filter((_, index) => answer.RequestResponses?.[index].RecordId !== undefined);
}

/** What has arrived: how often each record, and which of them under the error prefix. */
class Arrivals {
  readonly counts = new Map<string, number>();
  readonly failed = new Set<string>();
  readonly #read = new Set<string>();

  constructor(readonly s3: S3Client) {}

  /** Reads the objects that were not read yet: an object never changes. */
  async readNew(): Promise<void> {
    let ContinuationToken: string | undefined;
    do {
      const page = await this.s3.send(
        new ListObjectsV2Command({ Bucket: STREAM, ContinuationToken }),
      );
      for (const { Key = "" } of page.Contents ?? []) {
        if (this.#read.has(Key)) continue;
        const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: STREAM, Key }));
        this.#count(Key, (await Body?.transformToString()) ?? "");
        this.#read.add(Key);
      }
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
  }

  #count(key: string, text: string): void {
    for (const line of text.split("\n").filter((line) => line !== "")) {
      const record = JSON.parse(line);
      const id: string = key.startsWith("error/") ? atob(record.rawData) : record.id;
      if (key.startsWith("error/")) this.failed.add(id);
      this.counts.set(id, (this.counts.get(id) ?? 0) + 1);
    }
  }
}

async function createPipeline(clients: Clients): Promise<void> {
  const { functionArn } = await deployFunction(clients, { functionName: STREAM });
  await createLambdaStream(clients, {
    name: STREAM,
    functionArn,
    invokable: [`${functionArn}:*`],
    destination: {
      Prefix: "data/!{partitionKeyFromLambda:database}/!{partitionKeyFromLambda:table}/",
      ErrorOutputPrefix: "error/",
      DynamicPartitioningConfiguration: { Enabled: true },
    },
  });
}
