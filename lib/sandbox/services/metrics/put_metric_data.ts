/**
 * PutMetricData: takes a client's own samples.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
 * @module
 */

import type { Dimension, MetricDatum, PutMetricDataInput } from "@aws-sdk/client-cloudwatch";
import { PutMetricData$ } from "../../schemas/cloudwatch.ts";
import type { Given, OperationDefinition } from "../../operation.ts";
import { invalidCombination, invalidValue, missingParameter } from "./errors.ts";
import type { MetricKey, Point, Resolution, StatisticSet } from "./metric_store.ts";
import {
  dimensionRecord,
  DIMENSIONS,
  METRIC_NAME,
  metricAccess,
  NAMESPACE,
  required,
  UNIT,
} from "./shapes.ts";
import { type MetricsState, startOf } from "./state.ts";
import { merge } from "./statistics.ts";

const VALUES_MAX = 150;
const AGE_MS_MAX = 14 * 86_400_000;
const AHEAD_MS_MAX = 2 * 3_600_000;
/** 2^360, beyond which CloudWatch takes no value. */
const MAGNITUDE_MAX = 2 ** 360;

/**
 * What a namespace may hold, and at least one sign that is no blank:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#Namespace
 */
const NAMESPACE_TEXT = /^[\w.\-/#: ]*[\w.\-/#:][\w.\-/#: ]*$/;
/**
 * What the names and values of dimensions hold: ASCII without control characters, at least one sign
 * that is no blank, and no colon at the start of a name.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html
 */
const DIMENSION_TEXTS = { Name: /^(?!:)[ -~]*[!-~][ -~]*$/, Value: /^[ -~]*[!-~][ -~]*$/ };

export const PutMetricData: OperationDefinition<
  Given<PutMetricDataInput, "Namespace">,
  void,
  MetricsState
> = {
  schema: PutMetricData$,
  constraints: {
    Namespace: required(NAMESPACE),
    MetricData: {
      length: [0, 1_000],
      item: {
        members: {
          MetricName: required(METRIC_NAME),
          Dimensions: DIMENSIONS,
          StatisticValues: {
            members: {
              SampleCount: { required: true },
              Sum: { required: true },
              Minimum: { required: true },
              Maximum: { required: true },
            },
          },
          Unit: UNIT,
        },
      },
    },
  },
  access: ({ Namespace }) => metricAccess("PutMetricData", { "cloudwatch:namespace": Namespace }),
  run: async ({ Namespace, MetricData, ...others }, { state, nowMs }) => {
    if (Namespace.startsWith("AWS/") || !NAMESPACE_TEXT.test(Namespace)) {
      // The text is not captured; it is that of other parameters.
      throw invalidValue(`The value ${Namespace} for parameter Namespace is invalid.`);
    }
    if (others.EntityMetricData !== undefined || others.StrictEntityValidation) {
      throw invalidValue("The sandbox does not support entities: EntityMetricData.");
    }
    if (!MetricData || MetricData.length === 0) {
      throw missingParameter("The parameter MetricData is required.");
    }
    await state.put(MetricData.map((datum, index) => ({
      key: keyOf(Namespace, datum),
      points: [pointOf(datum, `MetricData.member.${index + 1}`, nowMs)],
    })));
  },
};

function keyOf(namespace: string, { MetricName = "", Dimensions }: MetricDatum): MetricKey {
  return { namespace, metricName: MetricName, dimensions: dimensionRecord(Dimensions) };
}

/** `path` names the datum in a refusal: `MetricData.member.1`. */
function pointOf(datum: MetricDatum, path: string, nowMs: number): Point {
  const { StorageResolution = 60, Timestamp, Unit = "None" } = datum;
  checkDimensions(datum.Dimensions ?? [], path);
  if (StorageResolution !== 1 && StorageResolution !== 60) {
    throw invalidValue(
      `The value ${StorageResolution} for parameter ${path}.StorageResolution is invalid.`,
    );
  }
  const resolution: Resolution = StorageResolution;
  const timestampMs = Timestamp?.getTime() ?? nowMs;
  checkTime(timestampMs, path, nowMs);
  const startSeconds = startOf(timestampMs, resolution);
  return { ...samplesOf(datum, path), unit: Unit, startSeconds, resolution };
}

function checkDimensions(dimensions: readonly Dimension[], path: string): void {
  // Seen in 2015: https://github.com/jdamick/dropwizard-metrics-cloudwatch/issues/3.
  if (new Set(dimensions.map(({ Name }) => Name)).size < dimensions.length) {
    throw invalidValue("No metric may specify the same dimension name twice.");
  }
  for (const [index, dimension] of dimensions.entries()) {
    for (const part of ["Name", "Value"] as const) {
      const text = dimension[part] ?? "";
      if (DIMENSION_TEXTS[part].test(text)) continue;
      const parameter = `${path}.Dimensions.member.${index + 1}.${part}`;
      throw invalidValue(`The value ${text} for parameter ${parameter} is invalid.`);
    }
  }
}

function checkTime(timestampMs: number, path: string, nowMs: number): void {
  if (timestampMs > nowMs + AHEAD_MS_MAX) {
    throw invalidValue(
      `The parameter ${path}.Timestamp must specify a time no more than two hours in the future.`,
    );
  }
  if (timestampMs < nowMs - AGE_MS_MAX) {
    throw invalidValue(
      `The parameter ${path}.Timestamp must specify a time within the past two weeks.`,
    );
  }
}

/** What a datum says: a value, values with their counts, or a statistic set; one of the three. */
function samplesOf(datum: MetricDatum, path: string): StatisticSet {
  refuseTwo(datum, path);
  const { Value, Values, StatisticValues } = datum;
  if (StatisticValues) {
    const { SampleCount = 0, Sum = 0, Minimum = 0, Maximum = 0 } = StatisticValues;
    checkValues([SampleCount, Sum, Minimum, Maximum], `${path}.StatisticValues`);
    if (SampleCount <= 0 || Minimum > Maximum) {
      throw invalidValue(`The parameter ${path}.StatisticValues is no statistic set.`);
    }
    return { count: SampleCount, sum: Sum, min: Minimum, max: Maximum };
  }
  if (Values) return valuesWithCounts(Values, datum.Counts, path);
  if (Value === undefined) throw missingParameter(`The parameter ${path}.Value is required.`);
  checkValues([Value], `${path}.Value`);
  return { count: 1, sum: Value, min: Value, max: Value };
}

function refuseTwo(datum: MetricDatum, path: string): void {
  const given = (["Value", "Values", "StatisticValues"] as const)
    .filter((name) => datum[name] !== undefined);
  if (given.length < 2) return;
  const [first, second] = given.map((name) => `${path}.${name}`);
  throw invalidCombination(
    `The parameters ${first} and ${second} are mutually exclusive and you have specified both.`,
  );
}

function valuesWithCounts(
  values: readonly number[],
  counts: readonly number[] | undefined,
  path: string,
): StatisticSet {
  if (values.length === 0 || values.length > VALUES_MAX) {
    throw invalidValue(`The parameter ${path}.Values must have 1 to ${VALUES_MAX} items.`);
  }
  if (counts && counts.length !== values.length) {
    throw invalidValue(
      `The parameters ${path}.Values and ${path}.Counts must be of the same size.`,
    );
  }
  checkValues(values, `${path}.Values`);
  checkValues(counts ?? [], `${path}.Counts`);
  if (counts?.some((count) => count <= 0)) {
    throw invalidValue(`The parameter ${path}.Counts must have positive items.`);
  }
  return values
    .map((value, index): StatisticSet => {
      const count = counts?.[index] ?? 1;
      return { count, sum: value * count, min: value, max: value };
    })
    .reduce(merge);
}

function checkValues(values: readonly number[], path: string): void {
  const wrong = values.find((value) => !(Math.abs(value) <= MAGNITUDE_MAX));
  if (wrong !== undefined) {
    throw invalidValue(`The value ${wrong} for parameter ${path} is invalid.`);
  }
}
