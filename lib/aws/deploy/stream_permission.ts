/**
 * The permissions between a delivery stream and its function: the stream's role may invoke it, and
 * the function's role may do to the stream and its bucket what its settings need, and no more.
 * @module
 */

import {
  GetRoleCommand,
  type IAMClient,
  SimulatePrincipalPolicyCommand,
} from "@aws-sdk/client-iam";
import { putsBack } from "../../../lambda/transform_options.ts";
import { unlessMissing } from "../errors/missing.ts";
import { type ForeignThing, isOurs } from "../place/ownership.ts";
import type { StreamDestination } from "../streams/stream_destination.ts";
import { type Step, unchanged } from "./change.ts";
import {
  planNoRolePolicy,
  planRolePolicy,
  type PolicyDocument,
  PUT_BACK_POLICY,
  roleNameOf,
  WRITE_LARGE_POLICY,
} from "./function_role.ts";
import { largeRecordPlace, type TransformSettings } from "./function_settings.ts";

/** A function, as a permission names it. */
export interface NamedFunction {
  readonly functionName: string;
  /** Without a version. */
  readonly functionArn: string;
}

/** What a deployment does to the stream's role. */
export interface InvokePlan {
  readonly steps: readonly Step[];
  /** The role, if it is somebody else's and may not invoke the function. */
  readonly foreign: readonly ForeignThing[];
}

/**
 * Lets the role with which this delivery stream calls functions invoke this one, at any version:
 * Firehose names `:$LATEST` if the stream names no version. Firehose needs nothing of the function's
 * own policy. A role of somebody else's is never changed: it has the permission already, or a person
 * must give it.
 */
export async function planStreamMayInvoke(
  iam: IAMClient,
  { invokingRole, invokingRoleArn }: StreamDestination,
  { functionName, functionArn }: NamedFunction,
): Promise<InvokePlan> {
  const policyName = `invoke-${functionName}`;
  const document = {
    Version: "2012-10-17",
    Statement: [{
      Effect: "Allow",
      Action: ["lambda:InvokeFunction", "lambda:GetFunctionConfiguration"],
      Resource: [functionArn, `${functionArn}:*`],
    }],
  };
  const step = await planRolePolicy(iam, invokingRole, policyName, document);
  if (step.change.change === "unchanged") return { steps: [step], foreign: [] };
  const role = await unlessMissing(iam.send(new GetRoleCommand({ RoleName: invokingRole })));
  if (isOurs(role?.Role?.Tags)) return { steps: [step], foreign: [] };
  if (await mayInvoke(iam, invokingRoleArn, functionArn)) {
    return { steps: [unchanged(step.change.what)], foreign: [] };
  }
  const foreign = foreignInvoker(invokingRole, { policyName, document, step });
  return { steps: [step], foreign: [foreign] };
}

/** Whether the role may invoke the function already, by whatever policy; no answer means no. */
async function mayInvoke(iam: IAMClient, roleArn: string, functionArn: string): Promise<boolean> {
  try {
    const { EvaluationResults = [] } = await iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: roleArn,
        ActionNames: ["lambda:InvokeFunction"],
        ResourceArns: [`${functionArn}:$LATEST`],
      }),
    );
    return EvaluationResults.length > 0 &&
      EvaluationResults.every(({ EvalDecision }) => EvalDecision === "allowed");
  } catch {
    return false;
  }
}

function foreignInvoker(
  roleName: string,
  { policyName, document, step }: {
    readonly policyName: string;
    readonly document: PolicyDocument;
    readonly step: Step;
  },
): ForeignThing {
  return {
    what: `role ${roleName}, with which the delivery stream invokes functions,`,
    found: ["it may not invoke the function"],
    wouldChange: [`${step.change.what}: ${step.change.detail}`],
    advice: "This task never changes such a role. Give it the permission, then run this " +
      `again:\n  aws iam put-role-policy --role-name ${roleName} --policy-name ${policyName} ` +
      `--policy-document '${JSON.stringify(document)}'`,
  };
}

/**
 * Lets the function put records back to this delivery stream, if its strategy does that, and write to
 * the stream's part of the bucket if that was chosen. Removes permissions that the settings no longer
 * need.
 */
export async function planFunctionMayAnswer(
  iam: IAMClient,
  destination: StreamDestination,
  functionName: string,
  settings: TransformSettings,
): Promise<Step[]> {
  const roleName = roleNameOf(functionName);
  const putBack = putsBack(settings.strategy)
    ? [await planRolePolicy(iam, roleName, PUT_BACK_POLICY, putBackPolicy(destination))]
    : await planNoRolePolicy(iam, roleName, PUT_BACK_POLICY);
  const write = largeRecordPlace(settings, destination)
    ? [await planRolePolicy(iam, roleName, WRITE_LARGE_POLICY, writePolicy(destination))]
    : await planNoRolePolicy(iam, roleName, WRITE_LARGE_POLICY);
  return [...putBack, ...write];
}

function putBackPolicy({ streamArn }: StreamDestination) {
  return allow("firehose:PutRecordBatch", streamArn);
}

/** Writing is allowed only below the part of the Prefix before its first partition key. */
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
