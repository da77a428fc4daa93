/**
 * Firehose's errors, with AWS's texts where they are known.
 * @module
 */

import { AwsError } from "../../errors.ts";

export const invalidArgument = (message: string) =>
  new AwsError("InvalidArgumentException", 400, message);

export const resourceInUse = (message: string) =>
  new AwsError("ResourceInUseException", 400, message);

export const limitExceeded = (message: string) =>
  new AwsError("LimitExceededException", 400, message);

/** The answer for a throttled record of a batch. The text is the usual one. */
export const SLOW_DOWN = {
  ErrorCode: "ServiceUnavailableException",
  ErrorMessage: "Slow down.",
} as const;

export const slowDown = () => new AwsError(SLOW_DOWN.ErrorCode, 503, SLOW_DOWN.ErrorMessage);

export const concurrentModification = (message: string) =>
  new AwsError("ConcurrentModificationException", 400, message);

const resourceNotFound = (message: string) =>
  new AwsError("ResourceNotFoundException", 400, message);

export const noSuchStream = (name: string, accountId: string) =>
  resourceNotFound(`Firehose ${name} under account ${accountId} not found.`);

export const streamNotActive = (name: string, accountId: string) =>
  resourceNotFound(`Firehose ${name} is not active in ${accountId} account.`);

/** A put by anyone but CloudWatch Logs to a stream that decompresses (captured). */
export const notFromLogs = (name: string, accountId: string) =>
  new AwsError(
    "InvalidSourceException",
    400,
    `Put to Firehose failed for AccountId: ${accountId}, FirehoseName: ${name} because the ` +
      "request is not originating from CloudWatch.",
  );

/** A feature of AWS that the sandbox lacks: refused by name, never ignored. */
export const notSupported = (what: string) =>
  invalidArgument(`The sandbox does not support ${what}.`);

/** A role of another account for the schema of a format conversion. */
export const foreignSchemaRole = () =>
  new AwsError("AccessDeniedException", 400, "Cross-account pass role is not allowed.");

/** A role of another account. AWS's text (captured), and after it the two accounts. */
export const foreignRole = (callerArn: string, roleAccount: string, ownAccount: string) =>
  new AwsError(
    "AccessDeniedException",
    400,
    `User: ${callerArn} is not authorized to access this resource. The role is of account ` +
      `${roleAccount}, and this is account ${ownAccount}.`,
  );
