/**
 * IAM's state: users, roles, policies, keys and sessions. Reads come from memory, because every
 * request needs them. A change is committed to the database before other requests see it.
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
  SessionCaller,
  SigningKey,
  TemporaryKeys,
} from "../../access/caller.ts";
import { ResourceTags } from "../../access/resource_tags.ts";
import type { Clock } from "../../clock.ts";
import type { AccountRoles, AssumableRole } from "../../ports/account_roles.ts";
import type { Random } from "../../random.ts";
import type { Database } from "../../store/database.ts";
import { commitOr } from "../../store/named_rows.ts";
import {
  type AccessKey,
  firstVersion,
  type LastUse,
  type ManagedPolicy,
  type Role,
  type Session,
  type User,
} from "./entities.ts";
import { EntityTable } from "./entity_table.ts";
import { noSuchRole, noSuchUser } from "./errors.ts";
import { AWS_MANAGED_POLICIES } from "./managed_policies.ts";
import { Permissions } from "./permissions.ts";

/** The parts that IAM's state is built from. */
export interface IamOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly accountId: string;
  /** Receives a line for people about what could not be saved. */
  readonly onProblem?: (line: string, error: unknown) => void;
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
/** The least time between two saves of a key's use. AWS reports a use up to four hours late. */
const USE_SAVED_MS = 60_000;
/**
 * How long an expired session is kept, so that it is refused as expired; and the least time between
 * two searches for older ones.
 */
