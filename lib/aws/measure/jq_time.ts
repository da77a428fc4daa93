/**
 * How long jq ran for some streams: dynamic partitioning bills it by the hour.
 * https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html
 * @module
 */

import { type CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";

/** Seconds within the last hour. CloudWatch on AWS is some minutes late. */
export async function jqSecondsOf(
  { cloudwatch }: { readonly cloudwatch: CloudWatchClient },
  streamNames: readonly string[],
): Promise<number> {
  let milliseconds = 0;
  for (const streamName of streamNames) {
    const { Datapoints = [] } = await cloudwatch.send(
      new GetMetricStatisticsCommand({
        Namespace: "AWS/Firehose",
        MetricName: "JQProcessing.Duration",
        Dimensions: [{ Name: "DeliveryStreamName", Value: streamName }],
        StartTime: new Date(Date.now() - 3_600_000),
        EndTime: new Date(Date.now() + 60_000),
        Period: 60,
        Statistics: ["Sum"],
      }),
    );
    milliseconds += Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
  }
  return milliseconds / 1000;
}
