/**
 * The metrics of a delivery stream, namespace AWS/Firehose.
 * https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html
 * @module
 */

import type { MetricSample, MetricSink } from "../../ports/metric_sink.ts";

const UNITS = {
  IncomingBytes: "Bytes",
  IncomingRecords: "Count",
  IncomingPutRequests: "Count",
  ThrottledRecords: "Count",
  BytesPerSecondLimit: "Bytes",
  RecordsPerSecondLimit: "Count",
  PutRequestsPerSecondLimit: "Count",
  "PutRecord.Bytes": "Bytes",
  "PutRecord.Latency": "Milliseconds",
  "PutRecord.Requests": "Count",
  "PutRecordBatch.Bytes": "Bytes",
  "PutRecordBatch.Latency": "Milliseconds",
  "PutRecordBatch.Records": "Count",
  "PutRecordBatch.Requests": "Count",
  "DescribeDeliveryStream.Latency": "Milliseconds",
  "DescribeDeliveryStream.Requests": "Count",
  "ListDeliveryStreams.Latency": "Milliseconds",
  "ListDeliveryStreams.Requests": "Count",
  "UpdateDeliveryStream.Latency": "Milliseconds",
  "UpdateDeliveryStream.Requests": "Count",
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
  "OutputDecompressedBytes.Success": "Bytes",
  "OutputDecompressedBytes.Failed": "Bytes",
  "OutputDecompressedRecords.Success": "Count",
  "OutputDecompressedRecords.Failed": "Count",
  PartitionCount: "Count",
  PartitionCountExceeded: "Count",
  ActivePartitionsLimit: "Count",
  PerPartitionThroughput: "Bytes/Second",
  "JQProcessing.Duration": "Milliseconds",
} as const;

/** Samples by metric name. */
export type StreamMetrics = Readonly<Partial<Record<keyof typeof UNITS, number>>>;

const UNIT_OF: ReadonlyMap<string, string> = new Map(Object.entries(UNITS));

/**
 * Records one sample of each of `values`: for a delivery stream, or, without a name, for the
 * account.
 */
export function recordMetrics(
  sink: MetricSink,
  streamName: string | undefined,
  timestampMs: number,
  values: StreamMetrics,
): void {
  const dimensions: Record<string, string> = {};
  if (streamName !== undefined) dimensions.DeliveryStreamName = streamName;
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

/** Records how often a record came back to its stream. AWS has no such metric or namespace. */
export function recordRounds(
  sink: MetricSink,
  streamName: string,
  timestampMs: number,
  rounds: number,
): void {
  sink.record([{
    namespace: "FirehoseLab",
    metricName: "ReturnedRecordRounds",
    dimensions: { DeliveryStreamName: streamName },
    value: rounds,
    unit: "Count",
    timestampMs,
  }]);
}
