/**
 * Delivery streams: their status.
 * @module
 */

import {
  type BufferingHints,
  type DeliveryStreamStatus,
  DescribeDeliveryStreamCommand,
  type FirehoseClient,
} from "@aws-sdk/client-firehose";
import { unlessMissing } from "./missing.ts";

/** The status of a delivery stream, or undefined where there is none of this name. */
export async function streamStatus(
  firehose: FirehoseClient,
  streamName: string,
): Promise<DeliveryStreamStatus | undefined> {
  const answer = await unlessMissing(
    firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: streamName })),
  );
  return answer?.DeliveryStreamDescription?.DeliveryStreamStatus;
}

/** Whether there is such a delivery stream and it takes records. */
export async function isActive(firehose: FirehoseClient, streamName: string): Promise<boolean> {
  return await streamStatus(firehose, streamName) === "ACTIVE";
}

/** The buffering hints of a stream that delivers to S3. Throws an `Error` where there are none. */
export async function hintsOf(
  firehose: FirehoseClient,
  streamName: string,
): Promise<Required<BufferingHints>> {
  const { DeliveryStreamDescription } = await firehose.send(
    new DescribeDeliveryStreamCommand({ DeliveryStreamName: streamName }),
  );
  const [destination] = DeliveryStreamDescription?.Destinations ?? [];
  const hints = destination?.ExtendedS3DestinationDescription?.BufferingHints;
  const { SizeInMBs, IntervalInSeconds } = hints ?? {};
  if (SizeInMBs === undefined || IntervalInSeconds === undefined) {
    throw new Error(`delivery stream ${streamName} does not deliver to S3`);
  }
  return { SizeInMBs, IntervalInSeconds };
}
