/**
 * IAM's state: who exists and what they may do. Everything is read from memory, because every
 * request asks; every change is committed to the database first seen by others after that.
 * @module
 */

import { Buffer } from "node:buffer";
import type {
  AccessControl,
  AccessRequest,
  Caller,
  ConditionContext,
  Decision,
  KeyRing,
  KeyUse,
  SigningKey,
  TemporaryKeys,
} from "../../access/caller.ts";
import {
  evaluate,
  parsePolicy,
  type Policy,
  PolicyFault,
  type Statement,
} from "../../access/policy.ts";
import type { Clock } from "../../clock.ts";
import { AwsError } from "../../errors.ts";
import type { Random } from "../../random.ts";
import type { Database } from "../../store/database.ts";
import {
  type AccessKey,
  firstVersion,
  type LastUse,
  type ManagedPolicy,
  type PolicyOwner,
  type Role,
  type Session,
  type User,
} from "./entities.ts";
import { malformedPolicy, noSuchRole, noSuchUser } from "./errors.ts";
import { AWS_MANAGED_POLICIES } from "./managed_policies.ts";

/** What IAM is made of. */
export interface IamOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly accountId: string;
}

interface Entities {
  user: User;
  role: Role;
  key: AccessKey;
  policy: ManagedPolicy;
  session: Session;
}

type Kind = keyof Entities;

