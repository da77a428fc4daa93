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
}

export interface ManagedPolicy {
  readonly policyName: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly document: string;
  readonly description?: string;
  readonly createMs: number;
  tags: Record<string, string>;
}

/** Temporary credentials that were handed out. */
export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresMs: number;
  readonly caller: Caller;
}
