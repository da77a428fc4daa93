/**
 * The access that an operation needs on a user, role or policy that it names. AWS's text for a refusal
 * shows the name as the call has it, and not the ARN: `on resource: role delivery`. This was seen on AWS
 * from 2018 to 2026, for example with GetRole in aws-greengrass's and ROSA's error reports; an operation
 * that creates shows the ARN.
 * @module
 */

import type { AccessRequest } from "../../access/caller.ts";
import type { IamState } from "./state.ts";

/** On a user, also one that does not exist. `action` without its `iam:`. */
export function onUser(action: string, name: string, state: IamState): AccessRequest {
  const resource = state.has("user", name) ? state.user(name).arn : state.arn("user", "/", name);
  return { action: `iam:${action}`, resource, shownAs: `user ${name}` };
}

/** On a role, also one that does not exist. */
export function onRole(action: string, name: string, state: IamState): AccessRequest {
  const resource = state.has("role", name) ? state.role(name).arn : state.arn("role", "/", name);
  return { action: `iam:${action}`, resource, shownAs: `role ${name}` };
}

/** On a managed policy. */
export function onPolicy(action: string, arn: string): AccessRequest {
  return { action: `iam:${action}`, resource: arn, shownAs: `policy ${arn}` };
}

/**
 * To create a user, role or policy at `arn`. With tags it needs the permission to set them too (seen on
 * AWS as refusals of CreateUser, CreateRole and CreatePolicy, 2021 to 2026).
 */
export function toCreate(
  kind: "User" | "Role" | "Policy",
  arn: string,
  { name, tags }: { readonly name: string; readonly tags: readonly unknown[] | undefined },
): AccessRequest[] {
  const tagging: AccessRequest = {
    action: `iam:Tag${kind}`,
    resource: arn,
    shownAs: `${kind.toLowerCase()} ${name}`,
  };
  return [{ action: `iam:Create${kind}`, resource: arn }, ...(tags?.length ? [tagging] : [])];
}
