/**
 * The permissions between a delivery stream and its function: the stream's role may invoke it, and
 * the function's role may do to the stream and its bucket what its settings need, and no more.
 * @module
 */

import type { IAMClient } from "@aws-sdk/client-iam";
import { putsBack } from "../../../lambda/transform_options.ts";
import type { Change } from "./change.ts";
import {
  ensureNoRolePolicy,
  ensureRolePolicy,
  PUT_BACK_POLICY,
  roleNameOf,
  WRITE_LARGE_POLICY,
} from "./function_role.ts";
import { largeRecordPlace, type TransformSettings } from "./function_settings.ts";
import type { StreamDestination } from "../streams/stream_destination.ts";

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
  iam: IAMClient,
  { invokingRole }: StreamDestination,
  { functionName, functionArn }: NamedFunction,
): Promise<Change> {
  return await ensureRolePolicy(iam, invokingRole, `invoke-${functionName}`, {
    Version: "2012-10-17",
    Statement: [{
      Effect: "Allow",
      Action: ["lambda:InvokeFunction", "lambda:GetFunctionConfiguration"],
      Resource: [functionArn, `${functionArn}:*`],
    }],
  });
}

/**
 * Lets the function put records back to this delivery stream alone, unless its strategy never does,
 * and write to the stream's part of the bucket where that was chosen. Takes back what the settings
 * no longer need.
 */
export async function ensureFunctionMayAnswer(
  iam: IAMClient,
  destination: StreamDestination,
  functionName: string,
  settings: TransformSettings,
): Promise<Change[]> {
  const roleName = roleNameOf(functionName);
  const putBack = putsBack(settings.strategy)
    ? [await ensureRolePolicy(iam, roleName, PUT_BACK_POLICY, putBackPolicy(destination))]
    : await ensureNoRolePolicy(iam, roleName, PUT_BACK_POLICY);
  const write = largeRecordPlace(settings, destination)
    ? [await ensureRolePolicy(iam, roleName, WRITE_LARGE_POLICY, writePolicy(destination))]
    : await ensureNoRolePolicy(iam, roleName, WRITE_LARGE_POLICY);
  return [...putBack, ...write];
}

function putBackPolicy({ streamArn }: StreamDestination) {
  return allow("firehose:PutRecordBatch", streamArn);
}

/** Only under what comes before the first partition key of the Prefix. */
function writePolicy({ streamArn, bucket, prefix }: StreamDestination) {
  const [, partition] = streamArn.split(":");
  const [folder] = prefix.split("!{");
  return allow("s3:PutObject", `arn:${partition}:s3:::${bucket}/${folder}*`);
}

function allow(action: string, resource: string) {
  return {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: [action], Resource: [resource] }],
  };
}
