/** How the sandbox's services record metrics, and how long those are kept. */
import { CreateDeliveryStreamCommand, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { GetMetricDataCommand, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { clientsFor } from "../../testing/clients.ts";
import { until } from "../../testing/until.ts";
import { type Clock, ManualClock } from "../../clock.ts";
import { startSandbox } from "../../sandbox.ts";
import { Database } from "../../store/database.ts";
import { MetricStore } from "./metric_store.ts";
import { MetricsState } from "./state.ts";

const KEY = { namespace: "AWS/Firehose", metricName: "IncomingBytes", dimensions: { a: "1" } };
const sampleAt = (timestampMs: number, value = 1) => ({
  ...KEY,
  value,
  unit: "Bytes",
  timestampMs,
});

/** All points of the metric, from the beginning, in periods. */
async function pointsIn(state: MetricsState, periodSeconds: number) {
  await state.flush();
  const range = { fromSeconds: 0, toSeconds: Number.MAX_SAFE_INTEGER, periodSeconds };
  return state.store.points(KEY, range);
}

/** A clock whose waits run faster, as far as metrics ask it. */
function fasterClock(clock: ManualClock, speed: number): Clock {
  return {
    nowMs: clock.nowMs,
    trueMs: clock.trueMs,
    momentOf: clock.momentOf,
    wait: (durationMs, signal) => clock.wait(durationMs / speed, signal),
    waitUntil: (momentMs, signal) => clock.waitUntil(momentMs, signal),
    deadlineMs: (fromMs, durationMs) => fromMs + durationMs / speed,
  };
}

for (
  const [speed, seconds, why] of [
    [1, 60, "a minute of the services is a minute"],
    [60, 1, "a minute of the services is a second"],
  ] as const
) {
  Deno.test(`at speed ${speed}, samples are gathered in points of ${seconds} s: ${why}`, async () => {
    const database = new Database(":memory:");
    const clock = new ManualClock();
    const state = new MetricsState({ database, clock: fasterClock(clock, speed) });
    for (let n = 0; n < 120; n++) {
      state.record([sampleAt(clock.nowMs(), n)]);
      clock.advance(1_000);
    }
    const points = await pointsIn(state, 1);
    assertEquals(points.length, 120 / seconds);
    assertEquals(points.reduce((sum, point) => sum + point.sum, 0), 7_140);
    assertEquals(points.reduce((count, point) => count + point.count, 0), 120);
    database.close();
  });
}

Deno.test("whatever is recorded, sums, counts and extremes of any period are those of its samples", async () => {
  const startMs = Date.UTC(2026, 10, 24, 12);
  const samples = fc.array(
    fc.record({ second: fc.nat(600), value: fc.integer({ min: -1_000, max: 1_000 }) }),
    { maxLength: 60 },
  );
  await fc.assert(
    fc.asyncProperty(samples, fc.constantFrom(60, 120, 300), async (samples, period) => {
      const database = new Database(":memory:");
      const state = new MetricsState({ database, clock: new ManualClock(startMs) });
      for (const [index, { second, value }] of samples.entries()) {
        state.record([sampleAt(startMs + second * 1_000, value)]);
        if (index % 7 === 0) await state.flush();
      }
      const expected = Map.groupBy(
        samples,
        ({ second }) => startMs / 1_000 + Math.floor(second / period) * period,
      );
      const points = await pointsIn(state, period);
      assertEquals(
        points,
        [...expected].sort(([a], [b]) => a - b).map(([startSeconds, all]) => {
          const values = all.map(({ value }) => value);
          return {
            startSeconds,
            unit: "Bytes",
            count: values.length,
            sum: values.reduce((a, b) => a + b, 0),
            min: Math.min(...values),
            max: Math.max(...values),
          };
        }),
      );
      database.close();
    }),
    { numRuns: 40 },
  );
});

Deno.test("points of a second become minutes after three hours, and go after 15 days", async () => {
  const database = new Database(":memory:");
  const clock = new ManualClock();
  const state = new MetricsState({ database, clock: fasterClock(clock, 60) });
  const startMs = clock.nowMs();
  for (let n = 0; n < 90; n++) state.record([sampleAt(startMs + n * 1_000)]);
  assertEquals((await pointsIn(state, 1)).length, 90);
  clock.advance(3 * 3_600_000 + 120_000);
  state.record([sampleAt(clock.nowMs())]);
  assertEquals((await pointsIn(state, 1)).map(({ count }) => count), [60, 30, 1]);
  clock.advance(15 * 86_400_000 + 60_000);
  state.record([sampleAt(clock.nowMs())]);
  assertEquals((await pointsIn(state, 1)).map(({ count }) => count), [1]);
  database.close();
});

Deno.test("a metric without data for two weeks is not listed any more", async () => {
  const database = new Database(":memory:");
  const clock = new ManualClock();
  const state = new MetricsState({ database, clock });
  state.record([sampleAt(clock.nowMs())]);
  await state.flush();
  const listed = () => state.store.list(Math.floor(clock.nowMs() / 1000) - 14 * 86_400);
  assertEquals(listed(), [KEY]);
  clock.advance(14 * 86_400_000 + 1_000);
  assertEquals(listed(), []);
  database.close();
});

Deno.test("past a number of points the oldest go, and past a number of metrics the idlest", () => {
  const database = new Database(":memory:");
  const store = new MetricStore(database, { points: 10, series: 3 });
  const add = (metricName: string, startSeconds: number) => {
    const point = { unit: "Bytes", startSeconds, resolution: 60 as const };
    const key = { ...KEY, metricName };
    store.add(key, [{ ...point, count: 1, sum: 1, min: 1, max: 1 }], startSeconds);
  };
  const startSeconds = 1_795_000_020;
  for (let n = 0; n < 20; n++) add(`metric-${n % 5}`, startSeconds + n * 60);
  store.trim(startSeconds + 20 * 60);
  assertEquals(store.list(0).map(({ metricName }) => metricName), [
    "metric-2",
    "metric-3",
    "metric-4",
  ]);
  for (let n = 0; n < 20; n++) add("metric-4", startSeconds + n * 60);
  store.trim(startSeconds + 20 * 60);
  const range = { fromSeconds: 0, toSeconds: Number.MAX_SAFE_INTEGER, periodSeconds: 60 };
  const kept = store.points({ ...KEY, metricName: "metric-4" }, range);
  assertEquals(kept[kept.length - 1].startSeconds, startSeconds + 19 * 60);
  const others = ["metric-2", "metric-3"].flatMap((metricName) =>
    store.points({ ...KEY, metricName }, range)
  );
  assert(kept.length + others.length <= 10 && kept.length >= 5);
  database.close();
});

Deno.test("what was recorded before a stop is there after a restart, from a put to the metric", async () => {
  const dataDir = await Deno.makeTempDir();
  const StartTime = new Date(Date.now() - 60_000);
  const sums = async (clients: ReturnType<typeof clientsFor>) => {
    const metric = (Id: string, MetricName: string) => ({
      Id,
      MetricStat: {
        Metric: {
          Namespace: "AWS/Firehose",
          MetricName,
          Dimensions: [{ Name: "DeliveryStreamName", Value: "s" }],
        },
        Period: 3_600,
        Stat: "Sum",
      },
    });
    const { MetricDataResults = [] } = await clients.metrics.send(
      new GetMetricDataCommand({
        StartTime,
        EndTime: new Date(Date.now() + 60_000),
        MetricDataQueries: [metric("records", "IncomingRecords"), metric("bytes", "IncomingBytes")],
      }),
    );
    return MetricDataResults.map(({ Values }) => Values);
  };
  const options = { port: 0, dataDir, speed: 1_000 };
  const first = await startSandbox(options);
  {
    using clients = clientsFor({ endpoint: first.endpoint, credentials: first.rootKey });
    await makeStream(clients);
    await until("the stream to take records", async () => {
      try {
        const Records = ["a", "bcd"].map((text) => ({ Data: new TextEncoder().encode(text) }));
        await clients.firehose.send(
          new PutRecordBatchCommand({ DeliveryStreamName: "s", Records }),
        );
        return true;
      } catch {
        return undefined;
      }
    });
    assertEquals(await sums(clients), [[2], [4]]);
  }
  await first.stop();
  const second = await startSandbox(options);
  {
    using clients = clientsFor({ endpoint: second.endpoint, credentials: second.rootKey });
    assertEquals(await sums(clients), [[2], [4]]);
    const { Metrics = [] } = await clients.metrics.send(
      new ListMetricsCommand({ Namespace: "AWS/Firehose", RecentlyActive: "PT3H" }),
    );
    assert(Metrics.some(({ MetricName }) => MetricName === "PutRecordBatch.Records"));
  }
  await second.stop();
  await Deno.remove(dataDir, { recursive: true });
});

async function makeStream({ s3, iam, firehose }: ReturnType<typeof clientsFor>): Promise<void> {
  const Version = "2012-10-17";
  const trust = {
    Effect: "Allow",
    Principal: { Service: "firehose.amazonaws.com" },
    Action: "sts:AssumeRole",
  };
  const write = { Effect: "Allow", Action: "s3:*", Resource: "*" };
  await s3.send(new CreateBucketCommand({ Bucket: "metrics-bucket" }));
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: "delivery",
      AssumeRolePolicyDocument: JSON.stringify({ Version, Statement: trust }),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: "delivery",
      PolicyName: "write",
      PolicyDocument: JSON.stringify({ Version, Statement: write }),
    }),
  );
  await firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: "s",
      ExtendedS3DestinationConfiguration: {
        RoleARN: Role?.Arn,
        BucketARN: "arn:aws:s3:::metrics-bucket",
      },
    }),
  );
}
