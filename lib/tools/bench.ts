/**
 * `deno task bench`: the sandbox measured against a bare HTTP server, in one run with one client.
 * Figures depend on the machine; ratios much less.
 * @module
 */

import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type LoadResult, percentile, putFor } from "./bench/load.ts";
import { BENCH_BUCKET, createBase, createStream, type Target } from "./bench/pipeline.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "5" },
    records: { type: "string", default: "1000000" },
  },
});
const SECONDS = Number(values.seconds);
const MANY_RECORDS = Number(values.records);

const KEY = {
  accessKeyId: "AKIABENCHBENCHBENCH0",
  secretAccessKey: "secret-of-a-bench-on-loopback",
};

interface Child {
  readonly process: Deno.ChildProcess;
  readonly firstLine: string;
  readonly readyMs: number;
}

async function start(script: string, args: readonly string[]): Promise<Child> {
  const beganMs = performance.now();
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", new URL(script, import.meta.url).pathname, ...args],
    env: { SANDBOX_ACCESS_KEY_ID: KEY.accessKeyId, SANDBOX_SECRET_ACCESS_KEY: KEY.secretAccessKey },
    stdout: "piped",
  }).spawn();
  const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`${script} ended before it was ready`);
    text += value;
  }
  reader.releaseLock();
  return { process, firstLine: text.trim(), readyMs: performance.now() - beganMs };
}

async function end({ process }: Child): Promise<void> {
  process.kill("SIGTERM");
  await process.status;
}

/** Resident memory of a process in MiB, as Linux counts it. */
async function residentMiB({ process }: Child): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${process.pid}/status`);
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

const rows: { measured: string; figure: string; aim: string }[] = [];
const row = (measured: string, figure: string, aim: string) => {
  rows.push({ measured, figure, aim });
  console.log(`${measured.padEnd(62)} ${figure.padEnd(44)} aim: ${aim}`);
};

const folder = await Deno.makeTempDir();
const sandbox = await start("../sandbox/main.ts", [
  "--port",
  "0",
  "--data",
  join(folder, "data"),
  "--speed",
  "60",
]);
row("ready after", `${sandbox.readyMs.toFixed(0)} ms`, "under 500 ms");
row("memory at rest", `${(await residentMiB(sandbox)).toFixed(0)} MiB`, "under 150 MiB");
const endpoint = /http:\S+\d/.exec(sandbox.firstLine)?.[0] ?? "";
const target: Target = { endpoint, credentials: KEY };
await createBase(target);

/** The same load on the sandbox and on a bare server, twice in turn; the better of each. */
async function compare(
  load: { connections: number; recordsPerCall: number; recordBytes: number },
  synced: boolean,
): Promise<{ ours: LoadResult; bare: LoadResult }> {
  const streamName = `bench-${load.connections}-${load.recordsPerCall}`;
  await createStream(target, streamName, 128);
  const answer = join(folder, "answer.json");
  await Deno.writeTextFile(answer, JSON.stringify(answerOf(load.recordsPerCall)));
  const args = ["--answer", answer, ...(synced ? ["--synced", join(folder, "synced")] : [])];
  const server = await start("./bench/bare_server.ts", args);
  const bareEndpoint = `http://127.0.0.1:${server.firstLine}`;
  const shared = { ...load, streamName, credentials: KEY, seconds: SECONDS };
  const better = (a: LoadResult, b: LoadResult) => a.callsPerSecond > b.callsPerSecond ? a : b;
  const runs = [];
  for (let turn = 0; turn < 2; turn++) {
    runs.push({
      bare: await putFor({ ...shared, endpoint: bareEndpoint }),
      ours: await putFor({ ...shared, endpoint }),
    });
  }
  await end(server);
  return { ours: better(runs[0].ours, runs[1].ours), bare: better(runs[0].bare, runs[1].bare) };
}

/** What Firehose answers, so that the bare server sends as many bytes as the sandbox. */
function answerOf(records: number): unknown {
  const RecordId = "A".repeat(224);
  return records === 1 ? { RecordId, Encrypted: false } : {
    FailedPutCount: 0,
    Encrypted: false,
    RequestResponses: Array.from({ length: records }, () => ({ RecordId })),
  };
}

