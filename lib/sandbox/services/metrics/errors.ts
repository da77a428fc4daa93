/**
 * CloudWatch's errors, with AWS's texts where they are known. Older clients know them by the codes
 * of the query protocol, which the SDK's schemas give.
 * @module
 */

import {
  InternalServiceFault$,
  InvalidNextToken$,
  InvalidParameterCombinationException$,
  InvalidParameterValueException$,
  MissingRequiredParameterException$,
  ValidationException$,
} from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../errors.ts";
import type { ErrorNames } from "../../operation.ts";

const SCHEMAS = [
  InternalServiceFault$,
  InvalidNextToken$,
  InvalidParameterCombinationException$,
  InvalidParameterValueException$,
  MissingRequiredParameterException$,
  ValidationException$,
];

/** How the errors are named on the wire. */
export const ERROR_NAMES: ErrorNames = {
  namespace: "com.amazonaws.cloudwatch.v2010_08_01",
  queryCodes: new Map(SCHEMAS.flatMap(([, , name, traits]) => {
    const queryError = typeof traits === "number" ? undefined : traits.awsQueryError;
    const code: unknown = Array.isArray(queryError) ? queryError[0] : undefined;
    return typeof code === "string" ? [[name, code] as const] : [];
  })),
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
