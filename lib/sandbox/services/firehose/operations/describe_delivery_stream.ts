/**
 * DescribeDeliveryStream: a stream's status and configuration.
 * @module
 */

import type {
  DeliveryStreamDescription,
  DescribeDeliveryStreamInput,
  DescribeDeliveryStreamOutput,
  ExtendedS3DestinationDescription,
  S3DestinationDescription,
} from "@aws-sdk/client-firehose";
import { DescribeDeliveryStream$ } from "../../../schemas/firehose.ts";
import type { Given, OperationDefinition } from "../../../operation.ts";
import type { DeliveryStream } from "../delivery_stream.ts";
import { encryptionDescription } from "./encryption.ts";
import { DELIVERY_STREAM_NAME } from "../shapes.ts";
import type { FirehoseState } from "../state.ts";

/** The id of a stream's one destination (captured). */
export const DESTINATION_ID = "destinationId-000000000001";

export const DescribeDeliveryStream: OperationDefinition<
  Given<DescribeDeliveryStreamInput, "DeliveryStreamName">,
  DescribeDeliveryStreamOutput,
  FirehoseState
> = {
  schema: DescribeDeliveryStream$,
  constraints: {
    DeliveryStreamName: DELIVERY_STREAM_NAME,
    Limit: { range: [1, 10_000] },
    // The one destination is shown for any ExclusiveStartDestinationId (captured).
    ExclusiveStartDestinationId: { length: [1, 100], pattern: "[a-zA-Z0-9-]+" },
  },
  access: ({ DeliveryStreamName }, { state }) => [
    { action: "firehose:DescribeDeliveryStream", resource: state.streamArn(DeliveryStreamName) },
  ],
  run: ({ DeliveryStreamName }, { state, nowMs }) => {
    const DeliveryStreamDescription = streamDescription(state.stream(DeliveryStreamName));
    state.record(DeliveryStreamName, {
      "DescribeDeliveryStream.Requests": 1,
      "DescribeDeliveryStream.Latency": state.options.clock.nowMs() - nowMs,
    });
    return { DeliveryStreamDescription };
  },
};

/** A stream as it is shown (captured). */
export function streamDescription(stream: DeliveryStream): DeliveryStreamDescription {
  return {
    DeliveryStreamName: stream.name,
    DeliveryStreamARN: stream.arn,
    DeliveryStreamStatus: stream.status,
    DeliveryStreamEncryptionConfiguration: encryptionDescription(stream),
    DeliveryStreamType: "DirectPut",
    VersionId: String(stream.version),
    CreateTimestamp: new Date(stream.createMs),
    // Absent until the first real change (captured).
    ...(stream.lastUpdateMs === undefined
      ? {}
      : { LastUpdateTimestamp: new Date(stream.lastUpdateMs) }),
    ...(stream.throughputHintInMBs === undefined ? {} : {
      Source: { DirectPutSourceDescription: { ThroughputHintInMBs: stream.throughputHintInMBs } },
    }),
    Destinations: [{
      DestinationId: DESTINATION_ID,
      S3DestinationDescription: plainView(stream.destination),
      ExtendedS3DestinationDescription: stream.destination,
    }],
    HasMoreDestinations: false,
  };
}

/** The older view of the same destination; always shown beside the other (captured). */
function plainView(destination: ExtendedS3DestinationDescription): S3DestinationDescription {
  const { RoleARN, BucketARN, Prefix, ErrorOutputPrefix } = destination;
  const { BufferingHints, CompressionFormat, EncryptionConfiguration } = destination;
  return {
    RoleARN,
    BucketARN,
    ...(Prefix === undefined ? {} : { Prefix }),
    ...(ErrorOutputPrefix === undefined ? {} : { ErrorOutputPrefix }),
    BufferingHints,
    CompressionFormat,
    EncryptionConfiguration,
    CloudWatchLoggingOptions: destination.CloudWatchLoggingOptions,
  };
}