const ratioText = ({ ours, bare }: { ours: LoadResult; bare: LoadResult }) =>
  `${(ours.callsPerSecond / bare.callsPerSecond).toFixed(2)}  ` +
  `(${ours.callsPerSecond.toFixed(0)} to ${bare.callsPerSecond.toFixed(0)} calls/s)`;

row(
  "PutRecordBatch, 500 × 1 KB, 4 connections, to a bare server",
  ratioText(await compare({ connections: 4, recordsPerCall: 500, recordBytes: 1_000 }, false)),
  "at least 0.6",
);
row(
  "PutRecord, 1 KB, 4 connections, to one synced write a request",
  ratioText(await compare({ connections: 4, recordsPerCall: 1, recordBytes: 1_000 }, true)),
  "at least 0.8",
);
row(
  "PutRecord, 1 KB, 64 connections, to one synced write a request",
  ratioText(await compare({ connections: 64, recordsPerCall: 1, recordBytes: 1_000 }, true)),
  "above 1",
);

await measureDelivery();
await measureManyRecords();
await end(sandbox);
await Deno.remove(folder, { recursive: true });

/** Puts of one record while a buffer of 64 MiB is delivered: nobody may have to wait for that. */
async function measureDelivery(): Promise<void> {
  await createStream(target, "bench-delivery", 64);
  await createStream(target, "bench-beside", 128);
  const s3 = new S3Client({ endpoint, credentials: KEY, region: "us-east-1" });
  const firehose = new FirehoseClient({ endpoint, credentials: KEY, region: "us-east-1" });
  const noise = crypto.getRandomValues(new Uint8Array(65_536));
  const million = { Data: new Uint8Array(1_000_000).map((_, index) => noise[index % 65_536]) };
  const fill = new PutRecordBatchCommand({
    DeliveryStreamName: "bench-delivery",
    Records: [million, million, million, million],
  });
  // 16 × 4 MB stay below 64 MiB; the 17th call fills the buffer.
  for (let call = 0; call < 16; call++) await firehose.send(fill);
  const before = await countObjects(s3);
  await firehose.send(fill);
  const latenciesMs: number[] = [];
  while (await countObjects(s3) === before) {
    const { latenciesMs: some } = await putFor({
      endpoint,
      credentials: KEY,
      streamName: "bench-beside",
      connections: 4,
      recordsPerCall: 1,
      recordBytes: 1_000,
      seconds: 0.1,
    });
    latenciesMs.push(...some);
  }
  const all = { callsPerSecond: 0, latenciesMs: latenciesMs.sort((a, b) => a - b) };
  row(
    `a put while 64 MiB are delivered (${latenciesMs.length} puts, 4 connections)`,
    `p50 ${percentile(all, 0.5).toFixed(1)}, p99 ${percentile(all, 0.99).toFixed(1)}, ` +
      `max ${percentile(all, 1).toFixed(1)} ms`,
    "p99 under 25 ms",
  );
  s3.destroy();
  firehose.destroy();
}

async function countObjects(s3: S3Client): Promise<number> {
  const { KeyCount = 0 } = await s3.send(new ListObjectsV2Command({ Bucket: BENCH_BUCKET }));
  return KeyCount;
}

/** Buffers are rows on disk, so that a million records cost no memory. */
async function measureManyRecords(): Promise<void> {
  await createStream(target, "bench-many", 128);
  const before = await residentMiB(sandbox);
  let put = 0;
  let peak = before;
  while (put < MANY_RECORDS) {
    const { latenciesMs } = await putFor({
      endpoint,
      credentials: KEY,
      streamName: "bench-many",
      connections: 4,
      recordsPerCall: 500,
      recordBytes: 100,
      seconds: 1,
    });
    put += latenciesMs.length * 500;
    peak = Math.max(peak, await residentMiB(sandbox));
  }
  row(
    `memory after ${put.toLocaleString("en")} buffered records of 100 bytes`,
    `${(await residentMiB(sandbox)).toFixed(0)} MiB (peak ${peak.toFixed(0)}, before ${
      before.toFixed(0)
    })`,
    "flat",
  );
}
