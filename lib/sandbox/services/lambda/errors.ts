/**
 * Lambda's errors, with AWS's texts where they are known (captured 2022 to 2026).
 * @module
 */

import { AwsError } from "../../errors.ts";

export const invalidParameterValue = (message: string) =>
  new AwsError("InvalidParameterValueException", 400, message);

export const invalidRequestContent = (message: string) =>
  new AwsError("InvalidRequestContentException", 400, message);

export const resourceNotFound = (message: string) =>
  new AwsError("ResourceNotFoundException", 404, message);

/** `arn` with the qualifier, where one was given. */
export const functionNotFound = (arn: string) => resourceNotFound(`Function not found: ${arn}`);

export const aliasNotFound = (arn: string) => resourceNotFound(`Cannot find alias arn: ${arn}`);

export const resourceConflict = (message: string) =>
  new AwsError("ResourceConflictException", 409, message);

/** A version or an alias is named where only functions can be meant. */
export const functionsOnly = () =>
  invalidParameterValue(
    "This operation is permitted on Lambda functions only. Aliases and versions do not support " +
      "this operation. Please specify either a function name or an unqualified function ARN.",
  );

export const validation = (message: string) => new AwsError("ValidationException", 400, message);

/** The front end's own 413, which the model does not have. */
export const requestEntityTooLarge = (message: string) =>
  new AwsError("RequestEntityTooLargeException", 413, message);

/** A `RevisionId` that is not the current one. */
export const revisionMismatch = () => mismatch("GetFunction/GetAlias");

/** The same of a resource policy. */
export const policyRevisionMismatch = () => mismatch("GetPolicy");

const mismatch = (operation: string) =>
  new AwsError(
    "PreconditionFailedException",
    412,
    "The Revision Id provided does not match the latest Revision Id. Call the " +
      `${operation} API to retrieve the latest Revision Id`,
  );

/** Why an invocation was throttled. */
export type ThrottleReason =
  | "ReservedFunctionConcurrentInvocationLimitExceeded"
  | "ConcurrentInvocationLimitExceeded";

/** After how many seconds a throttled client may ask again (assumed). */
const RETRY_AFTER_SECONDS = 1;

export const tooManyRequests = (Reason: ThrottleReason) =>
  new AwsError("TooManyRequestsException", 429, "Rate Exceeded.", {
    fields: { Reason },
    headers: { "retry-after": String(RETRY_AFTER_SECONDS) },
  });

/** A feature of AWS that the sandbox lacks: refused by name, never ignored. */
export const notSupported = (what: string) =>
  invalidParameterValue(`The sandbox does not support ${what}.`);

/** A call that policies do not allow; `message` is AWS's text (`accessDeniedText`). */
export const accessDenied = (message: string) =>
  new AwsError("AccessDeniedException", 403, message);

/** The role is gone or no longer trusts Lambda when an environment starts (assumed). */
export const roleNotAssumable = () =>
  accessDenied("The role defined for the function cannot be assumed by Lambda.");
