/**
 * Delivery streams: their status.
 * @module
 */

import {
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
