/**
 * How services of the sandbox record CloudWatch metrics.
 * @module
 */

/** One sample of a metric. */
export interface MetricSample {
  /** `AWS/Firehose`. */
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  /** `Count`, `Bytes`, `Milliseconds`, `Seconds`, `None`. */
  readonly unit: string;
  readonly timestampMs: number;
}

/** Takes samples; never fails and never delays what is measured. */
export interface MetricSink {
  record(samples: readonly MetricSample[]): void;
}
