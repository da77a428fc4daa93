/**
 * Who may do what: the account's policies evaluated for a caller, a role's trust, and documents
 * checked before they are kept.
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
import type { ConditionValues } from "../../access/conditions.ts";
import {
  evaluate,
  parsePolicy,
  type Policy,
  PolicyFault,
  type Statement,
} from "../../access/policy.ts";
import type { Clock } from "../../clock.ts";
import type { PolicyOwner, Role, User } from "./entities.ts";
import { malformedPolicy } from "./errors.ts";

/** The account, as far as permissions ask it. */
export interface Account {
  readonly accountId: string;
  readonly clock: Clock;
  findUser(name: string): User | undefined;
  findRole(name: string): Role | undefined;
  managedDocument(arn: string): string | undefined;
}

/** Parsed documents that are kept: the same policies are asked with every request. */
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
    const asked = {
      action: request.action,
      resource: request.resource,
      values: this.conditionValues(caller, request.conditions),
    };
    const owner = this.#ownerOf(caller);
    const verdicts = owner
      ? this.#documentsOf(owner).map((text) => this.#evaluate(text, asked))
      : [];
    if (verdicts.includes("deny")) {
      return denied("explicitDeny", "with an explicit deny in an identity-based policy");
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
    const isService = ({ principals }: Statement) =>
      principals === "*" || (principals?.get("Service") ?? []).includes(service);
    const values = lowerCased(conditions);
    const asked = { action: "sts:AssumeRole", resource: role.arn, values };
    return evaluate(this.#parse(role.trustPolicy, "trust"), asked, isService) === "allow";
  }

  /**
   * Whether the trust policy of `role` lets `caller` in: `direct` if it names the caller (then no
   * identity policy is needed), `account` if it leaves it to the account's own policies.
   */
  trusts(role: Role, caller: Caller, conditions: ConditionContext): "direct" | "account" | "no" {
    const principal = caller.kind === "session" ? caller.roleArn : caller.arn;
    const account = [this.#account.accountId, `arn:aws:iam::${this.#account.accountId}:root`];
    const asked = {
      action: "sts:AssumeRole",
      resource: role.arn,
      values: this.conditionValues(caller, conditions),
    };
    const policy = this.#parse(role.trustPolicy, "trust");
    const names = (statement: Statement, wanted: readonly string[]) =>
      statement.principals === "*" ||
      (statement.principals?.get("AWS") ?? []).some((name) =>
        name === "*" || wanted.includes(name)
      );
    const direct = [principal, caller.arn];
    const anyone = evaluate(
      policy,
      asked,
      (statement) => names(statement, [...direct, ...account]),
    );
    if (anyone !== "allow") return "no";
    return evaluate(policy, asked, (statement) => names(statement, direct)) === "allow"
      ? "direct"
      : "account";
  }

  /** Checks a document before it is stored. Throws MalformedPolicyDocument with AWS's text. */
  checkDocument(text: string, kind: "identity" | "trust"): void {
    let policy: Policy;
    try {
      policy = parsePolicy(text, kind);
    } catch (error) {
      if (error instanceof PolicyFault) throw malformedPolicy(error.message);
      throw error;
    }
    for (const { principals } of kind === "trust" ? policy.statements : []) {
      const named = principals === "*" ? [] : principals?.get("AWS") ?? [];
      for (const name of named) {
        if (!this.#principalExists(name)) {
          throw malformedPolicy(`Invalid principal in policy: "AWS":"${name}"`);
        }
      }
    }
  }

  #principalExists(name: string): boolean {
    if (name === "*" || /^\d{12}$/.test(name)) return true;
    const match = /^arn:aws:(?:iam|sts)::(\d{12}):(root|user|role|assumed-role)(?:\/(.*))?$/.exec(
      name,
    );
    if (!match) return false;
    const [, account, kind, rest = ""] = match;
    if (account !== this.#account.accountId || kind === "root" || kind === "assumed-role") {
      return true;
    }
    const last = rest.split("/").at(-1) ?? "";
    const { findUser, findRole } = this.#account;
    return (kind === "user" ? findUser(last) : findRole(last)) !== undefined;
  }

  /** What is known of a request by itself, and of its caller: condition keys in lower case. */
  conditionValues(
    caller: Caller,
    conditions: ConditionContext = {},
  ): ConditionValues {
    const nowMs = this.#account.clock.nowMs();
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
      "aws:CurrentTime": new Date(nowMs).toISOString(),
      "aws:EpochTime": String(Math.floor(nowMs / 1000)),
      "aws:SourceIp": "127.0.0.1",
      "aws:SecureTransport": "false",
      "aws:ResourceAccount": this.#account.accountId,
      ...Object.fromEntries(tags),
      ...conditions,
    });
  }

  #ownerOf(caller: Caller): PolicyOwner | undefined {
    if (caller.kind === "user") return this.#account.findUser(caller.userName);
    if (caller.kind === "session") {
      const role = this.#account.findRole(caller.roleName);
      // A role that was deleted and made anew is another role: old sessions have nothing.
      return role && caller.userId.startsWith(`${role.id}:`) ? role : undefined;
    }
    return undefined;
  }

  #documentsOf(owner: PolicyOwner): string[] {
    const managed = owner.attached.flatMap((arn) => this.#account.managedDocument(arn) ?? []);
    return [...Object.values(owner.inline), ...managed];
  }

  #evaluate(text: string, asked: Parameters<typeof evaluate>[1]) {
    return evaluate(this.#parse(text, "identity"), asked);
  }

  #parse(text: string, kind: "identity" | "trust"): Policy {
    const id = `${kind} ${text}`;
    const known = this.#parsed.get(id);
    if (known) return known;
    const policy = parsePolicy(text, kind);
    if (this.#parsed.size >= PARSED_MAX) this.#parsed.clear();
    this.#parsed.set(id, policy);
    return policy;
  }
}

function denied(kind: DenialKind, reason: string): Denial {
  return { allowed: false, kind, reason };
}

/** Condition values by key, in lower case. */
export function lowerCased(values: ConditionContext): ConditionValues {
  return new Map(
    Object.entries(values).map(([key, value]) =>
      [key.toLowerCase(), typeof value === "string" ? [value] : value] as const
    ),
  );
}
