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

/** Lambda's refusals for which Firehose has a code that is not `Lambda.` and Lambda's own. */
const REFUSALS: ReadonlyMap<string, LambdaErrorCode> = new Map<string, LambdaErrorCode>([
  ["AccessDeniedException", "Lambda.InvokeAccessDenied"],
  ["ResourceNotFoundException", "Lambda.ResourceNotFound"],
  ["TooManyRequestsException", "Lambda.InvokeLimitExceeded"],
  // Not a code of Lambda: the sandbox gives it when the answer was lost.
  ["ConnectionLost", "Lambda.FunctionError"],
]);

/**
 * The error of an invocation that Lambda refused. The guide says that an error line has "the HTTP
 * error code returned by Lambda" and its message, and lists codes such as
 * `Lambda.ENILimitReachedException` with a text; that the codes which it does not list have the
 * same form is assumed.
 * https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-failure-handling.html
 */
export function refusalError(code: string, message: string): ProcessingError {
  const errorCode = REFUSALS.get(code) ?? `Lambda.${code}`;
  return isListed(errorCode) ? lambdaError(errorCode) : { errorCode, errorMessage: message };
}

const isListed = (errorCode: string): errorCode is LambdaErrorCode =>
  Object.hasOwn(MESSAGES, errorCode);

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
  "Lambda.InvalidSubnetIDException":
    "The specified subnet ID in the Lambda function VPC configuration is invalid. Ensure that the " +
    "subnet ID is valid.",
  "Lambda.InvalidSecurityGroupIDException":
    "The specified security group ID in the Lambda function VPC configuration is invalid. Ensure " +
    "that the security group ID is valid.",
  "Lambda.SubnetIPAddressLimitReachedException":
    "AWS Lambda was not able to set up the VPC access for the Lambda function because one or more " +
    "configured subnets have no available IP addresses. Increase the IP address limit.",
  "Lambda.ENILimitReachedException":
    "AWS Lambda was not able to create an Elastic Network Interface (ENI) in the VPC, specified as " +
    "part of the Lambda function configuration, because the limit for network interfaces has been " +
    "reached. Increase the network interface limit.",
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
