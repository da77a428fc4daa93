/**
 * Errors of processing: the codes and texts that Firehose writes into error objects and into its
 * log. They follow "Lambda errors"
 * (https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html); what the
 * guide leaves open was captured between 2021 and 2026.
 * @module
 */

import type { ProcessingError } from "../record.ts";

/** The codes of errors that concern the Lambda function of a delivery stream. */
export type LambdaErrorCode = keyof typeof MESSAGES;

/** The error with AWS's own text. */
export function lambdaError(errorCode: LambdaErrorCode): ProcessingError {
  return { errorCode, errorMessage: MESSAGES[errorCode] };
}

const MESSAGES = {
  "Lambda.FunctionError":
    "The Lambda function was successfully invoked but it returned an error result.",
  "Lambda.FunctionTimedOut":
    "The Lambda function invocation timed out. Increase the Timeout setting in the Lambda function.",
  "Lambda.InvokeAccessDenied":
    "Access was denied. Ensure that the access policy allows access to the Lambda function.",
  "Lambda.AssumeRoleAccessDenied":
    "Access was denied. Ensure that the trust policy for the provided IAM role allows Firehose " +
    "to assume the role.",
  "Lambda.InvokeLimitExceeded":
    "The Lambda concurrent execution limit is exceeded. Increase the concurrent execution limit.",
  "Lambda.ResourceNotFound":
    "The specified Lambda function does not exist. Use a different function that does exist.",
  "Lambda.JsonProcessingException":
    "There was an error parsing returned records from the Lambda function. Ensure that the " +
    "returned records follow the status model required by Amazon Data Firehose.",
  "Lambda.MissingRecordId":
    "One or more record Ids were not returned. Ensure that the Lambda function returns all " +
    "received record Ids.",
  "Lambda.DuplicatedRecordId":
    "Multiple records were returned with the same record Id. Ensure that the Lambda function " +
    "returns a unique record Id for each record.",
  "Lambda.InvalidReturnFormat":
    "The data field cannot be null when the SourceType is DirectPut or KinesisStreamAsSource and " +
    "processing result is Ok. The value field cannot be null when the SourceType is MSKAsSource " +
    "and processing result is Ok.",
  "Lambda.ProcessingFailedStatus": "ProcessingFailed status set for record",
} as const;

/**
 * A wrong `result`, or data that is not base64: the code of a function error with another text
 * (captured, November 2023). The function's own log shows no error then.
 */
export const INVALID_OUTPUT: ProcessingError = {
  errorCode: "Lambda.FunctionError",
  errorMessage:
    "Invalid output structure. Check your function and make sure the output is in required " +
    "format. In addition to that, make sure the processed records contain valid result status of " +
    "Dropped, Ok, or ProcessingFailed.",
};
