/**
 * Many log events and metric points: what they hold up, and what they leave behind.
 * @module
 */

import { PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { residentMiB } from "../child.ts";
import type { Bench, Measured, Row } from "../row.ts";
import { clientsOf, inParallel, waitsDuring } from "./clients.ts";

const METRIC_CALLS = 2_000;
const POINTS_A_CALL = 10;
const EVENTS_A_CALL = 5_000;
/** How long a sandbox may take to give space back. */
const SETTLE_MS = 12_000;

/** Memory after 20,000 points of metrics, in calls of ten. */
export const metricPoints: Row = async ({ fresh }) => {
  const { sandbox, target } = await fresh();
  using clients = clientsOf(target);
  const put = (n: number) =>
    clients.metrics.send(
      new PutMetricDataCommand({
        Namespace: "Bench",
        MetricData: Array.from({ length: POINTS_A_CALL }, (_, metric) => ({
          MetricName: `metric-${metric}`,
          Value: n,
        })),
      }),
    );
  await inParallel(METRIC_CALLS / 10, 4, put);
  const before = await residentMiB(sandbox);
  await inParallel(METRIC_CALLS, 4, put);
  const after = await residentMiB(sandbox);
  return [{
    measured: `memory after ${METRIC_CALLS * POINTS_A_CALL} metric points, to a tenth of them`,
    figure: `${(after / before).toFixed(2)}  (${after.toFixed(0)} to ${before.toFixed(0)} MiB)`,
    aim: "at most 1.2",
    cost: after / before,
    costMax: 1.2,
  }];
};

/** How long others wait while many log events are filtered and deleted, and what is left then. */
export const logEvents: Row = async ({ fresh, logEvents: count }) => {
  const bench = await fresh();
  const fresh_ = await databaseMiB(bench);
  await writeEvents(bench, count);
  const memory = await residentMiB(bench.sandbox);
  return [
    await described(bench, count),
    await waited(bench, "filtered", count, filterAll),
    await waited(
      bench,
      "deleted",
      count,
      ({ logs }) => logs.send(new DeleteLogGroupCommand({ logGroupName: "bench" })),
    ),
    await leftBehind(bench, fresh_, count),
    {
      measured: `memory after ${count} log events`,
      figure: `${memory.toFixed(0)} MiB`,
      aim: "said",
      cost: memory,
    },
  ];
};

type Clients = ReturnType<typeof clientsOf>;

async function writeEvents({ target }: Bench, count: number): Promise<void> {
  using clients = clientsOf(target);
  const logGroupName = "bench";
  await clients.logs.send(new CreateLogGroupCommand({ logGroupName }));
  await inParallel(
    4,
    4,
    (n) => clients.logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: `${n}` })),
  );
  await inParallel(count / EVENTS_A_CALL, 4, (n) =>
    clients.logs.send(
      new PutLogEventsCommand({
        logGroupName,
        logStreamName: `${n % 4}`,
        logEvents: Array.from({ length: EVENTS_A_CALL }, (_, event) => ({
          timestamp: Date.now(),
          message: `call ${n}, event ${event}: ${"x".repeat(60)}`,
        })),
      }),
    ));
}

async function described({ target }: Bench, count: number): Promise<Measured> {
  using clients = clientsOf(target);
  const describe = () => clients.logs.send(new DescribeLogGroupsCommand({}));
  for (let warm = 0; warm < 10; warm++) await describe();
  const beganMs = performance.now();
  for (let call = 0; call < 20; call++) await describe();
  const ms = (performance.now() - beganMs) / 20;
  return {
    measured: `DescribeLogGroups with ${count} events`,
    figure: `${ms.toFixed(1)} ms`,
    aim: "as with none",
    cost: ms,
  };
}

async function waited(
  { target }: Bench,
  what: string,
  count: number,
  act: (clients: Clients) => Promise<unknown>,
): Promise<Measured> {
  using clients = clientsOf(target);
  const waits = await waitsDuring(target, () => act(clients));
  const longest = waits[waits.length - 1];
  return {
    measured: `the longest wait of others while ${count} log events are ${what}`,
    figure: `${longest.toFixed(0)} ms (99 of 100 ${at(waits, 0.99)}, half ${at(waits, 0.5)} ms)`,
    aim: "at most 50 ms",
    cost: longest,
    costMax: 50,
  };
}

const at = (waits: readonly number[], share: number) =>
  waits[Math.floor((waits.length - 1) * share)].toFixed(1);

async function filterAll({ logs }: Clients): Promise<void> {
  let nextToken: string | undefined;
  do {
    const page = await logs.send(
      new FilterLogEventsCommand({
        logGroupName: "bench",
        filterPattern: '"no such text"',
        nextToken,
      }),
    );
    nextToken = page.nextToken;
  } while (nextToken);
}

async function leftBehind(bench: Bench, fresh: number, count: number): Promise<Measured> {
  await pause(SETTLE_MS);
  const left = await databaseMiB(bench);
  return {
    measured: `database and log after ${count} log events are deleted, to fresh ones`,
    figure: `${(left / fresh).toFixed(1)}  (${left.toFixed(1)} to ${fresh.toFixed(1)} MiB)`,
    aim: "at most 5",
    cost: left / fresh,
    costMax: 5,
  };
}

/** Bytes of all databases and their logs below the sandbox's data, in MiB. */
async function databaseMiB({ folder }: Bench): Promise<number> {
  let bytes = 0;
  const visit = async (path: string) => {
    for await (const { name, isDirectory } of Deno.readDir(path)) {
      const inside = join(path, name);
      if (isDirectory) await visit(inside);
      else if (/^state\.sqlite/.test(name)) bytes += (await Deno.stat(inside)).size;
    }
  };
  await visit(folder);
  return bytes / 1024 / 1024;
}
