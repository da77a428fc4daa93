/**
 * What IAM keeps: users, access keys, roles, managed policies and temporary sessions.
 * @module
 */

import type { Caller } from "../../access/caller.ts";

/** Who carries policies: a user or a role. */
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
  /** As it was last saved; a use of the last minute may not be yet. */
  readonly lastUse?: LastUse;
}

export interface ManagedPolicy {
  readonly policyName: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  /** The document that counts: that of the default version. */
  readonly document: string;
  readonly defaultVersionId: string;
  /** From the oldest to the newest. */
  readonly versions: readonly PolicyVersion[];
  /** The number that was given last; none is given twice. */
  readonly lastVersion: number;
  readonly description?: string;
  readonly createMs: number;
  tags: Record<string, string>;
}

/** What a policy with one version has. */
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

/** When a key was last used, and for what. */
export interface LastUse {
  readonly service: string;
  readonly region: string;
  readonly usedMs: number;
}

/** Temporary credentials that were handed out. */
export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresMs: number;
  readonly caller: Caller;
}
