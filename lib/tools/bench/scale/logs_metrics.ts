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
import { idleMiB, processorMs, residentMiB } from "../child.ts";
import type { Bench, Measured, Row } from "../row.ts";
import { clientsOf, inParallel, waitsDuring } from "./clients.ts";
import { databaseMiB, settled } from "./database.ts";

const METRIC_CALLS = 10_000;
const POINTS_A_CALL = 10;
const EVENTS_A_CALL = 5_000;

/** Memory after 100,000 points of metrics, in calls of ten. */
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
  const before = await idleMiB(sandbox);
  await inParallel(METRIC_CALLS, 4, put);
  const after = await idleMiB(sandbox);
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
  const fresh_ = await databaseMiB(bench.folder);
  const withNone = await describeMs(bench);
  await writeEvents(bench, count);
  const memory = await residentMiB(bench.sandbox);
  return [
    described(withNone, await describeMs(bench), count),
    await waited(bench, "filtered", count, filterAll),
    // Their rows are removed after the answer.
    await waited(bench, "deleted", count, async ({ logs }) => {
      await logs.send(new DeleteLogGroupCommand({ logGroupName: "bench" }));
      await settled(bench.folder);
    }),
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

const DESCRIBE_CALLS = 50;

/** Processor time of a DescribeLogGroups. */
async function describeMs({ target, sandbox }: Bench): Promise<number> {
  using clients = clientsOf(target);
  const describe = () => clients.logs.send(new DescribeLogGroupsCommand({}));
  for (let warm = 0; warm < DESCRIBE_CALLS; warm++) await describe();
  const beganMs = await processorMs(sandbox);
  for (let call = 0; call < DESCRIBE_CALLS; call++) await describe();
  return (await processorMs(sandbox) - beganMs) / DESCRIBE_CALLS;
}

function described(withNone: number, ms: number, count: number): Measured {
  return {
    measured: `processor time of DescribeLogGroups with ${count} events, to none`,
    figure: `${(ms / withNone).toFixed(2)}  (${ms.toFixed(2)} to ${withNone.toFixed(2)} ms)`,
    aim: "at most 2",
    cost: ms / withNone,
    costMax: 2,
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
  const left = await databaseMiB(bench.folder);
  return {
    measured: `database and log after ${count} log events are deleted, to fresh ones`,
    figure: `${(left / fresh).toFixed(1)}  (${left.toFixed(1)} to ${fresh.toFixed(1)} MiB)`,
    aim: "at most 5",
    cost: left / fresh,
    costMax: 5,
  };
}
