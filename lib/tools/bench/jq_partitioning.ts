/**
 * Dynamic partitioning by jq: the stage alone, against reading the same keys by hand, and records
 * on their whole way from a put to the objects of their partitions.
 * @module
 */

import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { setTimeout as pause } from "node:timers/promises";
import { Jq, type JqResult } from "../../sandbox/services/firehose/processing/jq/engine.ts";
import { BENCH_BUCKET, createStream } from "./pipeline.ts";
import type { Row } from "./row.ts";

const KEYS = ["database", "table", "day"] as const;
const QUERY = "{database: .database, table: .table, day: .time[0:10]}";
const DATES_QUERY = `{
  database: (.database | ascii_upcase),
  table: (.table | sub("^table-"; "t")),
  day: (.time | fromdate | strftime("%Y-%m-%d"))
}`;
const BATCH_RECORDS = 500;
const BATCHES = 100;
const STREAM = "bench-jq";

/** Records of about 1 KB, of `partitions` different tables. */
function batchOf(records: number, partitions: number): Uint8Array[] {
  return Array.from({ length: records }, (_, id) =>
    new TextEncoder().encode(JSON.stringify({
      id,
      database: "shop",
      table: `table-${id % partitions}`,
      time: "2026-01-15T22:00:00Z",
      row: { amount: id * 1.5, note: "x".repeat(880) },
    })));
}

/** The stage alone, warm: a batch of 500 records in one run, by plain paths and by other expressions. */
export const jqStage: Row = async () => {
  const batch = batchOf(BATCH_RECORDS, 5);
  const jq = new Jq();
  const byPaths = await timed(() => jq.extract({ text: QUERY, keys: KEYS }, batch));
  const byDates = await timed(() => jq.extract({ text: DATES_QUERY, keys: KEYS }, batch));
  await jq.stop();
  const byHand = await timed(() => readByHand(batch));
  const ms = (value: number | undefined) => (value ?? 0).toFixed(1);
  const median = (times: readonly number[]) => times[Math.floor(times.length / 2)];
  const figure = (times: readonly number[]) =>
    `p50 ${ms(median(times))}, max ${ms(times.at(-1))} ms ` +
    `(${(median(times) / median(byHand)).toFixed(1)} × by hand)`;
  return [
    {
      measured: `jq on 500 × 1 KB: ${KEYS.length} plain paths, and JSON.parse by hand`,
      figure: figure(byPaths),
      aim: "p50 at most 15 ms",
      cost: median(byPaths),
      costMax: 15,
    },
    {
      measured: "jq on 500 × 1 KB: a time read and written, a text replaced",
      figure: figure(byDates),
      aim: "p50 at most 120 ms",
      cost: median(byDates),
      costMax: 120,
    },
  ];
};

/** Milliseconds of each of many calls, ascending, without the first ones. */
async function timed(act: () => unknown): Promise<number[]> {
  const times: number[] = [];
  for (let call = -10; call < BATCHES; call++) {
    const beganMs = performance.now();
    await act();
    if (call >= 0) times.push(performance.now() - beganMs);
  }
  return times.sort((a, b) => a - b);
}

function readByHand(batch: readonly Uint8Array[]): JqResult[] {
  const decoder = new TextDecoder();
  return batch.map((data) => {
    const { database, table, time } = JSON.parse(decoder.decode(data));
    return { kind: "values", values: [database, table, time.slice(0, 10)] };
  });
}

/** From the first put to the last object, the buffers' interval of a second in it. */
export const partitioned: Row = async ({ target, seconds }) => {
  await createStream(target, STREAM, 64, {
    Prefix: `jq/${KEYS.map((key) => `!{partitionKeyFromQuery:${key}}/`).join("")}`,
    ErrorOutputPrefix: "jq-errors/!{firehose:error-output-type}/",
    BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
    DynamicPartitioningConfiguration: { Enabled: true },
    ProcessingConfiguration: {
      Enabled: true,
      Processors: [{
        Type: "MetadataExtraction",
        Parameters: [
          { ParameterName: "MetadataExtractionQuery", ParameterValue: QUERY },
          { ParameterName: "JsonParsingEngine", ParameterValue: "JQ-1.6" },
        ],
      }],
    },
  });
  const options = { ...target, region: "us-east-1" };
  const firehose = new FirehoseClient(options);
  const s3 = new S3Client(options);
  const batch = batchOf(BATCH_RECORDS, 20);
  const Records = batch.map((Data) => ({ Data }));
  const batchBytes = batch.reduce((sum, { length }) => sum + length, 0);
  const beganMs = performance.now();
  let calls = 0;
  await Promise.all(Array.from({ length: 4 }, async () => {
    while (performance.now() - beganMs < seconds * 1000) {
      await firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: STREAM, Records }));
      calls++;
    }
  }));
  const putSeconds = (performance.now() - beganMs) / 1000;
  while (await bytesUnder(s3, "jq/") < calls * batchBytes) {
    if (performance.now() - beganMs > 300_000) throw new Error("not delivered within 5 minutes");
    await pause(100);
  }
  const allSeconds = (performance.now() - beganMs) / 1000;
  firehose.destroy();
  s3.destroy();
  const rate = (over: number) => Math.round(calls * BATCH_RECORDS / over).toLocaleString("en");
  return [{
    measured: `${
      (calls * BATCH_RECORDS).toLocaleString("en")
    } records of 1 KB into 20 partitions by jq`,
    figure: `${rate(allSeconds)} records/s put to object (put: ${rate(putSeconds)})`,
    aim: "twice d66bb7a's",
    cost: allSeconds / calls,
  }];
};

async function bytesUnder(client: S3Client, Prefix: string): Promise<number> {
  let bytes = 0;
  for await (const page of paginateListObjectsV2({ client }, { Bucket: BENCH_BUCKET, Prefix })) {
    for (const { Size = 0 } of page.Contents ?? []) bytes += Size;
  }
  return bytes;
}
