/**
 * Firehose's error codes, as they stand in error objects and in its log, with what they mean and
 * what mends them. Follows "Troubleshooting Amazon Data Firehose" and "Lambda errors"
 * (https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html).
 * @module
 */

import { COURSE, type Knowledge } from "./explanation.ts";

const TOO_LARGE_RULE =
  "Lambda takes at most 6,291,556 bytes (6 MB) as a synchronous response and " +
  "6,291,456 as a request. A larger response makes the invocation fail as a whole.";

const KNOWN: ReadonlyMap<string, Knowledge> = new Map(Object.entries<Knowledge>({
  "Lambda.FunctionError": {
    happened: "The function failed, or its answer was refused as a whole, at every attempt. All " +
      "records of the batch went to the error output.",
    rule: "A failed invocation is repeated NumberOfRetries times (3). Besides errors that the " +
      "function throws this is what a response over 6 MB looks like: the function's log then has " +
      '"Http response code: 413".',
    cure: "Look into the function's log for 413 or an Invoke Error. For 413 keep the response " +
      "within a budget of bytes.",
    course: COURSE.tooLarge,
  },
  "Lambda.MissingRecordId": {
    happened: "The function answered, but left these records out or changed their ids.",
    rule:
      "Every recordId of the event must come back exactly once, unchanged. This is not retried.",
    cure: "Answer every record: as Dropped or ProcessingFailed where it is not to be delivered.",
    course: COURSE.missingIds,
  },
  "Lambda.DuplicatedRecordId": {
    happened: "The function answered these records more than once.",
    rule: "Every recordId of the event must come back exactly once.",
    cure: "Join what one record becomes into one answer, with line feeds between.",
    course: COURSE.results,
  },
  "Lambda.ProcessingFailedStatus": {
    happened: "The function itself answered ProcessingFailed for these records.",
    rule: "ProcessingFailed is not retried: the original bytes go to the error output.",
    cure: "The function's log should say why, by record id. Mend the cause, then redrive.",
    course: COURSE.errorObject,
  },
  "Lambda.FunctionTimedOut": {
    happened: "The function did not answer within its timeout.",
    rule: "Firehose waits for a function's own Timeout, 5 minutes at the most.",
    cure: "Raise Timeout or MemorySize (which buys CPU), or lower the processor's BufferSizeInMBs.",
    course: COURSE.deploy,
  },
  "Lambda.InvokeAccessDenied": {
    happened: "The delivery stream's role may not invoke the function.",
    rule:
      "The role needs lambda:InvokeFunction on the function's ARN with its version (:$LATEST or " +
      ":*).",
    cure: "deno task deploy-lambda --stream NAME grants it.",
    course: COURSE.deploy,
  },
  "Lambda.AssumeRoleAccessDenied": {
    happened: "Firehose may not assume the role that it is told to use.",
    rule: "The role's trust policy must let firehose.amazonaws.com assume it.",
    cure: "Mend the trust policy of the role.",
    course: COURSE.deliveryRole,
  },
  "Lambda.InvokeLimitExceeded": {
    happened: "Lambda refused to run the function: too many run at the same time.",
    rule: "The account's concurrency, or the concurrency reserved for the function, is used up.",
    cure: "Raise it, or make invocations fewer or shorter.",
  },
  "Lambda.ResourceNotFound": {
    happened: "There is no such function, version or alias.",
    cure: "Deploy it, or mend LambdaArn in the stream's processor.",
    course: COURSE.deploy,
  },
  "Lambda.JsonProcessingException": {
    happened: "What the function answered is not JSON.",
    cure: "Return an object from the handler and let the runtime write it.",
    course: COURSE.transform,
  },
  "Lambda.InvalidReturnFormat": {
    happened: "The function answered Ok without data.",
    rule: "An Ok record must have data, in base64; an empty record is the empty text.",
    cure: "Answer Dropped where nothing is to be delivered.",
    course: COURSE.results,
  },
  "DynamicPartitioning.PartitioningFailed": {
    happened: "The function gave no value, or an empty one, for a partition key in the Prefix.",
    cure: "Answer ProcessingFailed for such records, or give every key a value.",
    course: COURSE.transform,
  },
  "DynamicPartitioning.ActivePartitionsLimitExceeded": {
    happened: "More partitions were open at once than the stream may have (500 by default).",
    cure: "Choose keys with fewer values, or a shorter buffer interval; the limit can be raised.",
    course: COURSE.transform,
  },
  "DynamicPartitioning.MetadataExtractionFailed": {
    happened: "The jq query failed on these records, or gave no value for a partition key.",
    cure: "Try the query on the record's data; records must be JSON where Firehose reads them.",
    course: { notebook: "notebooks/2_jq_partitioning.ipynb", heading: "Step 2" },
  },
  "S3.AccessDenied": {
    happened: "The delivery role may not write to the bucket. Records wait up to 24 hours.",
    rule: "It needs s3:PutObject on the bucket's objects.",
    cure: "Mend the role's permissions: what waits is then delivered.",
    course: COURSE.deliveryRole,
  },
  "Sandbox.RecordLoop": {
    happened: "The function puts the same records back again and again.",
    rule: "A record that fits into no response comes back at every round, and each is paid for. " +
      "(Only the sandbox sees this: on AWS IncomingRecords and the bill grow.)",
    cure: "Never put back what cannot fit alone; count the rounds and stop at a limit.",
    course: COURSE.loop,
  },
}));

/** What is known of an error code. */
export function knowledgeOf(errorCode: string): Knowledge {
  const known = KNOWN.get(errorCode);
  if (known) return known;
  if (errorCode.startsWith("DataFormatConversion.")) {
    return {
      happened: "The record could not be converted to Parquet or ORC: it does not fit the table.",
      cure: "Compare the record with the table's columns.",
    };
  }
  if (errorCode.startsWith("Decompression")) {
    return { happened: "Firehose could not decompress the record: it is not gzip of its source." };
  }
  return { happened: `Firehose says ${errorCode || "nothing"}: this tool knows no more of it.` };
}

/** What a Lambda error's type means. */
export function functionErrorKnowledge(errorType: string): Knowledge {
  switch (errorType) {
    case "Function.ResponseSizeTooLarge":
    case "RequestEntityTooLarge":
      return {
        happened: "The function's response was larger than Lambda takes: 413.",
        rule: TOO_LARGE_RULE,
        cure: "Keep the response within a budget of bytes: put the rest back, or keep records " +
          "compressed.",
        course: COURSE.tooLarge,
      };
    case "Sandbox.Timedout":
      return knowledgeOf("Lambda.FunctionTimedOut");
    case "Runtime.OutOfMemory":
      return {
        happened: "The function needed more memory than it has.",
        cure: "Raise MemorySize, bound what a record may decompress to, or lower BufferSizeInMBs.",
        course: COURSE.deploy,
      };
    default:
      return {
        happened:
          `The function failed with ${errorType}. Firehose repeats the batch, then writes ` +
          "it to the error output as Lambda.FunctionError.",
        cure: "The function's log has the stack.",
        course: COURSE.transform,
      };
  }
}
