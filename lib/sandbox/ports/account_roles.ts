/**
 * What STS asks of IAM: the roles of the account, who may assume them, and keys for their sessions.
 * @module
 */

import type { AccessControl, Caller, ConditionContext } from "../access/caller.ts";

/** The roles of one account. Implemented by `services/iam`. */
export interface AccountRoles extends Pick<AccessControl, "decide" | "issueKeys"> {
  /** The role with this ARN; undefined if the account has none. */
  assumableRole(arn: string): AssumableRole | undefined;
  /** Throws MalformedPolicyDocument for a session policy that AWS would refuse. */
  checkSessionPolicy(document: string): void;
}

/** A role that somebody wants to assume. */
export interface AssumableRole {
  readonly maxSessionSeconds: number;
  /**
   * Whether the trust policy lets `caller` in: `direct` if it names the caller (then no identity
   * policy is needed), `session` if it names the caller's session (then no session policy need allow
   * it either), `account` if it leaves that to the account's own policies.
   */
  trusts(caller: Caller, conditions: ConditionContext): "session" | "direct" | "account" | "no";
  /** The caller that a session is. `policies` are its session policies, as JSON. */
  session(name: string, policies: readonly string[]): Caller;
}
