/**
 * Delivery streams: creation in the way that a notebook has already shown, status and hints.
 * @module
 */

import {
  type BufferingHints,
  CreateDeliveryStreamCommand,
  type DeliveryStreamStatus,
  DescribeDeliveryStreamCommand,
  type ExtendedS3DestinationConfiguration,
  type FirehoseClient,
} from "@aws-sdk/client-firehose";
import { until } from "../../view/until.ts";
import { alreadyThere } from "../errors/already_there.ts";
import { onceRoleIsKnown } from "../place/eventual.ts";
import type { Tag } from "../place/names.ts";
import { unlessMissing } from "../errors/missing.ts";

/** The status of a delivery stream; undefined if there is none of this name. */
export async function streamStatus(
  firehose: FirehoseClient,
  streamName: string,
): Promise<DeliveryStreamStatus | undefined> {
  const answer = await unlessMissing(
    firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: streamName })),
  );
  return answer?.DeliveryStreamDescription?.DeliveryStreamStatus;
}

/** Whether the delivery stream exists and accepts records. */
export async function isActive(firehose: FirehoseClient, streamName: string): Promise<boolean> {
  return await streamStatus(firehose, streamName) === "ACTIVE";
}

/** The buffering hints of a stream that delivers to S3. Throws an `Error` if there are none. */
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

/** On AWS it usually takes a minute. */
const CREATING_SECONDS_MAX = 180;

/**
 * Creates a Direct PUT stream, and waits until it is ACTIVE. An existing stream keeps its settings:
 * UpdateDestination changes those.
 */
export async function ensureStream(
  { firehose, tags }: { readonly firehose: FirehoseClient; readonly tags: Tag[] },
  streamName: string,
  destination: ExtendedS3DestinationConfiguration,
): Promise<void> {
  const create = new CreateDeliveryStreamCommand({
    DeliveryStreamName: streamName,
    DeliveryStreamType: "DirectPut",
    ExtendedS3DestinationConfiguration: destination,
    Tags: tags,
  });
  await onceRoleIsKnown(() => firehose.send(create).catch(alreadyThere));
  await until(`${streamName} is ACTIVE`, () => isActive(firehose, streamName), {
    withinSeconds: CREATING_SECONDS_MAX,
  });
}
