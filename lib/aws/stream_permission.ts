/**
 * The permission of a delivery stream's role to invoke a function.
 * @module
 */

import { DescribeDeliveryStreamCommand, type FirehoseClient } from "@aws-sdk/client-firehose";
import type { ExtendedS3DestinationDescription } from "@aws-sdk/client-firehose";
import type { IAMClient } from "@aws-sdk/client-iam";
import type { Change } from "./change.ts";
import { ensureRolePolicy } from "./function_role.ts";

/** A function, as a permission names it. */
export interface NamedFunction {
  readonly functionName: string;
  /** Without a version. */
  readonly functionArn: string;
}

/**
 * Lets the role with which this delivery stream calls functions invoke this one, at any version:
 * Firehose names `:$LATEST` where the stream names none. Firehose needs nothing of the function's
 * own policy.
 */
export async function ensureStreamMayInvoke(
  { firehose, iam }: { readonly firehose: FirehoseClient; readonly iam: IAMClient },
  streamName: string,
  { functionName, functionArn }: NamedFunction,
): Promise<Change> {
  const { DeliveryStreamDescription } = await firehose.send(
    new DescribeDeliveryStreamCommand({ DeliveryStreamName: streamName }),
  );
  const [destination] = DeliveryStreamDescription?.Destinations ?? [];
  const roleArn = invokingRoleOf(destination?.ExtendedS3DestinationDescription);
  if (!roleArn) throw new Error(`delivery stream ${streamName} does not deliver to S3`);
  const roleName = roleArn.slice(roleArn.lastIndexOf("/") + 1);
  return await ensureRolePolicy(iam, roleName, `invoke-${functionName}`, {
    Version: "2012-10-17",
    Statement: [{
      Effect: "Allow",
      Action: ["lambda:InvokeFunction", "lambda:GetFunctionConfiguration"],
      Resource: [functionArn, `${functionArn}:*`],
    }],
  });
}

/** The Lambda processor's own role where it names one, else the one that delivers. */
function invokingRoleOf(destination?: ExtendedS3DestinationDescription): string | undefined {
  const parameters = destination?.ProcessingConfiguration?.Processors
    ?.find(({ Type }) => Type === "Lambda")?.Parameters;
  const own = parameters?.find(({ ParameterName }) => ParameterName === "RoleArn");
  return own?.ParameterValue ?? destination?.RoleARN;
}
