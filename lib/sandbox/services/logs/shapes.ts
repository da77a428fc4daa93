/**
 * Constraints of CloudWatch Logs' members, from its model (2014-03-28), and the ways in which its
 * operations name a log group.
 * @module
 */

import type { AccessRequest } from "../../access/caller.ts";
import type { MemberConstraint } from "../../constraints.ts";
import { AwsError } from "../../errors.ts";
import type { Context } from "../../operation.ts";
import { invalidParameter } from "./errors.ts";
import type { LogsState } from "./state.ts";

/** Characters of a name. */
const NAME_LENGTH_MAX = 512;

// `checkNames` refuses longer names; its text differs from the model's.
const ANY_LENGTH = [1, Number.MAX_SAFE_INTEGER] as const;

export const GROUP_NAME: MemberConstraint = {
  length: ANY_LENGTH,
  pattern: "[\\.\\-_/#A-Za-z0-9]+",
};
export const STREAM_NAME: MemberConstraint = { length: ANY_LENGTH, pattern: "[^:*]*" };
export const GROUP_IDENTIFIER: MemberConstraint = {
  length: [1, 2_048],
  pattern: "[\\w#+=/:,.@-]*",
};
export const RESOURCE_ARN: MemberConstraint = {
  required: true,
  length: [1, 1_011],
  pattern: "[\\w+=/:,.@-]*",
};
export const TOKEN: MemberConstraint = { length: ANY_LENGTH };
export const TIME: MemberConstraint = { range: [0, Number.MAX_SAFE_INTEGER] };
export const LIST_LIMIT: MemberConstraint = { range: [1, 50] };
export const EVENT_LIMIT: MemberConstraint = { range: [1, 10_000] };
export const LOG_GROUP_CLASS: MemberConstraint = {
  enum: ["STANDARD", "INFREQUENT_ACCESS", "DELIVERY", "ESSENTIALS"],
};
export const TAGS: MemberConstraint = {
  length: [1, 50],
  key: { length: [1, 128] },
  item: { length: [0, 256] },
};
export const required = (constraint: MemberConstraint): MemberConstraint => ({
  ...constraint,
  required: true,
});

/** Throws AWS's text for a name of more than 512 characters. */
export function checkNames(...names: readonly string[]): void {
  if (names.every((name) => name.length <= NAME_LENGTH_MAX)) return;
  throw invalidParameter(
    "Invalid LogGroup or LogStream, both must have length less than or equal to 512.",
  );
}

/** How an operation that reads names its group: by one of the two. */
export interface GroupChoice {
  readonly logGroupName?: string | undefined;
  /** A name or an ARN. */
  readonly logGroupIdentifier?: string | undefined;
}

/** The name of the chosen group. Throws where both are given, or neither. */
export function chosenGroup({ logGroupName, logGroupIdentifier }: GroupChoice): string {
  if (logGroupName !== undefined && logGroupIdentifier !== undefined) {
    throw new AwsError(
      "ValidationException",
      400,
      "LogGroup name and LogGroup ARN are mutually exclusive parameters.",
    );
  }
  const name = logGroupName ?? logGroupIdentifier;
  if (name === undefined) {
    // The text is ours: AWS's is not known.
    throw invalidParameter("Either logGroupName or logGroupIdentifier is required.");
  }
  return nameInArn(name) ?? name;
}

/** The group's name in its ARN, with or without `:*` at the end. */
export function nameInArn(arn: string): string | undefined {
  return /^arn:[^:]+:logs:[^:]*:\d{12}:log-group:([^:]+)(?::\*)?$/.exec(arn)?.[1];
}

/** What an operation on a log group asks of IAM. */
export function groupAccess(
  action: string,
  groupName: string,
  { state }: Pick<Context<LogsState>, "state">,
): AccessRequest[] {
  return [{ action: `logs:${action}`, resource: state.streamArn(groupName, "") }];
}

/** What an operation on a log stream asks of IAM. */
export function streamAccess(
  action: string,
  groupName: string,
  streamName: string,
  { state }: Pick<Context<LogsState>, "state">,
): AccessRequest[] {
  return [{ action: `logs:${action}`, resource: state.streamArn(groupName, streamName) }];
}
