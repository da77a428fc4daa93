/**
 * How CloudWatch's operations are called to learn what they do with each member of their input.
 * @module
 */

import type { Probe } from "../probe.ts";
import { ACCOUNT_ID, type Scene } from "../scene.ts";

const MINUTE_MS = 60_000;
const Namespace = "Probed";
const Dimensions = [{ Name: "Kind", Value: "probe" }];
const METRIC = { Namespace, MetricName: "Requests", Dimensions };

const lastHour = (scene: Scene) => ({
  StartTime: new Date(scene.clock.nowMs() - 60 * MINUTE_MS),
  EndTime: new Date(scene.clock.nowMs() + MINUTE_MS),
});

/** Samples of a metric, in two minutes. */
async function putSamples(scene: Scene): Promise<void> {
  for (const minutes of [2, 1]) {
    await scene.call("monitoring", "PutMetricData", {
      Namespace,
      MetricData: [{
        MetricName: METRIC.MetricName,
        Dimensions,
        Value: 1,
        Unit: "Count",
        Timestamp: new Date(scene.clock.nowMs() - minutes * MINUTE_MS),
      }],
    });
  }
}

const query = (members: object = {}) => [{
  Id: "m1",
  Label: "requests",
  ReturnData: true,
  MetricStat: {
    Metric: METRIC,
    Period: 60,
    Stat: "Sum",
    Unit: "Count",
  },
  ...members,
}];

const getData = async (scene: Scene, members: object = {}) => {
  await putSamples(scene);
  return { MetricDataQueries: query(members), ...lastHour(scene) };
};

const putting = (scene: Scene, values: object) => ({
  Namespace,
  MetricData: [{
    MetricName: METRIC.MetricName,
    Dimensions,
    Timestamp: new Date(scene.clock.nowMs()),
    Unit: "Count",
    StorageResolution: 60,
    ...values,
  }],
});

const STATISTICS = { SampleCount: 2, Sum: 3, Minimum: 1, Maximum: 2 };
const withStatistics = {
  set: (scene: Scene) => putting(scene, { StatisticValues: STATISTICS }),
};
const withArrays = {
  arrays: (scene: Scene) => putting(scene, { Values: [1, 2], Counts: [3, 4] }),
};
/** ListMetrics gives so many at once. */
const PAGE_METRICS = 500;

export const METRICS_PROBES: Readonly<Record<string, Probe>> = {
  PutMetricData: {
    input: (scene) => putting(scene, { Value: 1 }),
    calls: {
      "MetricData[].StatisticValues": withStatistics,
      ...Object.fromEntries(
        Object.keys(STATISTICS).map((name) => [
          `MetricData[].StatisticValues.${name}`,
          withStatistics,
        ]),
      ),
      "MetricData[].Values": withArrays,
      "MetricData[].Values[]": withArrays,
      "MetricData[].Counts": withArrays,
      "MetricData[].Counts[]": withArrays,
    },
  },
  GetMetricData: {
    input: getData,
    values: { "MetricDataQueries[].MetricStat.Stat": ["Sum", "p90", "tm90"] },
    calls: {
      NextToken: {
        token: async (scene) => {
          const input = { ...await getData(scene), MaxDatapoints: 1 };
          const { NextToken } = await scene.call("monitoring", "GetMetricData", input);
          return { ...input, NextToken };
        },
      },
      "MetricDataQueries[].Expression": {
        expression: (scene) => getData(scene, { MetricStat: undefined, Expression: "m1 * 2" }),
      },
    },
  },
  GetMetricStatistics: {
    input: async (scene) => {
      await putSamples(scene);
      return { ...METRIC, ...lastHour(scene), Period: 60, Statistics: ["Sum"], Unit: "Count" };
    },
  },
  ListMetrics: {
    input: async (scene) => {
      await putSamples(scene);
      return METRIC;
    },
    values: {
      RecentlyActive: ["PT3H"],
      IncludeLinkedAccounts: [false, true],
      OwningAccount: [ACCOUNT_ID, "210987654321"],
    },
    calls: {
      NextToken: {
        token: async (scene) => {
          const MetricData = Array.from({ length: PAGE_METRICS + 1 }, (_, n) => ({
            MetricName: `metric-${n}`,
            Value: n,
          }));
          const Many = { Namespace: scene.unique("Many") };
          await scene.call("monitoring", "PutMetricData", { ...Many, MetricData });
          const { NextToken } = await scene.call("monitoring", "ListMetrics", Many);
          return { ...Many, NextToken };
        },
      },
    },
  },
};
