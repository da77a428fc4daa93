/**
 * ListMetrics: the metrics that had data in the last two weeks.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html
 * @module
 */

import type {
  DimensionFilter,
  ListMetricsInput,
  ListMetricsOutput,
} from "@aws-sdk/client-cloudwatch";
import { ListMetrics$ } from "../../schemas/cloudwatch.ts";
import type { OperationDefinition } from "../../operation.ts";
import { invalidNextToken, invalidValue } from "./errors.ts";
import { dimensionText, type MetricKey } from "./metric_store.ts";
import { METRIC_NAME, metricAccess, NAMESPACE } from "./shapes.ts";
import type { MetricsState } from "./state.ts";

const PAGE_METRICS = 500;
const ACTIVE_SECONDS = 3 * 3_600;
const LISTED_SECONDS = 14 * 86_400;

export const ListMetrics: OperationDefinition<ListMetricsInput, ListMetricsOutput, MetricsState> = {
  schema: ListMetrics$,
  constraints: {
    Namespace: NAMESPACE,
    MetricName: METRIC_NAME,
    Dimensions: {
      length: [0, 10],
      item: {
        members: {
          Name: { required: true, length: [1, 255] },
          Value: { length: [1, 1_024] },
        },
      },
    },
    RecentlyActive: { enum: ["PT3H"] },
    OwningAccount: { length: [1, 255] },
  },
  access: () => metricAccess("ListMetrics"),
  run: async (input, { state, nowMs }) => {
    if (input.IncludeLinkedAccounts || input.OwningAccount !== undefined) {
      throw invalidValue("The sandbox does not support linked accounts.");
    }
    await state.flush();
    const listedSeconds = input.RecentlyActive === "PT3H" ? ACTIVE_SECONDS : LISTED_SECONDS;
    const metrics = state.store.list(Math.floor(nowMs / 1000) - listedSeconds)
      .filter((metric) => isAskedFor(metric, input));
    const start = input.NextToken === undefined
      ? 0
      : metrics.findIndex((metric) => tokenOf(metric) === input.NextToken) + 1;
    if (input.NextToken !== undefined && start === 0) throw invalidNextToken();
    const page = metrics.slice(start, start + PAGE_METRICS);
    return {
      Metrics: page.map(({ namespace, metricName, dimensions }) => ({
        Namespace: namespace,
        MetricName: metricName,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      })),
      ...(metrics.length > start + PAGE_METRICS
        ? { NextToken: tokenOf(page[page.length - 1]) }
        : {}),
    };
  },
};

function isAskedFor(
  { namespace, metricName, dimensions }: MetricKey,
  { Namespace, MetricName, Dimensions = [] }: ListMetricsInput,
): boolean {
  const has = ({ Name = "", Value }: DimensionFilter) => {
    const value = new Map(Object.entries(dimensions)).get(Name);
    return value !== undefined && (Value === undefined || value === Value);
  };
  return (Namespace === undefined || namespace === Namespace) &&
    (MetricName === undefined || metricName === MetricName) &&
    Dimensions.every(has);
}

/** Stands for the last metric of a page. */
function tokenOf({ namespace, metricName, dimensions }: MetricKey): string {
  const text = [namespace, metricName, dimensionText(dimensions)].join("\n");
  return new TextEncoder().encode(text).toBase64();
}
