/**
 * The execution role of a function: Lambda may assume it, and it may write the function's own log.
 * @module
 */

import {
  CreateRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { isDeepStrictEqual } from "node:util";
import type { Change } from "./change.ts";
import { explained } from "../errors/explained_error.ts";
import { unlessMissing } from "../errors/missing.ts";

/** Where a function lives. */
export interface FunctionPlace {
  readonly functionName: string;
  /** `aws`, or `aws-cn` and the like. */
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

const POLICY_NAME = "write-own-log";
/** The role's policy for putting records back to its delivery stream. */
export const PUT_BACK_POLICY = "put-records-back";
/** The role's policy for writing records that no response can hold. */
export const WRITE_LARGE_POLICY = "write-large-records";

/** The role that {@linkcode ensureFunctionRole} makes for a function of this name. */
export function roleNameOf(functionName: string): string {
  return `${functionName}-role`;
}

const TRUST_POLICY = {
  Version: "2012-10-17",
  Statement: [{
    Effect: "Allow",
    Principal: { Service: "lambda.amazonaws.com" },
    Action: "sts:AssumeRole",
  }],
};

/** What the function does to AWS whatever its settings: it writes its own log group. */
function permissionsOf({ functionName, partition, region, accountId }: FunctionPlace) {
  const logGroup =
    `arn:${partition}:logs:${region}:${accountId}:log-group:/aws/lambda/${functionName}`;
  return {
    Version: "2012-10-17",
    Statement: [{
      Effect: "Allow",
      Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: [logGroup, `${logGroup}:*`],
    }],
  };
}

/** Creates the role, or mends its trust and its permissions. Throws an `Error` that says what to do. */
export async function ensureFunctionRole(
  iam: IAMClient,
  place: FunctionPlace,
  tags: Readonly<Record<string, string>>,
): Promise<{ roleArn: string; changes: readonly Change[] }> {
  const roleName = roleNameOf(place.functionName);
  const role = await explained(
    `create the role ${roleName}`,
    () => ensureRole(iam, roleName, tags),
  );
  const policy = await explained(
    `give the role ${roleName} its permissions`,
    () => ensureRolePolicy(iam, roleName, POLICY_NAME, permissionsOf(place)),
  );
  return { roleArn: role.arn, changes: [role.change, policy] };
}

/** Gives a role an inline policy of this name, or changes the one it has. */
export async function ensureRolePolicy(
  iam: IAMClient,
  roleName: string,
  policyName: string,
  document: object,
): Promise<Change> {
  const what = `policy ${policyName} of role ${roleName}`;
  const named = { RoleName: roleName, PolicyName: policyName };
  const found = await unlessMissing(iam.send(new GetRolePolicyCommand(named)));
  if (found && isSamePolicy(found.PolicyDocument, document)) return { what, change: "unchanged" };
  await iam.send(new PutRolePolicyCommand({ ...named, PolicyDocument: JSON.stringify(document) }));
  return { what, change: found ? "updated" : "created" };
}

/** Takes an inline policy of this name from a role; no change where it has none. */
export async function ensureNoRolePolicy(
  iam: IAMClient,
  RoleName: string,
  PolicyName: string,
): Promise<Change[]> {
  const named = { RoleName, PolicyName };
  if (!await unlessMissing(iam.send(new GetRolePolicyCommand(named)))) return [];
  await iam.send(new DeleteRolePolicyCommand(named));
  return [{ what: `policy ${PolicyName} of role ${RoleName}`, change: "deleted" }];
}

async function ensureRole(
  iam: IAMClient,
  RoleName: string,
  tags: Readonly<Record<string, string>>,
): Promise<{ arn: string; change: Change }> {
  const what = `role ${RoleName}`;
  const trust = JSON.stringify(TRUST_POLICY);
  const found = await unlessMissing(iam.send(new GetRoleCommand({ RoleName })));
  if (!found) {
    const { Role } = await iam.send(
      new CreateRoleCommand({
        RoleName,
        AssumeRolePolicyDocument: trust,
        Description: "Execution role of a Firehose transformation function",
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    );
    return { arn: Role?.Arn ?? "", change: { what, change: "created" } };
  }
  const arn = found.Role?.Arn ?? "";
  if (isSamePolicy(found.Role?.AssumeRolePolicyDocument, TRUST_POLICY)) {
    return { arn, change: { what, change: "unchanged" } };
  }
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust }));
  return { arn, change: { what, change: "updated", detail: "Lambda may assume it again" } };
}

/** IAM gives documents percent-encoded. */
function isSamePolicy(found: string | undefined, wanted: object): boolean {
  return found !== undefined && isDeepStrictEqual(JSON.parse(decodeURIComponent(found)), wanted);
}
