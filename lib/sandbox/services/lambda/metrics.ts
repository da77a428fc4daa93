/**
 * Lambda's CloudWatch metrics, recorded for the function and for the account.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 * @module
 */

import type { MetricSink } from "../../ports/metric_sink.ts";

const UNITS = {
  Invocations: "Count",
  Errors: "Count",
  Throttles: "Count",
  Duration: "Milliseconds",
  ConcurrentExecutions: "Count",
  AsyncEventsReceived: "Count",
  AsyncEventsDropped: "Count",
} as const;

/** Values by metric name. */
export type LambdaMetrics = Readonly<Partial<Record<keyof typeof UNITS, number>>>;

/** Records `values` under the function's name, under its name as a resource, and without a dimension. */
export function recordMetrics(
  metrics: MetricSink,
  functionName: string,
  timestampMs: number,
  values: LambdaMetrics,
): void {
  const dimensionSets: readonly Readonly<Record<string, string>>[] = [
    { FunctionName: functionName },
    { FunctionName: functionName, Resource: functionName },
    {},
  ];
  const samples = Object.entries(values).flatMap(([metricName, value]) =>
    dimensionSets.map((dimensions) => ({
      namespace: "AWS/Lambda",
      metricName,
      dimensions,
      value,
      unit: unitOf(metricName),
      timestampMs,
    }))
  );
  metrics.record(samples);
}

function unitOf(metricName: string): string {
  const [, unit = "None"] = Object.entries(UNITS).find(([name]) => name === metricName) ?? [];
  return unit;
}
