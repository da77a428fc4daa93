/**
 * The transform and the function that runs it: the transform beside the least that it must do, a
 * warm and a cold invocation, and records on their whole way through the deployed zip.
 * @module
 */

import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { IAMClient } from "@aws-sdk/client-iam";
import {
  InvokeCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { STSClient } from "@aws-sdk/client-sts";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { setTimeout as pause } from "node:timers/promises";
import type { FirehoseTransformationEvent } from "../../../lambda/event.ts";
import { eventOf } from "../../../lambda/sample_event.ts";
import { transform } from "../../../lambda/transform.ts";
import { deployModule } from "../../aws/deploy/functions.ts";
import { fakePeople } from "../../data/people.ts";
import { deploymentOf, transformOf } from "./build_modules.ts";
import { end, start } from "./child.ts";
import { BENCH_BUCKET, createStream, type Target } from "./pipeline.ts";
import type { Row } from "./row.ts";

const BATCH_RECORDS = 500;
/** What gzip leaves of a record. */
const GZIP_BYTES = 1_300;
const TABLES = 3;

/** Documents of different people, of about {@linkcode GZIP_BYTES} when compressed. */
function recordsOf(count: number): Buffer[] {
  const people = fakePeople(count * 25);
  return Array.from({ length: count }, (_, id) => {
    const document = {
      database: "shop",
      table: `table-${id % TABLES}`,
      time: "2026-01-15T22:00:00Z",
      id,
      people: people.slice(id * 25, id * 25 + 25),
    };
    let data = gzipSync(JSON.stringify(document));
    while (data.length > GZIP_BYTES) {
      document.people.pop();
      data = gzipSync(JSON.stringify(document));
    }
    return data;
  });
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

function clientsOf({ endpoint, credentials }: Target) {
  const options = { endpoint, credentials, region: "us-east-1" };
  const clients = {
    firehose: new FirehoseClient(options),
    iam: new IAMClient(options),
    lambda: new LambdaClient(options),
    s3: new S3Client(options),
    sts: new STSClient(options),
  };
  return {
    ...clients,
    [Symbol.dispose]: () => Object.values(clients).forEach((client) => client.destroy()),
  };
}

// --- the transform beside its floor -------------------------------------------------------------

/** In turns, so that what disturbs disturbs both; the medians count. */
export const transformRatio: Row = async () => {
  const event = eventOf(recordsOf(BATCH_RECORDS));
  const ours: number[] = [];
  const floor: number[] = [];
  for (let turn = 0; turn < 60; turn++) {
    await timed(floor, () => bareFloor(event));
    await timed(ours, () => transform(event));
  }
  // The first turns are the compiler's.
  const [oursMs, floorMs] = [median(ours.slice(10)), median(floor.slice(10))];
  return [{
    measured: `transform of ${BATCH_RECORDS} × 1.3 KB gzip, to gunzip, JSON.parse and base64`,
    figure: `${(oursMs / floorMs).toFixed(2)}  (${oursMs.toFixed(1)} to ${floorMs.toFixed(1)} ms)`,
    aim: "at most 1.3",
    cost: oursMs / floorMs,
    costMax: 1.3,
  }];
};

/** The least that any such function does with the same records. */
function bareFloor({ records }: FirehoseTransformationEvent): string[] {
  return records.map(({ data }) => {
    const text = gunzipSync(Buffer.from(data, "base64"));
    JSON.parse(text.toString());
    return text.toString("base64");
  });
}

// --- invocations ----------------------------------------------------------------------------------

const INVOCATIONS = 300;

/**
 * A function that does nothing: what is left is the sandbox's, and the client's. In turns with a bare
 * server that answers the same client the same, so that a busy machine is seen to be one.
 */
export const warmInvoke: Row = async ({ target, folder }) => {
  using clients = clientsOf(target);
  const FunctionName = "bench-warm";
  await deployModule(clients, "export const handler = async () => null;", {
    functionName: FunctionName,
  });
  const answer = join(folder, "null.json");
  await Deno.writeTextFile(answer, "null");
  const server = await start(new URL("./bare_server.ts", import.meta.url), ["--answer", answer]);
  using bareClients = clientsOf({ ...target, endpoint: `http://127.0.0.1:${server.firstLine}` });
  const invoke = new InvokeCommand({ FunctionName, Payload: Buffer.from("{}") });
  const ours: number[] = [];
  const bare: number[] = [];
  for (let call = 0; call < 20 + INVOCATIONS; call++) {
    await timed(bare, () => bareClients.lambda.send(invoke));
    await timed(ours, () => clients.lambda.send(invoke));
  }
  await end(server);
  const at = (times: readonly number[], share: number) =>
    times.slice(20).sort((a, b) => a - b)[Math.floor(INVOCATIONS * share)];
  const ms = (value: number) => value.toFixed(1);
  return [{
    measured: `warm invoke of a function that does nothing, ${INVOCATIONS} by the SDK`,
    figure: `p50 ${ms(at(ours, 0.5))}, p99 ${ms(at(ours, 0.99))} ms ` +
      `(bare server: ${ms(at(bare, 0.5))}, ${ms(at(bare, 0.99))})`,
    aim: "p50 at most 2 ms",
    cost: at(ours, 0.5),
    costMax: 2,
  }];
};

async function timed(times: number[], act: () => unknown): Promise<void> {
  const beganMs = performance.now();
  await act();
  times.push(performance.now() - beganMs);
}

const COLD_STARTS = 10;

/**
 * The deployed zip, in a new environment each time: the process, its modules, and an answer. In
 * turns with a Deno that runs nothing.
 */
export const coldStart: Row = async ({ target, folder, build }) => {
  using clients = clientsOf(target);
  const { deployFunction } = await deploymentOf(build);
  const FunctionName = "bench-cold";
  await deployFunction(clients, { functionName: FunctionName });
  const Payload = Buffer.from(JSON.stringify(eventOf(recordsOf(1))));
  const empty = join(folder, "empty.mjs");
  await Deno.writeTextFile(empty, "");
  const ours: number[] = [];
  const bare: number[] = [];
  for (let start = 0; start < COLD_STARTS; start++) {
    // Another build: the environment of the one before is used no more.
    await clients.lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName, Description: `start ${start}` }),
    );
    await waitUntilFunctionUpdatedV2(
      { client: clients.lambda, maxWaitTime: 60, minDelay: 1, maxDelay: 1 },
      { FunctionName },
    );
    const args = ["run", "--no-config", empty];
    await timed(bare, () => new Deno.Command(Deno.execPath(), { args }).output());
    await timed(ours, () => clients.lambda.send(new InvokeCommand({ FunctionName, Payload })));
  }
  return [{
    measured: `cold start of the deployed zip, first answer included, ${COLD_STARTS} times`,
    figure: `p50 ${median(ours).toFixed(0)}, max ${Math.max(...ours).toFixed(0)} ms ` +
      `(an empty Deno: ${median(bare).toFixed(0)})`,
    aim: "under 400 ms",
    cost: median(ours),
    costMax: 400,
  }];
};

