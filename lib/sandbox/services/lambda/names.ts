/**
 * How functions are named: by name, partial ARN or full ARN, each with or without a qualifier.
 * @module
 */

import { AwsError } from "../../errors.ts";
import type { MemberConstraint } from "../../constraints.ts";
import { invalidParameterValue, resourceNotFound } from "./errors.ts";

/** A function, and the version or alias that was asked for. */
export interface FunctionReference {
  readonly name: string;
  /** Undefined if none was given, which means `$LATEST`. */
  readonly qualifier?: string;
}

/** Where functions are looked for. */
export interface FunctionPlace {
  readonly region: string;
  readonly accountId: string;
}

const ARN_PREFIX = "(arn:(aws[a-zA-Z-]*)?:lambda:)?" +
  "((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?";

/** `FunctionName` where functions are made and changed. */
export const FUNCTION_NAME: MemberConstraint = {
  required: true,
  length: [1, 140],
  pattern: `${ARN_PREFIX}([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?`,
};

/** `FunctionName` where functions are read and invoked: AWS's namespaced pattern. */
export const NAMESPACED_FUNCTION_NAME: MemberConstraint = {
  required: true,
  length: [1, 256],
  pattern: `${ARN_PREFIX}([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?`,
};

export const QUALIFIER: MemberConstraint = {
  length: [1, 128],
  pattern: "\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+",
};

const PARTS =
  /^(?:arn:[^:]*:lambda:)?(?:([a-z]{2}(?:-[a-z]+)+-\d):)?(?:(\d{12}):)?(?:function:)?([\w.-]+)(?::(.+))?$/;

const NAME_CHARACTERS_MAX = 64;

/**
 * Throws InvalidParameterValueException for a name that is too long for a new function. Other
 * operations do not find such a function (recorded on AWS, 2025-11).
 */
export function checkNewName(name: string): void {
  if (name.length <= NAME_CHARACTERS_MAX) return;
  throw invalidParameterValue(
    `1 validation error detected: Value '${name}' at 'functionName' failed to satisfy ` +
      `constraint: Member must have length less than or equal to ${NAME_CHARACTERS_MAX}`,
  );
}

/**
 * Reads a `FunctionName`, whose pattern was checked, together with a `Qualifier`.
 * Throws where it names another region or account, or two qualifiers.
 */
export function parseFunctionName(
  text: string,
  place: FunctionPlace,
  qualifier?: string,
): FunctionReference {
  const [, region, accountId, name = text, derived] = PARTS.exec(text) ?? [];
  if (region !== undefined && region !== place.region) {
    throw resourceNotFound(
      `Functions from '${region}' are not reachable in this region ('${place.region}')`,
    );
  }
  if (accountId !== undefined && accountId !== place.accountId) {
    // The text is ours: AWS's names the caller, who may not see another account's functions.
    throw new AwsError(
      "AccessDeniedException",
      403,
      `The sandbox has the account ${place.accountId} only, not ${accountId}`,
    );
  }
  if (derived !== undefined && qualifier !== undefined && derived !== qualifier) {
    throw invalidParameterValue(
      "The derived qualifier from the function name does not match the specified qualifier.",
    );
  }
  return { name, qualifier: qualifier ?? derived };
}

/** The ARN of a function, with the qualifier if there is one. */
export function functionArn(
  { name, qualifier }: FunctionReference,
  { region, accountId }: FunctionPlace,
): string {
  const arn = `arn:aws:lambda:${region}:${accountId}:function:${name}`;
  return qualifier === undefined ? arn : `${arn}:${qualifier}`;
}
