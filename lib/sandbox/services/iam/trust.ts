/**
 * Trust policies: who may assume a role. A policy that names a user or role means the one that
 * existed when it was written: IAM keeps its unique id, so another one with the same name is not
 * trusted.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 * @module
 */

import type { Caller } from "../../access/caller.ts";
import { evaluate, type Policy, type PolicyRequest, type Statement } from "../../access/policy.ts";
import type { PolicyOwner, Role, User } from "./entities.ts";

/** Where users and roles are looked up. */
export interface Principals {
  readonly accountId: string;
  findUser(name: string): User | undefined;
  findRole(name: string): Role | undefined;
}

/** Unique ids of users and roles (`AIDA…`, `AROA…`) by the ARN that a trust policy names. */
export type TrustedIds = Readonly<Record<string, string>>;

/**
 * The unique ids of the users and roles of this account that `policy` names. `missing` is the first
 * principal that IAM refuses: one that does not exist, or that no principal can be.
 */
export function trustedIds(
  policy: Policy,
  principals: Principals,
): { readonly ids: TrustedIds; readonly missing?: string } {
  const ids: Record<string, string> = {};
  for (const name of policy.statements.flatMap(namedPrincipals)) {
    if (name === "*" || isAccount(name)) continue;
    const entity = ownEntity(name, principals);
    if (entity === undefined) return { ids, missing: name };
    if (entity !== "foreign") ids[name] = entity.id;
  }
  return { ids };
}

function namedPrincipals({ principals }: Statement): readonly string[] {
  return principals === undefined || principals === "*" ? [] : principals.get("AWS") ?? [];
}

/** An account by its id, with dashes or without (measured 2026-09), or as its root. */
const isAccount = (name: string) =>
  /^\d{12}$/.test(name.replaceAll("-", "")) || /^arn:aws:iam::\d{12}:root$/.test(name);

/** The user or role with this ARN; `foreign` for other accounts, whose users are not known here. */
function ownEntity(arn: string, principals: Principals): PolicyOwner | "foreign" | undefined {
  const [, service, account, kind, rest = ""] =
    /^arn:aws:(iam|sts)::(\d{12}):(user|role|assumed-role)\/([^*?\s]+)$/.exec(arn) ?? [];
  if (kind === undefined || (service === "sts") !== (kind === "assumed-role")) return undefined;
  if (account !== principals.accountId) return "foreign";
  if (kind === "assumed-role") return principals.findRole(rest.split("/")[0]);
  const name = rest.split("/").at(-1) ?? "";
  const found = kind === "user" ? principals.findUser(name) : principals.findRole(name);
  return found?.arn === arn ? found : undefined;
}

/**
 * The verdict of a trust policy. `session`, which names the caller's session, and `direct` need no
 * identity policy of the caller; `account` does. Of these, `session` alone is not limited by what the
 * caller's session policies leave out.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
 */
export type Trust = "session" | "direct" | "account" | "no";

/** Whether `policy`, the trust policy of a role, lets `caller` in. */
export function trustFor(
  caller: Caller,
  policy: Policy,
  ids: TrustedIds,
  request: PolicyRequest,
): Trust {
  const isNamed = (statement: Statement) =>
    namedPrincipals(statement).some((name) => name === "*" || namesCaller(name, caller, ids));
  const isAccountNamed = (statement: Statement) =>
    namedPrincipals(statement).some((name) => accountOf(name) === caller.accountId);
  const isEither = (statement: Statement) => isNamed(statement) || isAccountNamed(statement);
  if (evaluate(policy, request, isEither) !== "allow") return "no";
  if (evaluate(policy, request, isNamed) !== "allow") return "account";
  const isSessionNamed = (statement: Statement) =>
    caller.kind === "session" && isNamed(statement) &&
    namedPrincipals(statement).includes(caller.arn);
  return evaluate(policy, request, isSessionNamed) === "allow" ? "session" : "direct";
}

function accountOf(name: string): string | undefined {
  return isAccount(name) ? /\d{12}/.exec(name.replaceAll("-", ""))?.[0] : undefined;
}

/** Whether a principal's name means the caller: the same name, and the same unique id. */
function namesCaller(name: string, caller: Caller, ids: TrustedIds): boolean {
  const arns = caller.kind === "session" ? [caller.roleArn, caller.arn] : [caller.arn];
  const [uniqueId] = caller.userId.split(":");
  return arns.includes(name) && ids[name] === uniqueId;
}

/** Whether `policy` lets an AWS service in, such as `firehose.amazonaws.com`. */
export function trustsService(service: string, policy: Policy, request: PolicyRequest): boolean {
  const isService = ({ principals }: Statement) =>
    principals !== "*" && (principals?.get("Service") ?? []).includes(service);
  return evaluate(policy, request, isService) === "allow";
}

/**
 * A trust policy as GetRole shows it: a principal that was deleted stands there as its unique id
 * (documented).
 */
export function shownTrustPolicy(
  { trustPolicy, trustedIds }: Role,
  principals: Principals,
): string {
  let shown = trustPolicy;
  for (const [arn, id] of Object.entries(trustedIds)) {
    const entity = ownEntity(arn, principals);
    const isSame = entity !== undefined && entity !== "foreign" && entity.id === id;
    if (!isSame) shown = shown.replaceAll(JSON.stringify(arn), JSON.stringify(id));
  }
  return shown;
}
