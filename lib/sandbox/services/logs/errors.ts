/**
 * The errors of CloudWatch Logs, with AWS's texts. All are answered with status 400.
 * @module
 */

import { AwsError } from "../../errors.ts";

export const invalidParameter = (message: string) =>
  new AwsError("InvalidParameterException", 400, message);

export const invalidToken = () => invalidParameter("The specified nextToken is invalid.");

export const invalidFilterPattern = () => invalidParameter("Invalid filter pattern");

export const regexTooLarge = (stepsMax: number) =>
  invalidParameter(
    `The sandbox takes a regular expression of at most ${stepsMax} steps, of which a{9} has nine: ` +
      "use smaller counts.",
  );

// Captured: without a full stop here, with one where something is missing.
export const groupExists = () =>
  new AwsError("ResourceAlreadyExistsException", 400, "The specified log group already exists");

export const streamExists = () =>
  new AwsError("ResourceAlreadyExistsException", 400, "The specified log stream already exists");

const notFound = (message: string) => new AwsError("ResourceNotFoundException", 400, message);

export const noSuchGroup = () => notFound("The specified log group does not exist.");

export const noSuchStream = () => notFound("The specified log stream does not exist.");

export const noSuchSubscription = () =>
  notFound("The specified subscription filter does not exist.");

export const limitExceeded = () =>
  new AwsError("LimitExceededException", 400, "Resource limit exceeded.");

/** For log groups of the cheaper classes (text measured 2026-09-08; the type is assumed). */
export const standardClassOnly = () =>
  new AwsError(
    "InvalidOperationException",
    400,
    "This operation is only supported on the Standard log class.",
  );

/** A feature of AWS that the sandbox lacks: refused by name, never ignored. */
export const notSupported = (what: string) =>
  invalidParameter(`The sandbox does not support ${what}.`);
