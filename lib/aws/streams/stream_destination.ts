/**
 * The destination of a delivery stream, and its roles.
 * @module
 */

import { DescribeDeliveryStreamCommand, type FirehoseClient } from "@aws-sdk/client-firehose";
import type { ExtendedS3DestinationDescription } from "@aws-sdk/client-firehose";

/** A delivery stream with a destination in S3. */
export interface StreamDestination {
  readonly streamArn: string;
  readonly bucket: string;
  readonly prefix: string;
  /** The name and the ARN of the role with which it invokes functions. */
  readonly invokingRole: string;
  readonly invokingRoleArn: string;
}

/** Throws an `Error` if the stream does not deliver to S3. */
export async function describeDestination(
  firehose: FirehoseClient,
  streamName: string,
): Promise<StreamDestination> {
  const { DeliveryStreamDescription } = await firehose.send(
    new DescribeDeliveryStreamCommand({ DeliveryStreamName: streamName }),
  );
  const [destination] = DeliveryStreamDescription?.Destinations ?? [];
  const s3 = destination?.ExtendedS3DestinationDescription;
  const roleArn = invokingRoleOf(s3);
  if (!s3 || !roleArn) throw new Error(`delivery stream ${streamName} does not deliver to S3`);
  return {
    streamArn: DeliveryStreamDescription?.DeliveryStreamARN ?? "",
    bucket: (s3.BucketARN ?? "").split(":").at(-1) ?? "",
    prefix: s3.Prefix ?? "",
    invokingRole: roleArn.slice(roleArn.lastIndexOf("/") + 1),
    invokingRoleArn: roleArn,
  };
}

/** The Lambda processor's own role if it names one, else the role that delivers. */
function invokingRoleOf(destination?: ExtendedS3DestinationDescription): string | undefined {
  const parameters = destination?.ProcessingConfiguration?.Processors
    ?.find(({ Type }) => Type === "Lambda")?.Parameters;
  const own = parameters?.find(({ ParameterName }) => ParameterName === "RoleArn");
  return own?.ParameterValue ?? destination?.RoleARN;
}
