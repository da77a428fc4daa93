/**
 * Puts of one record while a buffer of 64 MiB is delivered. No put may wait for the delivery.
 * @module
 */

import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { setTimeout as pause } from "node:timers/promises";
import { percentile, Putter } from "./load.ts";
import { BENCH_BUCKET, createStream } from "./pipeline.ts";
import type { Row } from "./row.ts";

export const putWhileDelivering: Row = async ({ target }) => {
  await createStream(target, "bench-delivery", 64);
  await createStream(target, "bench-beside", 128);
  const s3 = new S3Client({ ...target, region: "us-east-1" });
  const firehose = new FirehoseClient({ ...target, region: "us-east-1" });
  const noise = crypto.getRandomValues(new Uint8Array(65_536));
  const million = { Data: new Uint8Array(1_000_000).map((_, index) => noise[index % 65_536]) };
  const fill = new PutRecordBatchCommand({
    DeliveryStreamName: "bench-delivery",
    Records: [million, million, million, million],
  });
  // 16 × 4 MB stay below 64 MiB; the 17th call fills the buffer.
  for (let call = 0; call < 16; call++) await firehose.send(fill);
  using putter = new Putter({
    ...target,
    streamName: "bench-beside",
    connections: 4,
    recordsPerCall: 1,
    recordBytes: 1_000,
  });
  // New connections and cold code would take most of the time of a short delivery.
  const warmMs = performance.now() + WARM_UP_MS;
  await putter.putWhile(() => performance.now() < warmMs);
  const before = await countObjects(s3);
  await firehose.send(fill);
  let isDelivered = false;
  const watching = (async () => {
    while (await countObjects(s3) === before) await pause(LOOK_EVERY_MS);
    isDelivered = true;
  })();
  const puts = await putter.putWhile(() => !isDelivered);
  await watching;
  s3.destroy();
  firehose.destroy();
  const what = `a put while 64 MiB are delivered (${puts.latenciesMs.length} puts, 4 connections)`;
  const most = percentile(puts, 1).toFixed(1);
  return LIMITS.map(({ name, share, costMax }) => {
    const cost = percentile(puts, share);
    const figure = `${cost.toFixed(1)} ms (max ${most} ms)`;
    return { measured: `${what}, ${name}`, figure, aim: `at most ${costMax} ms`, cost, costMax };
  });
};

const WARM_UP_MS = 1_000;
const LOOK_EVERY_MS = 20;

const LIMITS = [
  { name: "p50", share: 0.5, costMax: 2 },
  { name: "p99", share: 0.99, costMax: 5 },
];

async function countObjects(s3: S3Client): Promise<number> {
  const { KeyCount = 0 } = await s3.send(new ListObjectsV2Command({ Bucket: BENCH_BUCKET }));
  return KeyCount;
}
