/**
 * Permissions: evaluates the account's policies for a caller, and checks documents before they are
 * stored.
 * @module
 */

import type {
  AccessRequest,
  Caller,
  ConditionContext,
  Decision,
  Denial,
  DenialKind,
} from "../../access/caller.ts";
import { keyNotEvaluated, withoutUnknownKeys } from "../../access/condition_keys.ts";
import type { ConditionValues } from "../../access/conditions.ts";
import { resourceTagConditions, type ResourceTags } from "../../access/resource_tags.ts";
import { evaluate, LazyRequest, type Policy, type PolicyRequest } from "../../access/policy.ts";
import {
  parsePolicy,
  PolicyFault,
  type PolicyKind,
  storedPolicy,
} from "../../access/policy_document.ts";
import type { Clock } from "../../clock.ts";
import type { ManagedPolicy, PolicyOwner, Role } from "./entities.ts";
import { malformedPolicy } from "./errors.ts";
import {
  type Principals,
  type Trust,
  type TrustedIds,
  trustedIds,
  trustFor,
  trustsService,
} from "./trust.ts";

/** The parts of the account that permissions read. */
export interface Account extends Principals {
  readonly resourceTags: ResourceTags;
  readonly clock: Clock;
  managedDocument(arn: string): string | undefined;
  policy(arn: string): ManagedPolicy | undefined;
}

/** Parsed documents to keep: every request needs the same policies. */
const PARSED_MAX = 2_000;

