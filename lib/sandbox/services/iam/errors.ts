/**
 * IAM's errors, with AWS's texts.
 * @module
 */

import { AwsError } from "../../errors.ts";

export const noSuchEntity = (message: string) => new AwsError("NoSuchEntity", 404, message);

export const noSuchUser = (name: string) =>
  noSuchEntity(`The user with name ${name} cannot be found.`);

export const noSuchRole = (name: string) =>
  noSuchEntity(`The role with name ${name} cannot be found.`);

export const noSuchPolicy = (arn: string) => noSuchEntity(`Policy ${arn} was not found.`);

export const alreadyExists = (message: string) => new AwsError("EntityAlreadyExists", 409, message);

export const deleteConflict = (what: string) =>
  new AwsError("DeleteConflict", 409, `Cannot delete entity, ${what} first.`);

export const limitExceeded = (message: string) => new AwsError("LimitExceeded", 409, message);

export const malformedPolicy = (message: string) =>
  new AwsError("MalformedPolicyDocument", 400, message);

export const invalidInput = (message: string) => new AwsError("InvalidInput", 400, message);
