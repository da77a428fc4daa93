/**
 * The entities of IAM: users, access keys, roles, managed policies and temporary sessions.
 * @module
 */

import type { Caller } from "../../access/caller.ts";

/** An entity that has policies: a user or a role. */
export interface PolicyOwner {
  readonly path: string;
  /** `AIDA…` or `AROA…`. */
  readonly id: string;
  readonly arn: string;
  readonly createMs: number;
  tags: Record<string, string>;
  /** Inline documents by policy name, as they were sent. */
  readonly inline: Record<string, string>;
  /** ARNs of managed policies, in the order they were attached. */
  attached: string[];
}

export interface User extends PolicyOwner {
  readonly userName: string;
}

export interface Role extends PolicyOwner {
  readonly roleName: string;
  trustPolicy: string;
  /** Unique ids of the users and roles that the trust policy names, by their ARNs. */
  trustedIds: Readonly<Record<string, string>>;
  description?: string;
  maxSessionSeconds: number;
}

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Undefined for the root user. */
  readonly userName?: string;
  status: "Active" | "Inactive";
  readonly createMs: number;
  /** The last use that was saved. A use of the last minute may still be missing. */
  readonly lastUse?: LastUse;
}

export interface ManagedPolicy {
  readonly policyName: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  /** The document in force: that of the default version. */
  readonly document: string;
  readonly defaultVersionId: string;
  /** From the oldest to the newest. */
  readonly versions: readonly PolicyVersion[];
  /** The last version number in use. No number is used twice. */
  readonly lastVersion: number;
  readonly description?: string;
  readonly createMs: number;
  tags: Record<string, string>;
}

/** The members of a policy that has one version. */
export function firstVersion(document: string, createMs: number) {
  const versions: readonly PolicyVersion[] = [{ versionId: "v1", document, createMs }];
  return { document, defaultVersionId: "v1", versions, lastVersion: 1 };
}

/** One version of a managed policy. */
export interface PolicyVersion {
  /** `v1`. */
  readonly versionId: string;
  readonly document: string;
  readonly createMs: number;
}

/** The last use of a key: when, and for which service and region. */
export interface LastUse {
  readonly service: string;
  readonly region: string;
  readonly usedMs: number;
}

/** Temporary credentials that were issued. */
export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresMs: number;
  readonly caller: Caller;
}
