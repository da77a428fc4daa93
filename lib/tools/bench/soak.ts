/**
 * A mixed load for a while, and how fast the sandbox's memory grows meanwhile. `--soak MINUTES` says
 * for how long: 12 minutes tell more than the default.
 * @module
 */

import { PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { PutRecordBatchCommand, PutRecordCommand } from "@aws-sdk/client-firehose";
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { setTimeout as pause } from "node:timers/promises";
import { idleMiB, residentMiB } from "./child.ts";
import { BENCH_BUCKET, createStream } from "./pipeline.ts";
import type { Measured, Row } from "./row.ts";
import { clientsOf } from "./scale/clients.ts";

/** Rounds of the load in a second: the sandbox is busy for a part of the time, as in daily use. */
const ROUNDS_PER_SECOND = 5;
/** The first part of the time is not counted: code is compiled, and caches fill. */
const WARM_UP_SHARE = 0.4;
/** What a search for an event reads: the last 30 seconds. */
const SEARCHED_MS = 30_000;
const MS_PER_HOUR = 3_600_000;
const NAMES = { logGroupName: "soak", logStreamName: "soak" };

/**
 * Two slopes. That of resident memory under the load, by least squares: garbage that waits for its
 * collection is in it. And that of what stays once the load pauses and the sandbox has collected: it
 * grows only if something is held.
 */
export const soak: Row = async ({ fresh, soakMinutes }) => {
  const { sandbox, target } = await fresh();
  using clients = clientsOf(target);
  await createStream(target, "soak", 1, {
    BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
    CompressionFormat: "GZIP",
  });
  await clients.logs.send(new CreateLogGroupCommand(NAMES));
  await clients.logs.send(new CreateLogStreamCommand(NAMES));
  const samples: Sample[] = [];
  await loadFor(clients, soakMinutes, async (share) => {
    if (share > WARM_UP_SHARE) samples.push({ ms: Date.now(), mib: await residentMiB(sandbox) });
  });
  const furtherMinutes = soakMinutes / 2;
  const stays = await idleMiB(sandbox);
  await loadFor(clients, furtherMinutes);
  const staysLater = await idleMiB(sandbox);
  const peak = Math.max(...samples.map(({ mib }) => mib));
  return [
    slopeRow(`memory under a mixed load of ${soakMinutes} minutes`, {
      slope: slopeOf(samples) * MS_PER_HOUR,
      said: `${samples[0].mib.toFixed(0)} to ${samples[samples.length - 1].mib.toFixed(0)}, ` +
        `at most ${peak.toFixed(0)} MiB`,
    }),
    slopeRow(`what stays of it when the load pauses, over ${furtherMinutes} minutes more`, {
      slope: (staysLater - stays) / furtherMinutes * 60,
      said: `${stays.toFixed(0)} to ${staysLater.toFixed(0)} MiB`,
    }),
  ];
};

function slopeRow(
  what: string,
  { slope, said }: { readonly slope: number; readonly said: string },
): Measured {
  return {
    measured: `slope of ${what}`,
    figure: `${slope.toFixed(0)} MiB an hour (${said})`,
    aim: "at most 30 MiB an hour",
    cost: Math.max(slope, 0),
    costMax: 30,
  };
}

/** Makes rounds of the load for so long. `onRound` gets the share of the time that has passed. */
async function loadFor(
  clients: ReturnType<typeof clientsOf>,
  minutes: number,
  onRound: (share: number) => Promise<void> = async () => {},
): Promise<void> {
  const beganMs = Date.now();
  const share = () => (Date.now() - beganMs) / (minutes * 60_000);
  for (let round = 0; share() < 1; round++) {
    await Promise.all([load(clients, round), pause(1_000 / ROUNDS_PER_SECOND)]);
    await onRound(share());
  }
}

/** Each kind of call once: puts, deliveries, objects, log events, metrics, and reads of them. */
async function load(
  { firehose, s3, logs, metrics }: ReturnType<typeof clientsOf>,
  round: number,
): Promise<void> {
  const DeliveryStreamName = "soak";
  const Record = { Data: new Uint8Array(1_000).fill(0x61) };
  const Records = Array.from({ length: 100 }, () => Record);
  const object = { Bucket: BENCH_BUCKET, Key: `soak/${round % 100}` };
  const message = `round ${round} ${"x".repeat(100)}`;
  await Promise.all([
    firehose.send(new PutRecordCommand({ DeliveryStreamName, Record })),
    firehose.send(new PutRecordBatchCommand({ DeliveryStreamName, Records })),
    s3.send(new PutObjectCommand({ ...object, Body: new Uint8Array(100_000) })),
    logs.send(
      new PutLogEventsCommand({ ...NAMES, logEvents: [{ timestamp: Date.now(), message }] }),
    ),
    metrics.send(
      new PutMetricDataCommand({
        Namespace: "soak",
        MetricData: [{ MetricName: `metric-${round % 10}`, Value: round }],
      }),
    ),
  ]);
  const got = await s3.send(new GetObjectCommand(object));
  await got.Body?.transformToByteArray();
  if (round % 3 === 0) await s3.send(new DeleteObjectCommand(object));
  await logs.send(
    new FilterLogEventsCommand({
      ...NAMES,
      filterPattern: `"round ${round} "`,
      // Without it each search reads all earlier rounds, and the load grows.
      startTime: Date.now() - SEARCHED_MS,
      limit: 1,
    }),
  );
}

interface Sample {
  readonly ms: number;
  readonly mib: number;
}

/** MiB a millisecond. */
function slopeOf(samples: readonly Sample[]): number {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [ms, mib] = [mean(samples.map((at) => at.ms)), mean(samples.map((at) => at.mib))];
  const products = samples.map((at) => (at.ms - ms) * (at.mib - mib));
  return mean(products) / mean(samples.map((at) => (at.ms - ms) ** 2));
}
