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
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
  type Role,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { isDeepStrictEqual } from "node:util";
import { type Change, type Step, unchanged } from "./change.ts";
import { unlessMissing } from "../errors/missing.ts";
import { type ForeignThing, isOurs } from "../place/ownership.ts";

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

/** The name of the role of a function with this name. */
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

/** What every such function may do in AWS, whatever its settings: write its own log group. */
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

/** What a deployment does to the function's role. */
export interface RolePlan {
  /** Its ARN, also before it is created. */
  readonly roleArn: string;
  readonly steps: readonly Step[];
  /** The role, if somebody else's has its name. */
  readonly foreign: readonly ForeignThing[];
}

/** Looks at the function's role and changes nothing. */
export async function planFunctionRole(
  iam: IAMClient,
  place: FunctionPlace,
  tags: Readonly<Record<string, string>>,
): Promise<RolePlan> {
  const roleName = roleNameOf(place.functionName);
  const found = (await unlessMissing(iam.send(new GetRoleCommand({ RoleName: roleName }))))?.Role;
  const steps = [
    found ? trustStep(iam, roleName, found) : creationStep(iam, roleName, tags),
    await planRolePolicy(iam, roleName, POLICY_NAME, permissionsOf(place)),
  ];
  const foreign = found && !isOurs(found.Tags) ? [await foreignRole(iam, found, steps)] : [];
  const { partition, accountId } = place;
  return {
    roleArn: found?.Arn ?? `arn:${partition}:iam::${accountId}:role/${roleName}`,
    steps,
    foreign,
  };
}

function creationStep(
  iam: IAMClient,
  RoleName: string,
  tags: Readonly<Record<string, string>>,
): Step {
  const create = new CreateRoleCommand({
    RoleName,
    AssumeRolePolicyDocument: JSON.stringify(TRUST_POLICY),
    Description: "Execution role of a Firehose transformation function",
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  });
  return {
    change: { what: `role ${RoleName}`, change: "created", detail: "trusts lambda.amazonaws.com" },
    doing: `create the role ${RoleName}`,
    make: () => iam.send(create),
  };
}

function trustStep(iam: IAMClient, RoleName: string, found: Role): Step {
  if (isSamePolicy(found.AssumeRolePolicyDocument, TRUST_POLICY)) {
    return unchanged(`role ${RoleName}`);
  }
  const PolicyDocument = JSON.stringify(TRUST_POLICY);
  const trusted = trustedBy(found);
  return {
    change: {
      what: `role ${RoleName}`,
      change: "updated",
      detail: `trusts ${trusted} → lambda.amazonaws.com`,
    },
    doing: `let Lambda assume the role ${RoleName}`,
    make: () => iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument })),
  };
}

/** The step that gives a role an inline policy of this name, or changes the existing one. */
export async function planRolePolicy(
  iam: IAMClient,
  roleName: string,
  policyName: string,
  document: PolicyDocument,
): Promise<Step> {
  const what = `policy ${policyName} of role ${roleName}`;
  const named = { RoleName: roleName, PolicyName: policyName };
  const found = await unlessMissing(iam.send(new GetRolePolicyCommand(named)));
  if (found && isSamePolicy(found.PolicyDocument, document)) return unchanged(what);
  return {
    change: { what, change: found ? "updated" : "created", detail: permissionsText(document) },
    doing: `give the role ${roleName} the policy ${policyName}`,
    make: () =>
      iam.send(new PutRolePolicyCommand({ ...named, PolicyDocument: JSON.stringify(document) })),
  };
}

/** The step that removes an inline policy of this name from a role; none if it has no such policy. */
export async function planNoRolePolicy(
  iam: IAMClient,
  RoleName: string,
  PolicyName: string,
): Promise<Step[]> {
  const named = { RoleName, PolicyName };
  if (!await unlessMissing(iam.send(new GetRolePolicyCommand(named)))) return [];
  return [{
    change: { what: `policy ${PolicyName} of role ${RoleName}`, change: "deleted" },
    doing: `take the policy ${PolicyName} from the role ${RoleName}`,
    make: () => iam.send(new DeleteRolePolicyCommand(named)),
  }];
}

/** Plans an inline policy and makes the change; the caller knows that the role is this project's. */
export async function ensureRolePolicy(
  ...wanted: Parameters<typeof planRolePolicy>
): Promise<Change> {
  const { change, make } = await planRolePolicy(...wanted);
  await make();
  return change;
}

/** A policy as this project writes it. */
export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly {
    readonly Effect: string;
    readonly Action: readonly string[];
    readonly Resource: readonly string[];
  }[];
}

function permissionsText({ Statement }: PolicyDocument): string {
  return Statement.map(({ Action, Resource }) => `${Action.join(", ")} on ${Resource.join(", ")}`)
    .join("; ");
}

/** A description of somebody else's role, for the person who must decide. */
async function foreignRole(
  iam: IAMClient,
  role: Role,
  steps: readonly Step[],
): Promise<ForeignThing> {
  return {
    what: `role ${role.RoleName}`,
    found: [
      `trusts ${trustedBy(role)}`,
      `policies: ${(await policiesOf(iam, role)).join(", ") || "none"}`,
    ],
    wouldChange: changesOf(steps),
    advice: "This task never replaces such a role: choose another name with --function.",
  };
}

async function policiesOf(iam: IAMClient, { RoleName }: Role): Promise<string[]> {
  try {
    const named = { RoleName };
    const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand(named));
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand(named));
    return [...AttachedPolicies.map(({ PolicyName }) => PolicyName ?? ""), ...PolicyNames];
  } catch {
    return ["not allowed to list them"]; // the answer is for a message only
  }
}

/** Lines for the changes of `steps`. */
export function changesOf(steps: readonly Step[]): string[] {
  return steps.filter(({ change }) => change.change !== "unchanged")
    .map(({ change: { what, detail } }) => detail === undefined ? what : `${what}: ${detail}`);
}

/** Who may assume the role: `ec2.amazonaws.com`. */
function trustedBy({ AssumeRolePolicyDocument = "" }: Role): string {
  const text = decodeURIComponent(AssumeRolePolicyDocument);
  const principals = [...text.matchAll(/"(?:Service|AWS|Federated)"\s*:\s*(\[[^\]]*\]|"[^"]*")/g)]
    .map(([, named]) => named.replaceAll(/["[\]\s]/g, "").replaceAll(",", ", "));
  return principals.join(", ") || "nobody that its policy names";
}

/** IAM gives documents percent-encoded. */
function isSamePolicy(found: string | undefined, wanted: object): boolean {
  return found !== undefined && isDeepStrictEqual(JSON.parse(decodeURIComponent(found)), wanted);
}