/** The permissions of one account. */
export class Permissions {
  readonly #account: Account;
  readonly #parsed = new Map<string, Policy>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** Evaluates the policies of `caller`, as `AccessControl` says. */
  decide(caller: Caller, request: AccessRequest): Decision {
    if (caller.kind === "root") return { allowed: true };
    const asked = new LazyRequest(
      request.action,
      request.resource,
      () =>
        this.conditionValues(caller, {
          ...this.#resourceConditions(request.resource),
          ...request.conditions,
        }),
    );
    const owner = this.#ownerOf(caller);
    const verdicts = owner
      ? this.#documentsOf(owner).map((text) => this.#evaluate(text, asked))
      : [];
    if (owner && verdicts.includes("deny")) {
      const arn = this.#denyingPolicyOf(owner, asked);
      const reason = "with an explicit deny in an identity-based policy";
      return denied("explicitDeny", arn === undefined ? reason : `${reason}: ${arn}`);
    }
    if (caller.kind === "session" && caller.sessionPolicies.length > 0) {
      const session = caller.sessionPolicies.map((text) => this.#evaluate(text, asked));
      if (session.includes("deny")) {
        return denied("explicitDeny", "with an explicit deny in a sessions policy");
      }
      if (!session.includes("allow")) {
        return denied(
          "sessionPolicy",
          `because no session policy allows the ${request.action} action`,
        );
      }
    }
    if (verdicts.includes("allow")) return { allowed: true };
    return denied(
      "implicitDeny",
      `because no identity-based policy allows the ${request.action} action`,
    );
  }

  /** Whether the trust policy of `role` lets an AWS service in. */
  trustsService(role: Role, service: string, conditions: ConditionContext): boolean {
    const request = assumption(role, () =>
      lowerCased({
        ...this.#timeConditions(),
        "aws:PrincipalIsAWSService": "true",
        "aws:PrincipalServiceName": service,
        "aws:ResourceAccount": this.#account.accountId,
        ...this.#resourceConditions(role.arn),
        ...conditions,
      }));
    return trustsService(service, this.#parse(role.trustPolicy, "trust"), request);
  }

  /** Whether the trust policy of `role` lets `caller` in, and whether it names the caller. */
  trusts(role: Role, caller: Caller, conditions: ConditionContext): Trust {
    const request = assumption(role, () =>
      this.conditionValues(caller, {
        ...this.#resourceConditions(role.arn),
        ...conditions,
      }));
    return trustFor(caller, this.#parse(role.trustPolicy, "trust"), role.trustedIds, request);
  }

  /** Checks an identity policy before it is stored. Throws MalformedPolicyDocument with AWS's text. */
  checkDocument(text: string, kind: "identity" | "managed" = "identity"): void {
    checkedPolicy(text, kind);
  }

  /**
   * Checks a trust policy before it is stored, and returns the unique ids of the users and roles
   * that it names. Throws MalformedPolicyDocument with AWS's text.
   */
  checkTrustPolicy(text: string): TrustedIds {
    const { ids, missing } = trustedIds(checkedPolicy(text, "trust"), this.#account);
    if (missing === undefined) return ids;
    throw malformedPolicy(`Invalid principal in policy: "AWS":"${missing}"`);
  }

  /** The ids of the principals that a stored trust policy names and that exist now. */
  trustedIdsNow(text: string): TrustedIds {
    return trustedIds(this.#parse(text, "trust"), this.#account).ids;
  }

  /**
   * The condition keys of the caller and of every request, in lower case, together with
   * `conditions`.
   */
  conditionValues(
    caller: Caller,
    conditions: ConditionContext = {},
  ): ConditionValues {
    const owner = this.#ownerOf(caller);
    const tags = Object.entries(owner?.tags ?? {}).map(([key, value]) =>
      [`aws:PrincipalTag/${key}`, value] as const
    );
    return lowerCased({
      "aws:PrincipalArn": caller.kind === "session" ? caller.roleArn : caller.arn,
      "aws:PrincipalAccount": caller.accountId,
      "aws:PrincipalType": { root: "Account", user: "User", session: "AssumedRole" }[caller.kind],
      "aws:userid": caller.userId,
      ...(caller.kind === "user" ? { "aws:username": caller.userName } : {}),
      ...this.#timeConditions(),
      "aws:SourceIp": "127.0.0.1",
      "aws:SecureTransport": "false",
      "aws:ViaAWSService": "false",
      "aws:PrincipalIsAWSService": "false",
      ...sessionConditions(caller),
      "aws:ResourceAccount": this.#account.accountId,
      ...Object.fromEntries(tags),
      ...conditions,
    });
  }

  #timeConditions(): ConditionContext {
    const nowMs = this.#account.clock.nowMs();
    return {
      "aws:CurrentTime": new Date(nowMs).toISOString(),
      "aws:EpochTime": String(Math.floor(nowMs / 1000)),
    };
  }

  /** `aws:ResourceTag/…` of a resource, and for users and roles also `iam:ResourceTag/…`. */
  #resourceConditions(arn: string): ConditionContext {
    const [, kind, rest = ""] = /^arn:aws:iam::\d{12}:(user|role|policy)\/(.+)$/.exec(arn) ?? [];
    if (kind === undefined) {
      const region = arn.split(":")[3] ?? "";
      return {
        // A service that calls another one does so in the resource's region.
        ...(region === "" ? {} : { "aws:RequestedRegion": region }),
        ...resourceTagConditions(this.#account.resourceTags.of(arn)),
      };
    }
    if (kind === "policy") return resourceTagConditions(this.#account.policy(arn)?.tags ?? {});
    const name = rest.split("/").at(-1) ?? "";
    const owner = kind === "user" ? this.#account.findUser(name) : this.#account.findRole(name);
    const tags = owner?.arn === arn ? owner.tags : {};
    return resourceTagConditions(tags, ["aws:ResourceTag/", "iam:ResourceTag/"]);
  }

  #ownerOf(caller: Caller): PolicyOwner | undefined {
    if (caller.kind === "root") return undefined;
    const owner = caller.kind === "user"
      ? this.#account.findUser(caller.userName)
      : this.#account.findRole(caller.roleName);
    // A user or role that was deleted and created again is another one: old sessions have nothing.
    return owner && caller.userId.split(":")[0] === owner.id ? owner : undefined;
  }

  #documentsOf(owner: PolicyOwner): string[] {
    const managed = owner.attached.flatMap((arn) => this.#account.managedDocument(arn) ?? []);
    return [...Object.values(owner.inline), ...managed];
  }

  /** The ARN of the managed policy that denies; undefined if an inline policy does: it has no ARN. */
  #denyingPolicyOf(owner: PolicyOwner, asked: PolicyRequest): string | undefined {
    const denies = (text = "") => text !== "" && this.#evaluate(text, asked) === "deny";
    if (Object.values(owner.inline).some((text) => denies(text))) return undefined;
    return owner.attached.find((arn) => denies(this.#account.managedDocument(arn)));
  }

  #evaluate(text: string, asked: PolicyRequest) {
    return evaluate(this.#parse(text, "identity"), asked);
  }

  #parse(text: string, kind: PolicyKind): Policy {
    const id = `${kind} ${text}`;
    const known = this.#parsed.get(id);
    if (known) return known;
    const policy = withoutUnknownKeys(storedPolicy(text, kind));
    if (this.#parsed.size >= PARSED_MAX) this.#parsed.clear();
    this.#parsed.set(id, policy);
    return policy;
  }
}

/** The request to assume `role`. */
const assumption = ({ arn }: Role, makeValues: () => ConditionValues): PolicyRequest =>
  new LazyRequest("sts:AssumeRole", arn, makeValues);

/** Throws MalformedPolicyDocument, with the sandbox's own text for a key that it cannot evaluate. */
function checkedPolicy(text: string, kind: PolicyKind): Policy {
  const policy = readPolicy(text, kind);
  const key = keyNotEvaluated(policy);
  if (key === undefined) return policy;
  throw malformedPolicy(`The sandbox cannot evaluate the condition key ${key}.`);
}

function readPolicy(text: string, kind: PolicyKind): Policy {
  try {
    return parsePolicy(text, kind);
  } catch (error) {
    if (error instanceof PolicyFault) throw malformedPolicy(error.message);
    throw error;
  }
}

/** The keys that temporary credentials have. */
function sessionConditions(caller: Caller): ConditionContext {
  const { issuedMs } = caller;
  const isTemporary = issuedMs !== undefined || caller.kind === "session";
  return {
    ...(isTemporary ? { "aws:MultiFactorAuthPresent": "false" } : {}),
    ...(issuedMs === undefined ? {} : { "aws:TokenIssueTime": new Date(issuedMs).toISOString() }),
    ...(caller.kind === "session" && caller.sourceFunctionArn !== undefined
      ? { "lambda:SourceFunctionArn": caller.sourceFunctionArn }
      : {}),
  };
}

function denied(kind: DenialKind, reason: string): Denial {
  return { allowed: false, kind, reason };
}

/**
 * Condition values by key, in lower case. Of two keys that differ in case only, neither has a
 * value: AWS documents for tags that a key matches the one or the other, but not both.
 */
export function lowerCased(values: ConditionContext): ConditionValues {
  const lower = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(values)) {
    const name = key.toLowerCase();
    lower.set(name, lower.has(name) ? [] : typeof value === "string" ? [value] : value);
  }
  return lower;
}
