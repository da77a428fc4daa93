/**
 * A stored function: its settings, its versions, aliases, policies and tags.
 * @module
 */

import type { Architecture, Runtime } from "@aws-sdk/client-lambda";

/** The deployment package of a version. */
export interface FunctionCode {
  /** Name of the zip in the store of packages. */
  readonly file: string;
  readonly sizeBytes: number;
  /** Base64 of the zip's SHA-256, as `CodeSha256`. */
  readonly sha256: string;
}

/** What a version consists of: code and settings. */
export interface FunctionSettings {
  readonly roleArn: string;
  /** `nodejs24.x`. */
  readonly runtime: Runtime;
  readonly handler: string;
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly memorySizeMB: number;
  /** What /tmp holds. Absent in functions that older sandboxes kept: {@linkcode ephemeralStorageMB}. */
  readonly ephemeralStorageMB?: number;
  /** Undefined if `Environment` was never given. */
  readonly variables?: Readonly<Record<string, string>>;
  /**
   * `x86_64` or `arm64`. A bootstrap must be for this machine's; JavaScript and Python run on either, so
   * there it is only a label.
   */
  readonly architecture: Architecture;
  readonly logGroupName: string;
  readonly code: FunctionCode;
}

/** A version: `$LATEST`, or one that was published and stays as it is. */
export interface FunctionVersion extends FunctionSettings {
  /** `$LATEST`, `1`, `2` … */
  readonly version: string;
  /** Changes with every change of code or settings. An environment belongs to one build. */
  readonly buildId: string;
  /** Of a published version: the build of `$LATEST` that it was. */
  readonly publishedBuildId?: string;
  readonly revisionId: string;
  readonly modifiedMs: number;
}

/** A name for a version, or for two of them by weight. */
export interface Alias {
  readonly name: string;
  readonly functionVersion: string;
  readonly description: string;
  readonly revisionId: string;
  /** Shares of further versions, each between 0 and 1. */
  readonly weights?: Readonly<Record<string, number>>;
}

/** A statement of a function's resource policy, as GetPolicy shows it. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal: "*" | { readonly AWS: string } | { readonly Service: string };
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The resource policy of a function, or of one of its versions or aliases. */
export interface ResourcePolicy {
  readonly statements: readonly PolicyStatement[];
  /** Changes with every statement. Absent in policies that older sandboxes kept. */
  readonly revisionId?: string;
}

/** A function. Kept as JSON, so there are no dates in it. */
export interface LambdaFunction {
  /** Never used again, even when a function of the same name is made later. */
  readonly id: number;
  readonly name: string;
  /** Without a qualifier. */
  readonly arn: string;
  readonly status: "Pending" | "Updating" | "Ready";
  /** Since when it has this status, in milliseconds since the epoch. */
  readonly statusMs: number;
  /** `$LATEST` as shown. During an update, invocations run `running`. */
  readonly latest: FunctionVersion;
  readonly running?: FunctionVersion;
  /** Published versions, oldest first. */
  readonly versions: readonly FunctionVersion[];
  /** The number of the version that was published last; 0 before the first. */
  readonly lastVersion: number;
  readonly aliases: readonly Alias[];
  /** By qualifier; the function's own under the empty text. */
  readonly policies: Readonly<Record<string, ResourcePolicy>>;
  readonly reservedConcurrency?: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** What /tmp holds: 512 MB if the function does not say. */
export const ephemeralStorageMB = ({ ephemeralStorageMB = 512 }: FunctionSettings) =>
  ephemeralStorageMB;

/** Every version whose code must be kept. */
export function versionsOf({ latest, running, versions }: LambdaFunction): FunctionVersion[] {
  return [latest, ...(running ? [running] : []), ...versions];
}
