/**
 * Destinations with each kind of processor, valid as AWS wants them.
 * @module
 */

import { ACCOUNT_ID, REGION, ROLE_ARN } from "../scene.ts";

function processor(Type: string, parameters: Readonly<Record<string, string>> = {}): object {
  const Parameters = Object.entries(parameters)
    .map(([ParameterName, ParameterValue]) => ({ ParameterName, ParameterValue }));
  return { Type, Parameters };
}

const processing = (...Processors: object[]) => ({
  ProcessingConfiguration: { Enabled: true, Processors },
});

const LAMBDA = processor("Lambda", {
  LambdaArn: `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:probed`,
  NumberOfRetries: "1",
  RoleArn: ROLE_ARN,
  BufferSizeInMBs: "1",
  BufferIntervalInSeconds: "60",
});

const partitionedBy = (namespace: string) => ({
  DynamicPartitioningConfiguration: { Enabled: true, RetryOptions: { DurationInSeconds: 300 } },
  Prefix: `!{${namespace}:k}/`,
  ErrorOutputPrefix: "errors/",
  BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
});

/** A destination with dynamic partitioning. */
export const PARTITIONED = { ...partitionedBy("partitionKeyFromLambda"), ...processing(LAMBDA) };

const DECOMPRESSION = processor("Decompression", { CompressionFormat: "GZIP" });
const EXTRACTED = {
  ...partitionedBy("partitionKeyFromQuery"),
  ...processing(
    processor("MetadataExtraction", {
      MetadataExtractionQuery: "{k: .k}",
      JsonParsingEngine: "JQ-1.6",
    }),
  ),
};
const DEAGGREGATED = {
  ...PARTITIONED,
  ...processing(
    processor("RecordDeAggregation", { SubRecordType: "DELIMITED", Delimiter: "IyMjIw==" }),
    LAMBDA,
  ),
};

/** Members of a destination, by the processor that it has. */
export const BY_PROCESSOR = {
  RecordDeAggregation: DEAGGREGATED,
  Decompression: processing(DECOMPRESSION),
  CloudWatchLogProcessing: processing(
    DECOMPRESSION,
    processor("CloudWatchLogProcessing", { DataMessageExtraction: "true" }),
  ),
  Lambda: processing(LAMBDA),
  MetadataExtraction: EXTRACTED,
  AppendDelimiterToRecord: processing(processor("AppendDelimiterToRecord")),
};

/** Members of a destination, by a parameter that one of its processors has. */
export const BY_PARAMETER = {
  LambdaArn: BY_PROCESSOR.Lambda,
  NumberOfRetries: BY_PROCESSOR.Lambda,
  MetadataExtractionQuery: EXTRACTED,
  JsonParsingEngine: EXTRACTED,
  RoleArn: BY_PROCESSOR.Lambda,
  BufferSizeInMBs: BY_PROCESSOR.Lambda,
  BufferIntervalInSeconds: BY_PROCESSOR.Lambda,
  SubRecordType: DEAGGREGATED,
  Delimiter: DEAGGREGATED,
  CompressionFormat: BY_PROCESSOR.Decompression,
  DataMessageExtraction: BY_PROCESSOR.CloudWatchLogProcessing,
};
