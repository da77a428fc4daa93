/**
 * CloudWatch's errors, with AWS's texts where they are known.
 * @module
 */

import { AwsError } from "../../errors.ts";
import type { ErrorNames } from "../../operation.ts";

/**
 * How the errors are named on the wire. Older clients know them by the codes of the query protocol:
 * those of the trait `awsQueryError` in the SDK's schemas.
 */
export const ERROR_NAMES: ErrorNames = {
  namespace: "com.amazonaws.cloudwatch.v2010_08_01",
  queryCodes: new Map([
    ["InternalServiceFault", "InternalServiceError"],
    ["InvalidNextToken", "InvalidNextToken"],
    ["InvalidParameterCombinationException", "InvalidParameterCombination"],
    ["InvalidParameterValueException", "InvalidParameterValue"],
    ["MissingRequiredParameterException", "MissingParameter"],
    ["ValidationException", "ValidationError"],
  ]),
};

export const invalidValue = (message: string) =>
  new AwsError("InvalidParameterValueException", 400, message);

export const invalidCombination = (message: string) =>
  new AwsError("InvalidParameterCombinationException", 400, message);

export const missingParameter = (message: string) =>
  new AwsError("MissingRequiredParameterException", 400, message);

export const invalidQuery = (message: string) => new AwsError("ValidationException", 400, message);

export const invalidNextToken = () =>
  new AwsError("InvalidNextToken", 400, "The next token specified is invalid.");

/** The text that GetMetricStatistics and GetMetricData share (captured, 2025-09). */
export const START_BEFORE_END = "The parameter StartTime must be less than the parameter EndTime.";
