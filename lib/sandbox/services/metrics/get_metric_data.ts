/**
 * GetMetricData: statistics of many metrics at once, page by page.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 * @module
 */

import type {
  GetMetricDataInput,
  GetMetricDataOutput,
  MetricDataQuery,
  MetricDataResult,
  Statistic,
} from "@aws-sdk/client-cloudwatch";
import { GetMetricData$ } from "../../schemas/cloudwatch.ts";
import type { Given, OperationDefinition } from "../../operation.ts";
import { invalidNextToken, invalidQuery, START_BEFORE_END } from "./errors.ts";
import { type MetricKey, type StatisticSet } from "./metric_store.ts";
import {
  dimensionRecord,
  DIMENSIONS,
  METRIC_NAME,
  metricAccess,
  NAMESPACE,
  PERIOD,
  required,
  UNIT,
} from "./shapes.ts";
import type { MetricsState } from "./state.ts";
import { isPeriod, isStatistic, merge, rangeOf, statisticOf } from "./statistics.ts";

const QUERIES_MAX = 500;
/** Values of one page. */
const DATAPOINTS_MAX = 100_800;

/** A query that can be answered. */
interface Query {
  readonly id: string;
  readonly label: string | undefined;
  readonly isReturned: boolean;
  readonly key: MetricKey;
  readonly periodSeconds: number;
  readonly statistic: Statistic;
  readonly unit: string | undefined;
}

export const GetMetricData: OperationDefinition<
  Given<GetMetricDataInput, "MetricDataQueries" | "StartTime" | "EndTime">,
  GetMetricDataOutput,
  MetricsState
> = {
  schema: GetMetricData$,
  constraints: {
    MetricDataQueries: {
      required: true,
      item: {
        members: {
          Id: { required: true, length: [1, 255] },
          MetricStat: {
            members: {
              Metric: {
                required: true,
                members: {
                  Namespace: NAMESPACE,
                  MetricName: METRIC_NAME,
                  Dimensions: DIMENSIONS,
                },
              },
              Period: PERIOD,
              Stat: { required: true },
              Unit: UNIT,
            },
          },
          Expression: { length: [1, 2_048] },
          AccountId: { length: [1, 255] },
        },
      },
    },
    StartTime: required({}),
    EndTime: required({}),
    ScanBy: { enum: ["TimestampDescending", "TimestampAscending"] },
    MaxDatapoints: { range: [1, DATAPOINTS_MAX] },
  },
  access: () => metricAccess("GetMetricData"),
  run: async (input, { state }) => {
    if (input.LabelOptions) throw notSupported("LabelOptions");
    if (input.StartTime >= input.EndTime) throw invalidQuery(START_BEFORE_END);
    const queries = queriesOf(input.MetricDataQueries);
    const skipped = offsetOf(input.NextToken);
    await state.flush();
    const isAscending = input.ScanBy === "TimestampAscending";
    const results = queries.filter(({ isReturned }) => isReturned).map((query) => {
      const range = rangeOf(input.StartTime, input.EndTime, query.periodSeconds);
      const { points, units } = pointsOf(state, query, range);
      return { query, units, points: isAscending ? points : points.reverse() };
    });
    const page = pageOf(results, skipped, input.MaxDatapoints ?? DATAPOINTS_MAX);
    const labels = labelsOf(queries);
    return {
      ...page,
      MetricDataResults: page.MetricDataResults.map((result) => ({
        ...result,
        Label: labels.get(result.Id ?? ""),
      })),
      Messages: [],
    };
  },
};

const notSupported = (what: string) => invalidQuery(`The sandbox does not support ${what}.`);

/** Checks the queries. Throws ValidationError; the texts are ours where nothing else is said. */
function queriesOf(queries: readonly MetricDataQuery[]): Query[] {
  if (queries.length > QUERIES_MAX) {
    throw invalidQuery(
      `MetricDataQueries has ${queries.length} items; ${QUERIES_MAX} are allowed.`,
    );
  }
  const ids = queries.map(({ Id }) => Id);
  if (new Set(ids).size < ids.length) throw invalidQuery("The Ids of queries must be unique.");
  return queries.map(queryOf);
}

function queryOf(query: MetricDataQuery, index: number): Query {
  const { Id = "", Label, MetricStat, ReturnData = true } = query;
  const path = `MetricDataQueries.member.${index + 1}`;
  if (!/^[a-z][a-zA-Z0-9_]*$/.test(Id)) {
    throw invalidQuery(
      `The value ${Id} for parameter ${path}.Id must begin with a lower-case letter and hold ` +
        "letters, digits and underscores only.",
    );
  }
  if (query.Expression !== undefined) throw notSupported(`metric math: ${query.Expression}`);
  if (query.AccountId !== undefined) throw notSupported(`${path}.AccountId`);
  if (query.Period !== undefined) throw notSupported(`${path}.Period without an Expression`);
  if (Label?.includes("${")) throw notSupported(`dynamic labels: ${Label}`);
  if (!MetricStat) throw invalidQuery(`${path} needs MetricStat or Expression.`);
  const { Metric, Period = 0, Stat, Unit } = MetricStat;
  if (!isStatistic(Stat)) throw notSupported(`the statistic ${Stat}`);
  if (!isPeriod(Period)) {
    throw invalidQuery(
      `The parameter ${path}.MetricStat.Period must be 1, 5, 10, 20, 30 or a multiple of 60, ` +
        `not ${Period}.`,
    );
  }
  if (Metric?.Namespace === undefined || Metric.MetricName === undefined) {
    throw invalidQuery(`${path}.MetricStat.Metric needs Namespace and MetricName.`);
  }
  return {
    id: Id,
    label: Label,
    isReturned: ReturnData,
    key: {
      namespace: Metric.Namespace,
      metricName: Metric.MetricName,
      dimensions: dimensionRecord(Metric.Dimensions),
    },
    periodSeconds: Period,
    statistic: Stat,
    unit: Unit,
  };
}

