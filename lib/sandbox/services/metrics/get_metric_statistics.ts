/**
 * GetMetricStatistics: statistics of one metric, unsorted as on AWS.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
 * @module
 */

import type {
  Datapoint,
  GetMetricStatisticsInput,
  GetMetricStatisticsOutput,
} from "@aws-sdk/client-cloudwatch";
import { GetMetricStatistics$ } from "../../schemas/cloudwatch.ts";
import type { Given, OperationDefinition } from "../../operation.ts";
import { invalidCombination, invalidValue, missingParameter, START_BEFORE_END } from "./errors.ts";
import type { PeriodPoint } from "./metric_store.ts";
import {
  dimensionRecord,
  DIMENSIONS,
  METRIC_NAME,
  metricAccess,
  NAMESPACE,
  PERIOD,
  required,
  UNIT,
  UNITS,
} from "./shapes.ts";
import type { MetricsState } from "./state.ts";
import { isPeriod, rangeOf, statisticOf, STATISTICS } from "./statistics.ts";

const DATAPOINTS_MAX = 1_440;

export const GetMetricStatistics: OperationDefinition<
  Given<GetMetricStatisticsInput, "Namespace" | "MetricName" | "StartTime" | "EndTime" | "Period">,
  GetMetricStatisticsOutput,
  MetricsState
> = {
  schema: GetMetricStatistics$,
  constraints: {
    Namespace: required(NAMESPACE),
    MetricName: required(METRIC_NAME),
    Dimensions: DIMENSIONS,
    StartTime: { required: true },
    EndTime: { required: true },
    Period: PERIOD,
    Statistics: { length: [1, 5], item: { enum: STATISTICS } },
    ExtendedStatistics: { length: [1, 10] },
    Unit: UNIT,
  },
  access: () => metricAccess("GetMetricStatistics"),
  run: async (input, { state }) => {
    const { Statistics, ExtendedStatistics, StartTime, EndTime, Period, Unit } = input;
    if (ExtendedStatistics) {
      throw invalidValue(
        `The sandbox does not support ExtendedStatistics: ${ExtendedStatistics.join(", ")}.`,
      );
    }
    if (!Statistics) {
      throw missingParameter("Either Statistics or ExtendedStatistics must be specified.");
    }
    if (StartTime >= EndTime) throw invalidValue(START_BEFORE_END);
    checkPeriod(StartTime, EndTime, Period);
    await state.flush();
    const key = {
      namespace: input.Namespace,
      metricName: input.MetricName,
      dimensions: dimensionRecord(input.Dimensions),
    };
    const range = { ...rangeOf(StartTime, EndTime, Period), unit: Unit };
    const datapoint = (point: PeriodPoint): Datapoint => ({
      Timestamp: new Date(point.startSeconds * 1000),
      ...Object.fromEntries(Statistics.map((name) => [name, statisticOf(name, point)])),
      Unit: UNITS.find((unit) => unit === point.unit),
    });
    return { Label: input.MetricName, Datapoints: state.store.points(key, range).map(datapoint) };
  },
};

function checkPeriod(start: Date, end: Date, periodSeconds: number): void {
  if (!isPeriod(periodSeconds)) {
    throw invalidValue(
      `The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60, not ${periodSeconds}.`,
    );
  }
  const datapoints = Math.floor((end.getTime() - start.getTime()) / 1000 / periodSeconds);
  if (datapoints > DATAPOINTS_MAX) {
    throw invalidCombination(
      `You have requested up to ${datapoints} datapoints, which exceeds the limit of ` +
        `${DATAPOINTS_MAX}. You may reduce the datapoints requested by increasing Period, or ` +
        "decreasing the time range.",
    );
  }
}
