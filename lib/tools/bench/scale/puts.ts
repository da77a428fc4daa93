/**
 * What a put takes of the sandbox's processor.
 * @module
 */

import { setTimeout as pause } from "node:timers/promises";
import { idleMiB, processorMs, residentMiB } from "../child.ts";
import { putFor } from "../load.ts";
import { createStream } from "../pipeline.ts";
import type { Bench, Measured, Row } from "../row.ts";

const LOADS = [
  { connections: 4, recordsPerCall: 1, costMax: 150 },
  { connections: 64, recordsPerCall: 1, costMax: 150 },
  { connections: 4, recordsPerCall: 500, costMax: 6 },
] as const;

/** Processor time of a put, and puts a second, in a sandbox that does nothing else. */
export const putCosts: Row = async ({ fresh, seconds }) => {
  const bench = await fresh();
  const rest = await idleMiB(bench.sandbox);
  await createStream(bench.target, "first", 128);
  const first = await residentMiB(bench.sandbox);
  const rows: Measured[] = [
    {
      measured: "memory at rest",
      figure: mib(rest),
      aim: "at most 75 MiB",
      cost: rest,
      costMax: 75,
    },
    { measured: "memory with the first stream", figure: mib(first), aim: "said", cost: first },
  ];
  for (const load of LOADS) rows.push(await costOf(bench, load, seconds));
  return rows;
};

/** How long after the load memory is measured: a sandbox gives it back when it is idle. */
const REST_MS = 20_000;

/** Memory a while after connections have put batches, to memory at rest and with a stream. */
export const memoryAfterLoad: Row = async (bench) => [
  ...await afterLoad(bench, 4, 1.5),
  ...await afterLoad(bench, 64, 2),
];

async function afterLoad(
  { fresh, seconds }: Bench,
  connections: number,
  max: number,
): Promise<Measured[]> {
  const { sandbox, target } = await fresh();
  const rest = await idleMiB(sandbox);
  await createStream(target, "first", 128);
  const first = await residentMiB(sandbox);
  const load = { connections, recordsPerCall: 500, recordBytes: 1_000, streamName: "first" };
  await putFor({ ...target, ...load, seconds });
  await pause(REST_MS);
  const after = await residentMiB(sandbox);
  const lineOf = (what: string, before: number, costMax: number) => ({
    measured: `memory ${REST_MS / 1000} s after ${connections} connections of batches, to ${what}`,
    figure: `${(after / before).toFixed(2)}  (${after.toFixed(0)} to ${before.toFixed(0)} MiB)`,
    aim: `at most ${costMax}`,
    cost: after / before,
    costMax,
  });
  return [lineOf("the first stream", first, max), lineOf("rest", rest, 1.5)];
}

const mib = (value: number) => `${value.toFixed(0)} MiB`;

async function costOf(
  { sandbox, target }: Bench,
  { connections, recordsPerCall, costMax }: (typeof LOADS)[number],
  seconds: number,
): Promise<Measured> {
  const load = { ...target, connections, recordsPerCall, recordBytes: 1_000, streamName: "first" };
  await putFor({ ...load, seconds: 2 });
  const beganMs = await processorMs(sandbox);
  const { callsPerSecond, latenciesMs } = await putFor({ ...load, seconds });
  const calls = latenciesMs.length + WARM_UP;
  const micros = (await processorMs(sandbox) - beganMs) * 1000 / (calls * recordsPerCall);
  const what = recordsPerCall === 1
    ? "a PutRecord"
    : `a record in PutRecordBatch of ${recordsPerCall}`;
  return {
    measured: `processor time of ${what}, ${connections} connections`,
    figure: `${micros.toFixed(recordsPerCall === 1 ? 0 : 1)} µs (${
      callsPerSecond.toFixed(0)
    } calls/s)`,
    aim: `at most ${costMax} µs`,
    cost: micros,
    costMax,
  };
}

/** Calls that `putFor` makes before it counts. */
const WARM_UP = 20;
