/**
 * Statistics of a period, and the rules for periods and ranges that both reading operations have.
 * @module
 */

import type { Statistic } from "@aws-sdk/client-cloudwatch";
import type { StatisticSet } from "./metric_store.ts";

/** The statistics that need no distribution. Percentiles and the like are refused by name. */
export const STATISTICS = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"] as const;

/** Whether `name` is one of {@linkcode STATISTICS}. */
export function isStatistic(name: string | undefined): name is Statistic {
  return STATISTICS.some((known) => known === name);
}

/** The value of a statistic. */
export function statisticOf(name: Statistic, { count, sum, min, max }: StatisticSet): number {
  switch (name) {
    case "SampleCount":
      return count;
    case "Average":
      return sum / count;
    case "Sum":
      return sum;
    case "Minimum":
      return min;
    case "Maximum":
      return max;
  }
}

/** Both sets as one. */
export function merge(a: StatisticSet, b: StatisticSet): StatisticSet {
  return {
    count: a.count + b.count,
    sum: a.sum + b.sum,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  };
}

/** Periods shorter than a minute. */
const SHORT_PERIODS = [1, 5, 10, 20, 30];

/** Whether CloudWatch knows a period of so many seconds. */
export function isPeriod(seconds: number): boolean {
  return SHORT_PERIODS.includes(seconds) || seconds % 60 === 0;
}

/**
 * The seconds that a range of periods starts and ends with. The start is rounded down to a whole
 * minute, or to a short period; the periods are counted from there.
 */
export function rangeOf(start: Date, end: Date, periodSeconds: number) {
  const step = Math.min(periodSeconds, 60);
  const startSeconds = start.getTime() / 1000;
  return {
    fromSeconds: Math.floor(startSeconds / step) * step,
    toSeconds: Math.ceil(end.getTime() / 1000),
    periodSeconds,
  };
}