const KINDS: readonly Kind[] = ["user", "role", "key", "policy", "session"];
/** How often the use of a key is saved. AWS's own is up to four hours late. */
const USE_SAVED_MS = 60_000;
const ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Users, roles, policies, keys and sessions of one account. */
export class IamState implements AccessControl, KeyRing {
  readonly accountId: string;
  readonly clock: Clock;
  readonly #random: Random;
  readonly #database: Database;
  readonly #entities: { readonly [K in Kind]: Map<string, Entities[K]> } = {
    user: new Map(),
    role: new Map(),
    key: new Map(),
    policy: new Map(),
    session: new Map(),
  };
  readonly #lastUses = new Map<string, LastUse>();
  /** Parsed documents by their text: the same policy is asked with every request. */
  readonly #parsed = new Map<string, Policy>();

  constructor({ database, clock, random, accountId }: IamOptions) {
    this.accountId = accountId;
    this.clock = clock;
    this.#random = random;
    this.#database = database;
    database.define(
      "CREATE TABLE IF NOT EXISTS iam (kind TEXT, id TEXT, document TEXT NOT NULL, " +
        "PRIMARY KEY (kind, id)) WITHOUT ROWID",
    );
    this.#load();
  }

  #load(): void {
    for (const kind of KINDS) this.#loadKind(kind);
    for (const [id, { expiresMs }] of this.#entities.session) {
      if (expiresMs <= this.clock.nowMs()) this.#entities.session.delete(id);
    }
  }

  #loadKind<K extends Kind>(kind: K): void {
    const rows = this.#database.sqlite
      .prepare("SELECT id, document FROM iam WHERE kind = ?").all(kind);
    this.#entities[kind].clear();
    for (const { id, document } of rows) {
      // Our own rows, written by `save` below.
      this.#entities[kind].set(String(id), JSON.parse(String(document)));
    }
    if (kind === "policy") this.#addVersions();
  }

  /** Data of a sandbox from before policies had versions. */
  #addVersions(): void {
    const { policy } = this.#entities;
    for (const [id, { versions, ...rest }] of policy) {
      if (versions === undefined) {
        policy.set(id, { ...rest, ...firstVersion(rest.document, rest.createMs) });
      }
    }
  }

  // --- entities -------------------------------------------------------------------------------

  /** Runs a change as one commit. A change that AWS refuses must throw before it saves anything. */
  async change<Result>(work: () => Result): Promise<Result> {
    try {
      return await this.#database.commit(work);
    } catch (error) {
      if (!(error instanceof AwsError)) this.#load();
      throw error;
    }
  }

  /** Saves an entity under its id; only inside {@linkcode change}. */
  save<K extends Kind>(kind: K, id: string, entity: Entities[K]): void {
    this.#database.sqlite
      .prepare(
        "INSERT INTO iam VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET document = excluded.document",
      )
      .run(kind, id, JSON.stringify(entity));
    this.#entities[kind].set(id, entity);
  }

  /** Removes an entity; only inside {@linkcode change}. */
  remove(kind: Kind, id: string): void {
    this.#database.sqlite.prepare("DELETE FROM iam WHERE kind = ? AND id = ?").run(kind, id);
    this.#entities[kind].delete(id);
  }

  /** All entities of a kind, sorted by id. Names of users and roles are ids in lower case. */
  all<K extends Kind>(kind: K): Entities[K][] {
    return [...this.#entities[kind]].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entity]) =>
      entity
    );
  }

  user(name: string): User {
    const user = this.#entities.user.get(name.toLowerCase());
    if (!user) throw noSuchUser(name);
    return user;
  }

  role(name: string): Role {
    const role = this.#entities.role.get(name.toLowerCase());
    if (!role) throw noSuchRole(name);
    return role;
  }

  has(kind: Kind, id: string): boolean {
    return this.#entities[kind].has(kind === "user" || kind === "role" ? id.toLowerCase() : id);
  }

  key(accessKeyId: string): AccessKey | undefined {
    return this.#entities.key.get(accessKeyId);
  }

  policy(arn: string): ManagedPolicy | undefined {
    return this.#entities.policy.get(arn);
  }

  /** The document of a managed policy, the account's or AWS's own. */
  managedDocument(arn: string): string | undefined {
    return this.#entities.policy.get(arn)?.document ?? AWS_MANAGED_POLICIES.get(arn);
  }

  // --- making ids -----------------------------------------------------------------------------

  /** An identifier such as `AIDA` followed by 17 characters, or 16 for keys. */
  newId(prefix: "AIDA" | "AROA" | "ANPA" | "AKIA" | "ASIA"): string {
    const length = prefix === "AKIA" || prefix === "ASIA" ? 16 : 17;
    const bytes = this.#random.bytes(length);
    return prefix + Array.from(bytes, (byte) => ID_ALPHABET[byte % ID_ALPHABET.length]).join("");
  }

  /** A secret access key: 40 characters of base64. */
  newSecret(): string {
    return Buffer.from(this.#random.bytes(30)).toString("base64");
  }

  arn(kind: "user" | "role" | "policy", path: string, name: string): string {
    return `arn:aws:iam::${this.accountId}:${kind}${path}${name}`;
  }

  // --- the root key ---------------------------------------------------------------------------

  /**
   * The root user's access key: the one given, else the one kept, else a new one. A key that is
   * given replaces the one kept.
   */
  async ensureRootKey(
    given?: { readonly accessKeyId: string; readonly secretAccessKey: string },
  ): Promise<{ readonly accessKeyId: string; readonly secretAccessKey: string }> {
    const kept = this.all("key").find(({ userName }) => userName === undefined);
    if (
      kept && (!given || kept.accessKeyId === given.accessKeyId &&
          kept.secretAccessKey === given.secretAccessKey)
    ) return kept;
    const key: AccessKey = {
      accessKeyId: given?.accessKeyId ?? this.newId("AKIA"),
      secretAccessKey: given?.secretAccessKey ?? this.newSecret(),
      status: "Active",
      createMs: this.clock.nowMs(),
    };
    await this.change(() => {
      if (kept) this.remove("key", kept.accessKeyId);
      this.save("key", key.accessKeyId, key);
    });
    return key;
  }

  /** The root user as a caller. */
  rootCaller(): Caller {
    return {
      kind: "root",
      accountId: this.accountId,
      arn: `arn:aws:iam::${this.accountId}:root`,
      userId: this.accountId,
    };
  }

  // --- KeyRing --------------------------------------------------------------------------------

  find(accessKeyId: string): SigningKey | undefined {
    const session = this.#entities.session.get(accessKeyId);
    if (session) return session;
    const key = this.#entities.key.get(accessKeyId);
    if (!key || key.status !== "Active") return undefined;
    if (key.userName === undefined) {
      return { secretAccessKey: key.secretAccessKey, caller: this.rootCaller() };
    }
    const user = this.#entities.user.get(key.userName.toLowerCase());
    if (!user) return undefined;
    return {
      secretAccessKey: key.secretAccessKey,
      caller: {
        kind: "user",
        accountId: this.accountId,
        arn: user.arn,
        userId: user.id,
        userName: user.userName,
      },
    };
  }

  noteUse(accessKeyId: string, { service, region }: KeyUse): void {
    const key = this.#entities.key.get(accessKeyId);
    if (!key) return; // a temporary key: AWS does not tell of those
    const lastUse = { service, region, usedMs: this.clock.nowMs() };
    this.#lastUses.set(accessKeyId, lastUse);
    if (lastUse.usedMs - (key.lastUse?.usedMs ?? 0) < USE_SAVED_MS) return;
    this.#entities.key.set(accessKeyId, { ...key, lastUse });
    this.change(() => {
      const current = this.#entities.key.get(accessKeyId);
      if (current) this.save("key", accessKeyId, { ...current, lastUse });
    }).catch(() => {}); // the database is closed: the use is forgotten, the key is not
  }

  /** When a key was last used; undefined if never. */
  lastUse(accessKeyId: string): LastUse | undefined {
    return this.#lastUses.get(accessKeyId) ?? this.#entities.key.get(accessKeyId)?.lastUse;
  }

  // --- AccessControl --------------------------------------------------------------------------

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
      return { allowed: false, reason: "with an explicit deny in an identity-based policy" };
    }
    if (caller.kind === "session" && caller.sessionPolicies.length > 0) {
      const session = caller.sessionPolicies.map((text) => this.#evaluate(text, asked));
      if (session.includes("deny")) {
        return { allowed: false, reason: "with an explicit deny in a sessions policy" };
      }
      if (!session.includes("allow")) {
        return {
          allowed: false,
          reason: `because no session policy allows the ${request.action} action`,
        };
      }
    }
    if (verdicts.includes("allow")) return { allowed: true };
    return {
      allowed: false,
      reason: `because no identity-based policy allows the ${request.action} action`,
    };
  }

  assumeRoleForService({ roleArn, service, sessionName, conditions }: {
    readonly roleArn: string;
    readonly service: string;
    readonly sessionName: string;
    readonly conditions?: ConditionContext;
  }): Caller | undefined {
    const role = this.roleOfArn(roleArn);
    if (!role) return undefined;
    const values = lowerCased({ ...conditions, "sts:RoleSessionName": sessionName });
    const trusts = (statement: Statement) => {
      const { principals } = statement;
      return principals === "*" || (principals?.get("Service") ?? []).includes(service);
    };
    const asked = { action: "sts:AssumeRole", resource: role.arn, values };
    const verdict = evaluate(this.#parse(role.trustPolicy, "trust"), asked, trusts);
    return verdict === "allow" ? this.sessionOf(role, sessionName, []) : undefined;
  }

  issueKeys(caller: Caller, durationSeconds: number): TemporaryKeys {
    const session: Session = {
      accessKeyId: this.newId("ASIA"),
      secretAccessKey: this.newSecret(),
      sessionToken: "IQoJ" + Buffer.from(this.#random.bytes(300)).toString("base64"),
      expiresMs: this.clock.nowMs() + durationSeconds * 1000,
      caller,
    };
    this.#entities.session.set(session.accessKeyId, session);
    // Usable at once; the row makes it outlive a restart.
    this.change(() => this.save("session", session.accessKeyId, session)).catch(() => {});
    return session;
  }

  /** The role with this ARN, if it is one of the account's. */
  roleOfArn(arn: string): Role | undefined {
    const role = this.#entities.role.get((arn.split("/").at(-1) ?? "").toLowerCase());
    return role?.arn === arn ? role : undefined;
  }

  /** The caller that a session of `role` is. */
  sessionOf(role: Role, sessionName: string, sessionPolicies: readonly string[]): Caller {
    return {
      kind: "session",
      accountId: this.accountId,
      arn: `arn:aws:sts::${this.accountId}:assumed-role/${role.roleName}/${sessionName}`,
      userId: `${role.id}:${sessionName}`,
      roleName: role.roleName,
      roleArn: role.arn,
      sessionName,
      sessionPolicies,
    };
  }

  /**
   * Whether the trust policy of `role` lets `caller` in: `direct` if it names the caller (then no
   * identity policy is needed), `account` if it leaves it to the account's own policies.
   */
  trusts(role: Role, caller: Caller, conditions: ConditionContext): "direct" | "account" | "no" {
    const principal = caller.kind === "session" ? caller.roleArn : caller.arn;
    const account = [this.accountId, `arn:aws:iam::${this.accountId}:root`];
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

  #ownerOf(caller: Caller): PolicyOwner | undefined {
    if (caller.kind === "user") return this.#entities.user.get(caller.userName.toLowerCase());
    if (caller.kind === "session") {
      const role = this.#entities.role.get(caller.roleName.toLowerCase());
      // A role that was deleted and made anew is another role: old sessions have nothing.
      return role && caller.userId.startsWith(`${role.id}:`) ? role : undefined;
    }
    return undefined;
  }

  #documentsOf(owner: PolicyOwner): string[] {
    const managed = owner.attached.flatMap((arn) => this.managedDocument(arn) ?? []);
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
    this.#parsed.set(id, policy);
    return policy;
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
    if (account !== this.accountId || kind === "root" || kind === "assumed-role") return true;
    const last = (rest.split("/").at(-1) ?? "").toLowerCase();
    return kind === "user" ? this.has("user", last) : this.has("role", last);
  }

  /** What is known of a request by itself, and of its caller: condition keys in lower case. */
  conditionValues(
    caller: Caller,
    conditions: ConditionContext = {},
  ): ReadonlyMap<string, readonly string[]> {
    const nowMs = this.clock.nowMs();
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
      "aws:ResourceAccount": this.accountId,
      ...Object.fromEntries(tags),
      ...conditions,
    });
  }
}

/** Condition values by key, in lower case. */
export function lowerCased(values: ConditionContext): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.entries(values).map(([key, value]) =>
      [key.toLowerCase(), typeof value === "string" ? [value] : value] as const
    ),
  );
}