// --- the whole way --------------------------------------------------------------------------------

const STREAM = "bench-lambda";

/** From the first put to the last object, the buffers' interval of a second in it. */
export const throughFunction: Row = async ({ target, seconds, build }) => {
  using clients = clientsOf(target);
  const { deployFunction } = await deploymentOf(build);
  const { transform } = await transformOf(build);
  const functionName = "bench-transform";
  const { functionArn } = await deployFunction(clients, { functionName });
  await createStream(target, STREAM, 64, {
    Prefix: "lambda/!{partitionKeyFromLambda:database}/!{partitionKeyFromLambda:table}/",
    ErrorOutputPrefix: "lambda-errors/",
    BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
    DynamicPartitioningConfiguration: { Enabled: true },
    ProcessingConfiguration: {
      Enabled: true,
      Processors: [{
        Type: "Lambda",
        Parameters: [
          { ParameterName: "LambdaArn", ParameterValue: functionArn },
          { ParameterName: "BufferSizeInMBs", ParameterValue: "1" },
          { ParameterName: "BufferIntervalInSeconds", ParameterValue: "60" },
        ],
      }],
    },
  });
  await deployFunction(clients, { functionName, streamName: STREAM });
  const records = recordsOf(BATCH_RECORDS);
  const batchBytes = deliveredBytes(transform(eventOf(records)));
  const put = new PutRecordBatchCommand({
    DeliveryStreamName: STREAM,
    Records: records.map((Data) => ({ Data })),
  });
  const beganMs = performance.now();
  let calls = 0;
  await Promise.all(Array.from({ length: 4 }, async () => {
    while (performance.now() - beganMs < seconds * 1000) {
      await clients.firehose.send(put);
      calls++;
    }
  }));
  const putSeconds = (performance.now() - beganMs) / 1000;
  while (await bytesUnder(clients.s3, "lambda/") < calls * batchBytes) {
    if (performance.now() - beganMs > 300_000) throw new Error("not delivered within 5 minutes");
    await pause(100);
  }
  const allSeconds = (performance.now() - beganMs) / 1000;
  const rate = (over: number) => Math.round(calls * BATCH_RECORDS / over).toLocaleString("en");
  return [{
    measured: `${
      (calls * BATCH_RECORDS).toLocaleString("en")
    } records of 1.3 KB gzip through the function into ${TABLES} partitions`,
    figure: `${rate(allSeconds)} records/s put to object (put: ${rate(putSeconds)})`,
    aim: "twice d66bb7a's",
    cost: allSeconds / calls,
  }];
};

/** Bytes of the objects that a batch with this answer becomes. */
function deliveredBytes({ response }: ReturnType<typeof transform>): number {
  return response.records.reduce((sum, record) => {
    if (record.result !== "Ok") throw new Error("the transform does not take its own bench");
    return sum + Buffer.from(record.data, "base64").length;
  }, 0);
}

async function bytesUnder(client: S3Client, Prefix: string): Promise<number> {
  let bytes = 0;
  for await (const page of paginateListObjectsV2({ client }, { Bucket: BENCH_BUCKET, Prefix })) {
    for (const { Size = 0 } of page.Contents ?? []) bytes += Size;
  }
  return bytes;
}
