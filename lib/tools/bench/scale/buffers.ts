/**
 * Many buffers that are due together: partitions of one stream, and streams.
 * @module
 */

import { PutRecordBatchCommand, PutRecordCommand } from "@aws-sdk/client-firehose";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { setTimeout as pause } from "node:timers/promises";
import { idleMiB, peakMiB, processorMs, untilStill } from "../child.ts";
import { BENCH_BUCKET, createStream } from "../pipeline.ts";
import type { Bench, Row } from "../row.ts";
import { clientsOf, inParallel, untilTrue } from "./clients.ts";
import { countObjects } from "./objects.ts";

const PARTITIONS = 500;
const FEW_PARTITIONS = 10;
const PARTITIONED_STREAMS = 10;
const STREAMS = 300;
const HINTS = { BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 } };
/** How long a buffer of these hints waits: the benched sandbox runs 60 times as fast. */
const INTERVAL_MS = 1_000;

/** Memory at the peak of 500 partitions in each of ten streams, to the peak of ten partitions. */
export const partitions: Row = async ({ fresh }) => {
  const bench = await fresh();
  const names = Array.from({ length: PARTITIONED_STREAMS }, (_, n) => `bench-keys-${n}`);
  for (const name of names) await createPartitioned(bench, name);
  using clients = clientsOf(bench.target);
  const peakWith = async (partitions: number) => {
    const Records = Array.from({ length: partitions }, (_, key) => ({
      Data: new TextEncoder().encode(JSON.stringify({ key, text: "x".repeat(1_000) })),
    }));
    const before = await countObjects(clients.s3);
    for (const DeliveryStreamName of names) {
      await clients.firehose.send(new PutRecordBatchCommand({ DeliveryStreamName, Records }));
    }
    // A listing of 5,000 objects takes more memory than their delivery: none before the peak is read.
    await pause(INTERVAL_MS);
    await untilStill(bench.sandbox);
    const peak = await peakMiB(bench.sandbox);
    const objects = await countObjects(clients.s3) - before;
    if (objects === partitions * PARTITIONED_STREAMS) return peak;
    throw new Error(`${objects} objects of ${partitions} × ${PARTITIONED_STREAMS} partitions`);
  };
  const few = await peakWith(FEW_PARTITIONS);
  const many = await peakWith(PARTITIONS);
  return [{
    measured: `memory at the peak of ${PARTITIONED_STREAMS} × ${PARTITIONS} partitions, to ` +
      `${PARTITIONED_STREAMS} × ${FEW_PARTITIONS}`,
    figure: `${(many / few).toFixed(2)}  (${many.toFixed(0)} to ${few.toFixed(0)} MiB)`,
    aim: "at most 1.5",
    cost: many / few,
    costMax: 1.5,
  }];
};

const createPartitioned = ({ target }: Bench, name: string) =>
  createStream(target, name, 64, {
    ...HINTS,
    Prefix: `${name}/!{partitionKeyFromQuery:key}/`,
    ErrorOutputPrefix: "errors/",
    DynamicPartitioningConfiguration: { Enabled: true },
    ProcessingConfiguration: {
      Enabled: true,
      Processors: [{
        Type: "MetadataExtraction",
        Parameters: [
          { ParameterName: "MetadataExtractionQuery", ParameterValue: "{key: .key}" },
          { ParameterName: "JsonParsingEngine", ParameterValue: "JQ-1.6" },
        ],
      }],
    },
  });

