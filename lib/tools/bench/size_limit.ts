/**
 * The 6 MB limit: the transform beside the naive one, and redrive.
 * @module
 */

import { FirehoseClient } from "@aws-sdk/client-firehose";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { Buffer } from "node:buffer";
import process from "node:process";
import { gunzipSync, gzipSync } from "node:zlib";
import { setTimeout as pause } from "node:timers/promises";
import type { FirehoseTransformationEvent } from "../../../lambda/event.ts";
import { partitionKeysOf } from "../../../lambda/partition_keys.ts";
import { eventOf } from "../../../lambda/sample_event.ts";
import { fakePeople } from "../../data/people.ts";
import { redriveOf, transformOf } from "./build_modules.ts";
import { BENCH_BUCKET, createStream } from "./pipeline.ts";
import type { Row } from "./row.ts";

const TURNS = 25;

/** An event whose records come to about so many bytes in a naive response. */
function eventFor(responseBytes: number): FirehoseTransformationEvent {
  const people = fakePeople(50);
  const payloads: Buffer[] = [];
  for (let bytes = 0, id = 0; bytes < responseBytes; id++) {
    const document = JSON.stringify({
      database: "shop",
      table: `table-${id % 3}`,
      time: "2026-01-15T22:00:00Z",
      id,
      people,
    });
    payloads.push(gzipSync(document));
    bytes += document.length / 3 * 4 + 300;
  }
  return eventOf(payloads);
}

/** The obvious first version: decompresses, reads and answers everything, however large. */
function naive({ records }: FirehoseTransformationEvent) {
  return {
    records: records.map(({ recordId, data }) => {
      const document = gunzipSync(Buffer.from(data, "base64"));
      const keys = partitionKeysOf(JSON.parse(document.toString()));
      const line = Buffer.concat([document, Buffer.from("\n")]);
      return {
        recordId,
        result: "Ok",
        data: line.toString("base64"),
        metadata: { partitionKeys: keys.value },
      };
    }),
  };
}

/** The least CPU time of both, in turns: other work of the machine can only add to it. */
function best(ours: () => unknown, other: () => unknown): readonly [number, number] {
  const times = [Infinity, Infinity];
  for (let turn = 0; turn < TURNS; turn++) {
    for (const [index, act] of [ours, other].entries()) {
      const before = process.cpuUsage();
      act();
      const { user, system } = process.cpuUsage(before);
      times[index] = Math.min(times[index], (user + system) / 1_000);
    }
  }
  return [times[0], times[1]];
}

const ms = (value: number) => `${value.toFixed(1)} ms`;

/** The whole answer, both as the JSON that the runtime posts. */
export const naiveRatio: Row = async ({ build }) => {
  const { transform } = await transformOf(build);
  const rows = [];
  for (const bytes of [5_000_000, 6_200_000, 12_000_000]) {
    const event = eventFor(bytes);
    const responseBytesMax = 6_291_556;
    const ours = () => JSON.stringify(transform(event, { responseBytesMax }).response);
    const [oursMs, naiveMs] = best(ours, () => JSON.stringify(naive(event)));
    rows.push({
      measured: `transform to the naive one, ${(bytes / 1e6).toFixed(1)} MB of naive response`,
      figure: `${(oursMs / naiveMs).toFixed(2)}  (${ms(oursMs)} to ${ms(naiveMs)})`,
      aim: "at most 1.1",
      cost: oursMs / naiveMs,
      costMax: 1.1,
    });
  }
  return rows;
};

const REDRIVEN = 50_000;
const LINES_OF_OBJECT = 5_000;

export const redriveRate: Row = async ({ build, target: { endpoint, credentials } }) => {
  const { planRedrive, runRedrive, s3Progress } = await redriveOf(build);
  const options = { endpoint, credentials, region: "us-east-1" };
  const [s3, firehose] = [
    new S3Client(options),
    new FirehoseClient({ ...options, maxAttempts: 1 }),
  ];
  const streamName = "bench-redrive";
  const prefix = "bench-redrive/error/";
  await createStream({ endpoint, credentials }, streamName, 128);
  const line = `${
    JSON.stringify({
      rawData: Buffer.alloc(1_000, "a").toString("base64"),
      errorCode: "Lambda.FunctionError",
      errorMessage: "The Lambda function was successfully invoked but it returned an error result.",
      attemptsMade: 4,
      arrivalTimestamp: 1_795_512_600_000,
      attemptEndingTimestamp: 1_795_512_660_000,
      lambdaARN: "arn:aws:lambda:us-east-1:123456789012:function:f",
    })
  }\n`;
  for (let object = 0; object < REDRIVEN / LINES_OF_OBJECT; object++) {
    const Body = line.repeat(LINES_OF_OBJECT);
    await s3.send(new PutObjectCommand({ Bucket: BENCH_BUCKET, Key: `${prefix}${object}`, Body }));
  }
  const place = { bucket: BENCH_BUCKET, prefix, streamName, run: "bench" };
  const redrive = { s3, ...place, store: s3Progress(s3, place), selection: { errorCodes: [] } };
  const beganMs = performance.now();
  const plan = await planRedrive(redrive);
  const plannedMs = performance.now();
  const { accepted } = await runRedrive(redrive, plan, {
    firehose,
    random: Math.random,
    pauseMs: pause,
  });
  const endMs = performance.now();
  s3.destroy();
  firehose.destroy();
  const rate = (milliseconds: number) =>
    `${(accepted / milliseconds * 1000).toLocaleString("en", { maximumFractionDigits: 0 })}/s`;
  return [{
    measured: `redrive of ${accepted.toLocaleString("en")} records of 1 KB`,
    figure: `${rate(endMs - plannedMs)} sent, ${rate(endMs - beganMs)} with the look before`,
    aim: "said",
    cost: (endMs - beganMs) / accepted,
  }];
};