/** A time and its value. */
type ValuePoint = readonly [startSeconds: number, value: number];

/** The values of a query, in order of time, and the units that its metric has in the range. */
interface Points {
  readonly points: ValuePoint[];
  readonly units: readonly string[];
}

/**
 * A query's values by time. Without a unit they are those of the first unit that the metric has, in
 * AWS's order; so recorded on AWS (LocalStack's
 * test_get_metric_data_different_units_no_unit_in_query, 2025-09-19).
 */
function pointsOf(
  state: MetricsState,
  { key, statistic, unit }: Query,
  range: ReturnType<typeof rangeOf>,
): Points {
  const found = [...state.store.points(key, { ...range, unit })];
  const units = UNITS_IN_ORDER.filter((known) => found.some(({ unit }) => unit === known));
  const sets = new Map<number, StatisticSet>();
  for (const point of found) {
    if (point.unit !== units[0]) continue;
    const known = sets.get(point.startSeconds);
    sets.set(point.startSeconds, known ? merge(known, point) : point);
  }
  return {
    units,
    points: [...sets].map(([startSeconds, set]) => [startSeconds, statisticOf(statistic, set)]),
  };
}

/** The order in which AWS lists units, as the authors of that test saw it. */
const UNITS_IN_ORDER =
  ("Megabits Terabits Gigabits Count Bytes Gigabytes Gigabytes/Second Kilobytes Kilobits/Second " +
    "Terabytes Terabits/Second Bytes/Second Percent Megabytes Megabits/Second Milliseconds " +
    "Microseconds Kilobytes/Second Gigabits/Second Megabytes/Second Bits Bits/Second Count/Second " +
    "Seconds Kilobits Terabytes/Second None").split(" ");

const unitMessages = (units: readonly string[]) =>
  units.length < 2 ? undefined : [{
    Code: "MultipleUnits",
    Value: `Multiple units returned: '[${units.join(", ")}]'`,
  }];

/** The values after the first `skipped`, at most `limit`; a result may be cut in two. */
function pageOf(
  results: readonly (Points & { readonly query: Query })[],
  skipped: number,
  limit: number,
): { readonly MetricDataResults: MetricDataResult[]; readonly NextToken?: string } {
  const page: MetricDataResult[] = [];
  let toSkip = skipped;
  let room = limit;
  for (const { query, points, units } of results) {
    const wasGiven = skipped > 0 && toSkip >= points.length;
    const shown = points.slice(toSkip, toSkip + room);
    const rest = Math.max(0, points.length - toSkip - shown.length);
    toSkip = Math.max(0, toSkip - points.length);
    room -= shown.length;
    if (wasGiven || (shown.length === 0 && rest > 0)) continue;
    page.push({
      Id: query.id,
      Timestamps: shown.map(([startSeconds]) => new Date(startSeconds * 1000)),
      Values: shown.map(([, value]) => value),
      StatusCode: rest > 0 ? "PartialData" : "Complete",
      Messages: unitMessages(units),
    });
  }
  const total = results.reduce((sum, { points }) => sum + points.length, 0);
  const given = skipped + limit - room;
  return given < total
    ? { MetricDataResults: page, NextToken: btoa(`after ${given}`) }
    : { MetricDataResults: page };
}

function offsetOf(token: string | undefined): number {
  if (token === undefined) return 0;
  let text: string;
  try {
    text = atob(token);
  } catch {
    throw invalidNextToken();
  }
  const digits = /^after (\d{1,15})$/.exec(text)?.[1];
  if (digits === undefined) throw invalidNextToken();
  return Number(digits);
}

/**
 * Labels by id: the metric's name, with the statistic and the period where those of several queries
 * of it differ (LocalStack's test_label_generation, recorded on AWS 2025-09-19).
 */
function labelsOf(queries: readonly Query[]): ReadonlyMap<string, string> {
  return new Map(queries.map(({ id, label, key: { metricName }, statistic, periodSeconds }) => {
    const others = queries.filter(({ key }) => key.metricName === metricName);
    const differ = (valueOf: (query: Query) => unknown) => new Set(others.map(valueOf)).size > 1;
    const parts = [
      metricName,
      ...(differ((query) => query.statistic) ? [statistic] : []),
      ...(differ((query) => query.periodSeconds) ? [periodSeconds] : []),
    ];
    return [id, label ?? parts.join(" ")];
  }));
}