/** What a small object costs that is delivered, beside one that is put; many streams at once. */
export const smallObjects: Row = async ({ fresh }) => {
  const bench = await fresh();
  using clients = clientsOf(bench.target);
  const names = Array.from({ length: STREAMS }, (_, n) => `bench-small-${n}`);
  await inParallel(STREAMS, 20, (n) => createStream(bench.target, names[n], 1, HINTS));
  const Data = new Uint8Array(1_000).fill(0x61);
  const put = async (prefix: string) => {
    const beganMs = await processorMs(bench.sandbox);
    await inParallel(STREAMS, 8, (n) =>
      clients.s3.send(
        new PutObjectCommand({ Bucket: BENCH_BUCKET, Key: `${prefix}${n}`, Body: Data }),
      ));
    return (await processorMs(bench.sandbox) - beganMs) / STREAMS;
  };
  const deliver = async () => {
    const before = await countObjects(clients.s3);
    await inParallel(STREAMS, 8, (n) =>
      clients.firehose.send(
        new PutRecordCommand({ DeliveryStreamName: names[n], Record: { Data } }),
      ));
    const beganMs = await processorMs(bench.sandbox);
    await pause(INTERVAL_MS);
    // A listing of all objects costs as much as some dozen deliveries: none while they are measured.
    await untilStill(bench.sandbox);
    const deliveredMs = (await processorMs(bench.sandbox) - beganMs) / STREAMS;
    const isThere = async () => await countObjects(clients.s3) === before + STREAMS;
    await untilTrue("the objects", isThere);
    return deliveredMs;
  };
  await put("warm");
  await deliver();
  const putMs = await put("put");
  const deliveredMs = await deliver();
  return [{
    measured: `processor time of a small delivered object, to a PutObject (${STREAMS} of each)`,
    figure: `${(deliveredMs / putMs).toFixed(2)}  (${deliveredMs.toFixed(2)} to ${
      putMs.toFixed(2)
    } ms)`,
    aim: "at most 1.5",
    cost: deliveredMs / putMs,
    costMax: 1.5,
  }];
};

const FEW_STREAMS = 10;
const MANY_STREAMS = 500;
/** Puts that are timed, to one stream after the other. */
const TIMED_PUTS = 1_000;

/** Memory and the slowest puts with many streams, to those with ten. */
export const streams: Row = async ({ fresh }) => {
  const bench = await fresh();
  using clients = clientsOf(bench.target);
  const Record = { Data: new Uint8Array(1_000).fill(0x61) };
  const nameOf = (n: number) => `bench-streams-${n}`;
  const measure = async (count: number) => {
    const waits: number[] = [];
    await inParallel(TIMED_PUTS, 4, async (n) => {
      const beganMs = performance.now();
      const DeliveryStreamName = nameOf(n % count);
      await clients.firehose.send(new PutRecordCommand({ DeliveryStreamName, Record }));
      waits.push(performance.now() - beganMs);
    });
    waits.sort((a, b) => a - b);
    return { p99: waits[TIMED_PUTS * 0.99], memory: await idleMiB(bench.sandbox) };
  };
  await inParallel(FEW_STREAMS, 4, (n) => createStream(bench.target, nameOf(n), 1, HINTS));
  await measure(FEW_STREAMS); // until the code is compiled
  const few = await measure(FEW_STREAMS);
  await inParallel(
    MANY_STREAMS - FEW_STREAMS,
    20,
    (n) => createStream(bench.target, nameOf(FEW_STREAMS + n), 1, HINTS),
  );
  const many = await measure(MANY_STREAMS);
  const memory = many.memory / few.memory;
  return [
    {
      measured: `memory with ${MANY_STREAMS} streams, to ${FEW_STREAMS}`,
      figure: `${memory.toFixed(2)}  (${many.memory.toFixed(0)} to ${few.memory.toFixed(0)} MiB)`,
      aim: "at most 1.3",
      cost: memory,
      costMax: 1.3,
    },
    {
      measured: `put p99 with ${MANY_STREAMS} streams, to ${FEW_STREAMS}`,
      figure: `${(many.p99 / few.p99).toFixed(2)}  (${many.p99.toFixed(1)} to ${
        few.p99.toFixed(1)
      } ms)`,
      aim: "at most 3",
      cost: many.p99 / few.p99,
      costMax: 3,
    },
  ];
};
