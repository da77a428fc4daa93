/**
 * Settings of a stream that partitions by jq, for cells that make more such streams. Notebook 2
 * writes them out once.
 * @module
 */

import {
  DescribeDeliveryStreamCommand,
  type ExtendedS3DestinationConfiguration,
  type FirehoseClient,
  type Processor,
} from "@aws-sdk/client-firehose";

/** The processor that finds partition keys in JSON records by a jq expression. */
export function jqProcessor(query: string): Processor {
  return {
    Type: "MetadataExtraction",
    Parameters: [
      { ParameterName: "MetadataExtractionQuery", ParameterValue: query },
      { ParameterName: "JsonParsingEngine", ParameterValue: "JQ-1.6" },
    ],
  };
}

/** The processor that puts a line feed between records. */
export const LINES_PROCESSOR: Processor = { Type: "AppendDelimiterToRecord" };

/** A part of a prefix, one folder for each key that the expression gives. */
export const fromQuery = (...keys: readonly string[]): string =>
  keys.map((key) => `!{partitionKeyFromQuery:${key}}/`).join("");

/**
 * The S3 destination of an existing stream as CreateDeliveryStream takes it, without its
 * processors. Throws an `Error` if the stream does not deliver to S3, and AWS's error if there is
 * no such stream.
 */
export async function destinationOf(
  firehose: FirehoseClient,
  streamName: string,
): Promise<ExtendedS3DestinationConfiguration> {
  const { DeliveryStreamDescription } = await firehose.send(
    new DescribeDeliveryStreamCommand({ DeliveryStreamName: streamName }),
  );
  const described = DeliveryStreamDescription?.Destinations?.[0].ExtendedS3DestinationDescription;
  if (!described) throw new Error(`Delivery stream ${streamName} does not deliver to S3.`);
  const { RoleARN, BucketARN, Prefix, ErrorOutputPrefix, BufferingHints } = described;
  const { DynamicPartitioningConfiguration } = described;
  return {
    RoleARN,
    BucketARN,
    Prefix,
    ErrorOutputPrefix,
    BufferingHints,
    DynamicPartitioningConfiguration,
  };
}
