/**
 * The metrics of a delivery stream, namespace AWS/Firehose.
 * https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html
 * @module
 */

import type { MetricSample, MetricSink } from "../metrics/metric_sink.ts";

const UNITS = {
  IncomingBytes: "Bytes",
  IncomingRecords: "Count",
  IncomingPutRequests: "Count",
  "PutRecord.Bytes": "Bytes",
  "PutRecord.Requests": "Count",
  "PutRecordBatch.Bytes": "Bytes",
  "PutRecordBatch.Records": "Count",
  "PutRecordBatch.Requests": "Count",
  "DeliveryToS3.Bytes": "Bytes",
  "DeliveryToS3.Records": "Count",
  "DeliveryToS3.Success": "None",
  "DeliveryToS3.DataFreshness": "Seconds",
  "DeliveryToS3.ObjectCount": "Count",
  "BackupToS3.Bytes": "Bytes",
  "BackupToS3.Records": "Count",
  "BackupToS3.Success": "None",
  "BackupToS3.DataFreshness": "Seconds",
  "ExecuteProcessing.Duration": "Milliseconds",
  "ExecuteProcessing.Success": "None",
  "SucceedProcessing.Bytes": "Bytes",
  "SucceedProcessing.Records": "Count",
  PartitionCount: "Count",
  PartitionCountExceeded: "Count",
  ActivePartitionsLimit: "Count",
} as const;

/** Samples by metric name. */
export type StreamMetrics = Readonly<Partial<Record<keyof typeof UNITS, number>>>;

const UNIT_OF: ReadonlyMap<string, string> = new Map(Object.entries(UNITS));

/** Records one sample of each of `values` for a delivery stream. */
export function recordMetrics(
  sink: MetricSink,
  streamName: string,
  timestampMs: number,
  values: StreamMetrics,
): void {
  const dimensions = { DeliveryStreamName: streamName };
  sink.record(
    Object.entries(values).map(([metricName, value]): MetricSample => ({
      namespace: "AWS/Firehose",
      metricName,
      dimensions,
      value,
      unit: UNIT_OF.get(metricName) ?? "None",
      timestampMs,
    })),
  );
}