const EXPIRED_KEPT_MS = 24 * 3_600_000;
const SWEEP_MS = 60_000;
const ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Users, roles, policies, keys and sessions of one account. */
export class IamState implements AccessControl, AccountRoles, KeyRing {
  readonly accountId: string;
  readonly clock: Clock;
  readonly #random: Random;
  readonly #database: Database;
  readonly #entities: { readonly [K in Kind]: EntityTable<Entities[K]> } = {
    user: new EntityTable(),
    role: new EntityTable(),
    key: new EntityTable(),
    policy: new EntityTable(),
    session: new EntityTable(),
  };
  readonly #onProblem: (line: string, error: unknown) => void;
  readonly #lastUses = new Map<string, LastUse>();
  readonly permissions: Permissions;
  /** Where the tags of other services' resources are looked up. */
  readonly resourceTags = new ResourceTags();
  #sweptMs = 0;
  /** Users and roles by the policy that is attached to them, until one of them changes. */
  #attachments: ReadonlyMap<string, number> | undefined;

  constructor({ database, clock, random, accountId, onProblem }: IamOptions) {
    this.#onProblem = onProblem ?? (() => {});
    this.accountId = accountId;
    this.clock = clock;
    this.#random = random;
    this.#database = database;
    database.define(
      "CREATE TABLE IF NOT EXISTS iam (kind TEXT, id TEXT, document TEXT NOT NULL, " +
        "PRIMARY KEY (kind, id)) WITHOUT ROWID",
    );
    this.permissions = new Permissions(this);
    this.#load();
  }

  #load(): void {
    for (const kind of KINDS) this.#loadKind(kind);
    this.#addTrustedIds();
  }

  #loadKind<K extends Kind>(kind: K): void {
    this.#changed(kind);
    const rows = this.#database.statement("SELECT id, document FROM iam WHERE kind = ?").all(kind);
    this.#entities[kind].clear();
    for (const { id, document } of rows) {
      // These are our own rows, written by `save` below.
      this.#entities[kind].set(String(id), JSON.parse(String(document)));
    }
    if (kind === "policy") this.#addVersions();
  }

  /** For data of a sandbox from before policies had versions. */
  #addVersions(): void {
    const { policy } = this.#entities;
    for (const [id, { versions, ...rest }] of policy) {
      if (versions === undefined) {
        policy.set(id, { ...rest, ...firstVersion(rest.document, rest.createMs) });
      }
    }
  }

  /** For data of a sandbox from before roles kept the ids of the principals they trust. */
  #addTrustedIds(): void {
    for (const [id, role] of this.#entities.role) {
      const trustedIds = role.trustedIds ?? this.permissions.trustedIdsNow(role.trustPolicy);
      this.#entities.role.set(id, { ...role, trustedIds });
    }
  }

  // --- entities -------------------------------------------------------------------------------

  /** Runs a change as one commit. A change that AWS refuses must throw before it saves anything. */
  change<Result>(work: () => Result): Promise<Result> {
    return commitOr(this.#database, work, () => this.#load());
  }

  /** Saves an entity under its id; only inside {@linkcode change}. */
  save<K extends Kind>(kind: K, id: string, entity: Entities[K]): void {
    this.#database.statement(
      "INSERT INTO iam VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET document = excluded.document",
    )
      .run(kind, id, JSON.stringify(entity));
    this.#entities[kind].set(id, entity);
    this.#changed(kind);
  }

  /** Removes an entity; only inside {@linkcode change}. */
  remove(kind: Kind, id: string): void {
    this.#database.statement("DELETE FROM iam WHERE kind = ? AND id = ?").run(kind, id);
    this.#entities[kind].delete(id);
    this.#changed(kind);
  }

  /** All entities of a kind, sorted by id. Names of users and roles are ids in lower case. */
  all<K extends Kind>(kind: K): readonly Entities[K][] {
    return this.#entities[kind].sorted();
  }

  /** How many users and roles a managed policy is attached to. */
  attachments(policyArn: string): number {
    this.#attachments ??= this.#countAttachments();
    return this.#attachments.get(policyArn) ?? 0;
  }

  #countAttachments(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { attached } of [...this.all("user"), ...this.all("role")]) {
      for (const arn of attached) counts.set(arn, (counts.get(arn) ?? 0) + 1);
    }
    return counts;
  }

  /** Entities of a kind have changed: forgets what was counted of them. */
  #changed(kind: Kind): void {
    if (kind === "user" || kind === "role") this.#attachments = undefined;
  }

  findUser = (name: string): User | undefined => this.#entities.user.get(name.toLowerCase());

  findRole = (name: string): Role | undefined => this.#entities.role.get(name.toLowerCase());

  /** The user. Throws NoSuchEntity. */
  user(name: string): User {
    const user = this.findUser(name);
    if (!user) throw noSuchUser(name);
    return user;
  }

  /** The role. Throws NoSuchEntity. */
  role(name: string): Role {
    const role = this.findRole(name);
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

  /** The document of a managed policy of the account or of AWS. */
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
   * The root user's access key: the given one, else the stored one, else a new one. A given key
   * replaces the stored one.
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

  /** Removes everything but the root user's key; with `sessions`, temporary keys alone. */
  async reset(what: "everything" | "sessions"): Promise<void> {
    const kinds = what === "sessions" ? ["session"] as const : KINDS;
    await this.change(() => {
      for (const kind of kinds) {
        for (const id of [...this.#entities[kind].keys()]) {
          const isRoots = kind === "key" && this.key(id)?.userName === undefined;
          if (!isRoots) this.remove(kind, id);
        }
      }
    });
    for (const id of this.#lastUses.keys()) if (!this.key(id)) this.#lastUses.delete(id);
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
    const user = this.findUser(key.userName);
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

  /** The last use of a key; undefined if it was never used. */
  lastUse(accessKeyId: string): LastUse | undefined {
    return this.#lastUses.get(accessKeyId) ?? this.#entities.key.get(accessKeyId)?.lastUse;
  }

  // --- AccessControl --------------------------------------------------------------------------

  decide(caller: Caller, request: AccessRequest): Decision {
    return this.permissions.decide(caller, request);
  }

  assumeRoleForService({ roleArn, service, sessionName, conditions }: {
    readonly roleArn: string;
    readonly service: string;
    readonly sessionName: string;
    readonly conditions?: ConditionContext;
  }): Caller | undefined {
    const role = this.roleOfArn(roleArn);
    const values = {
      "aws:SourceAccount": this.accountId,
      ...conditions,
      "sts:RoleSessionName": sessionName,
    };
    if (!role || !this.permissions.trustsService(role, service, values)) return undefined;
    const session = this.sessionOf(role, sessionName, []);
    const source = conditions?.["aws:SourceArn"];
    return service === "lambda.amazonaws.com" && typeof source === "string"
      ? { ...session, sourceFunctionArn: source }
      : session;
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
    // The session is usable at once. Its row lets it survive a restart.
    this.change(() => {
      this.#removeOldSessions();
      this.save("session", session.accessKeyId, session);
    }).catch((error) =>
      this.#onProblem(
        `the session ${session.accessKeyId} could not be saved, and ends with this sandbox:`,
        error,
      )
    );
    return session;
  }

  #removeOldSessions(): void {
    const nowMs = this.clock.nowMs();
    if (nowMs - this.#sweptMs < SWEEP_MS) return;
    this.#sweptMs = nowMs;
    for (const [id, { expiresMs }] of this.#entities.session) {
      if (expiresMs <= nowMs - EXPIRED_KEPT_MS) this.remove("session", id);
    }
  }

  assumableRole(arn: string): AssumableRole | undefined {
    const role = this.roleOfArn(arn);
    return role && {
      maxSessionSeconds: role.maxSessionSeconds,
      trusts: (caller, conditions) => this.permissions.trusts(role, caller, conditions),
      session: (name, policies) => this.sessionOf(role, name, policies),
    };
  }

  checkSessionPolicy(document: string): void {
    this.permissions.checkDocument(document);
  }

  /** The role with this ARN, if it is one of the account's. */
  roleOfArn(arn: string): Role | undefined {
    const role = this.findRole(arn.split("/").at(-1) ?? "");
    return role?.arn === arn ? role : undefined;
  }

  /** The caller behind a session of `role`. */
  sessionOf(role: Role, sessionName: string, sessionPolicies: readonly string[]): SessionCaller {
    return {
      kind: "session",
      accountId: this.accountId,
      arn: `arn:aws:sts::${this.accountId}:assumed-role/${role.roleName}/${sessionName}`,
      userId: `${role.id}:${sessionName}`,
      roleName: role.roleName,
      roleArn: role.arn,
      sessionName,
      sessionPolicies,
      issuedMs: this.clock.nowMs(),
    };
  }
}
