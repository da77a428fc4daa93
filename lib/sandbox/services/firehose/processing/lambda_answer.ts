/**
 * What came of an invocation, judged: the fate of each record, or why the whole batch failed.
 * Pure. Codes and texts follow "Data transformation failure handling" and "Lambda errors"
 * (https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html); what the
 * guide leaves open was captured between 2021 and 2026.
 * @module
 */

import type { InvokeOutcome } from "../../lambda/invoker.ts";

/** An error as it stands in an error line and in the log. */
export interface ProcessingError {
  readonly errorCode: string;
  readonly errorMessage: string;
}

/** What becomes of one record. */
export type Fate =
  | {
    readonly result: "Ok";
    readonly data: Uint8Array;
    /** As the function gave them; who partitions says whether they will do. */
    readonly partitionKeys: ReadonlyMap<string, unknown>;
  }
  | { readonly result: "Dropped" }
  | { readonly result: "ProcessingFailed"; readonly error: ProcessingError };

/** The verdict on an invocation. A failed batch is tried again. */
export type Verdict =
  | { readonly kind: "batchFailed"; readonly error: ProcessingError }
  /** In the order of the records that were asked for. */
  | { readonly kind: "judged"; readonly fates: readonly Fate[] };

/** Judges what a function, or Lambda itself, answered to a batch of `recordIds`. */
export function judge(outcome: InvokeOutcome, recordIds: readonly string[]): Verdict {
  switch (outcome.kind) {
    case "refused":
      return batchFailed(REFUSALS.get(outcome.code) ?? "Lambda.FunctionError");
    case "functionError":
      return batchFailed(
        outcome.errorType === "Sandbox.Timedout"
          ? "Lambda.FunctionTimedOut"
          : "Lambda.FunctionError",
      );
    case "succeeded":
      return judgeAnswer(outcome.payload, recordIds);
  }
}

/** The verdict that a batch failed with a code of {@linkcode MESSAGES}. */
export function batchFailed(errorCode: keyof typeof MESSAGES): Verdict {
  return { kind: "batchFailed", error: errorOf(errorCode) };
}

const REFUSALS = new Map<string, keyof typeof MESSAGES>([
  ["AccessDeniedException", "Lambda.InvokeAccessDenied"],
  ["ResourceNotFoundException", "Lambda.ResourceNotFound"],
  ["TooManyRequestsException", "Lambda.InvokeLimitExceeded"],
]);

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

/** A wrong `result` or bad base64 has the code of a function error and a text of its own. */
const INVALID_OUTPUT: ProcessingError = {
  errorCode: "Lambda.FunctionError",
  errorMessage:
    "Invalid output structure. Check your function and make sure the output is in required " +
    "format. In addition to that, make sure the processed records contain valid result status of " +
    "Dropped, Ok, or ProcessingFailed.",
};

function errorOf(errorCode: keyof typeof MESSAGES): ProcessingError {
  return { errorCode, errorMessage: MESSAGES[errorCode] };
}

function failed(errorCode: keyof typeof MESSAGES): Fate {
  return { result: "ProcessingFailed", error: errorOf(errorCode) };
}

function judgeAnswer(payload: Uint8Array, recordIds: readonly string[]): Verdict {
  let answer: unknown;
  try {
    answer = JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return batchFailed("Lambda.JsonProcessingException");
  }
  const items = isObject(answer) && Array.isArray(answer.records) ? answer.records : [];
  const wanted = new Set(recordIds);
  const fates = new Map<string, Fate>();
  for (const item of items) {
    // An id that was not asked for is ignored (captured).
    if (!isObject(item) || typeof item.recordId !== "string") continue;
    if (!wanted.has(item.recordId)) continue;
    const fate = fates.has(item.recordId) ? failed("Lambda.DuplicatedRecordId") : fateOf(item);
    if (!fate) return { kind: "batchFailed", error: INVALID_OUTPUT };
    fates.set(item.recordId, fate);
  }
  return {
    kind: "judged",
    fates: recordIds.map((id) => fates.get(id) ?? failed("Lambda.MissingRecordId")),
  };
}

/** Undefined for an answer that fails the whole batch. */
function fateOf({ result, data, metadata }: Record<string, unknown>): Fate | undefined {
  const decoded = data === null || data === undefined ? undefined : decodeBase64(data);
  if (decoded === "invalid") return undefined;
  switch (result) {
    case "Ok":
      if (!decoded) return failed("Lambda.InvalidReturnFormat");
      return { result, data: decoded, partitionKeys: partitionKeysOf(metadata) };
    case "Dropped":
      return { result };
    case "ProcessingFailed":
      return failed("Lambda.ProcessingFailedStatus");
    default:
      return undefined;
  }
}

function decodeBase64(data: unknown): Uint8Array | "invalid" {
  if (typeof data !== "string") return "invalid";
  try {
    return Uint8Array.fromBase64(data);
  } catch {
    return "invalid";
  }
}

function partitionKeysOf(metadata: unknown): ReadonlyMap<string, unknown> {
  const keys = isObject(metadata) ? metadata.partitionKeys : undefined;
  return new Map(isObject(keys) ? Object.entries(keys) : []);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
