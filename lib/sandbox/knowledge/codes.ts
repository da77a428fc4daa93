/**
 * What is known of each code that Firehose's guide lists for S3 destinations and Lambda, and of those
 * that were captured besides.
 * @module
 */

import { COURSE, type Knowledge } from "./explanation.ts";

const NO_RETRY = "Every recordId of the event must come back exactly once. This is not retried.";
const WAITS = "Records wait up to 24 hours, and are delivered when this is fixed.";

/** By code. */
export const CODES: ReadonlyMap<string, Knowledge> = new Map(Object.entries<Knowledge>({
  "Lambda.FunctionError": {
    happened:
      "The function failed at every attempt: it threw an error, its process ended, it ran out of " +
      "memory, or its response was larger than 6 MB. All records of the batch went to the error output.",
    rule:
      "Firehose repeats a failed invocation NumberOfRetries times (3). For Firehose, a response over 6 MB " +
      'looks the same as an error. The function\'s log then has "Http response code: 413", or nothing if ' +
      "a Node function streams its response.",
    cure:
      "The function's log of that time says which of these happened. If it is 413, keep the response " +
      "below the limit.",
    course: COURSE.tooLarge,
  },
  "Lambda.MissingRecordId": {
    happened: "The function answered, but left out these records or changed their ids.",
    rule: NO_RETRY,
    cure:
      "Answer every record. If a record must not be delivered, answer Dropped or ProcessingFailed. A " +
      "response of another form (a list, API Gateway's statusCode and body, JSON inside a text) counts " +
      "as a response without ids.",
    course: COURSE.missingIds,
  },
  "Lambda.DuplicatedRecordId": {
    happened: "The function answered these records more than once.",
    rule: NO_RETRY,
    cure: "If one record becomes several, join them in one answer, with line feeds between them.",
    course: COURSE.results,
  },
  "Lambda.ProcessingFailedStatus": {
    happened: "The function itself answered ProcessingFailed for these records.",
    rule: "ProcessingFailed is not retried: the original bytes go to the error output.",
    cure: "The function's log should say why for each record id. Fix the cause, then redrive.",
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
    happened: "Firehose may not assume the role that the stream's processor names.",
    rule: "The role's trust policy must let firehose.amazonaws.com assume it.",
    cure: "Fix the trust policy of the role.",
    course: COURSE.deliveryRole,
  },
  "Lambda.InvokeLimitExceeded": {
    happened: "Lambda refused to run the function: too many run at the same time.",
    rule: "The account's concurrency, or the concurrency reserved for the function, is used up.",
    cure: "Raise the limit, or make invocations fewer or shorter.",
  },
  "Lambda.ResourceNotFound": {
    happened: "There is no such function, version or alias.",
    cure: "Deploy it, or fix LambdaArn in the stream's processor.",
    course: COURSE.deploy,
  },
  "Lambda.JsonProcessingException": {
    happened: "What the function answered is not JSON that Firehose can read.",
    rule:
      "Python writes NaN and Infinity, which are not JSON. A custom runtime may write anything.",
    cure: "Return an object from the handler and let the runtime write it; leave NaN out.",
    course: COURSE.transform,
  },
  "Lambda.InvalidReturnFormat": {
    happened: "The function answered Ok without data.",
    rule: "An Ok record must have data, in base64; an empty record is the empty text.",
    cure: "If nothing must be delivered for a record, answer Dropped.",
    course: COURSE.results,
  },
  "Lambda.InvalidSubnetIDException": vpc("a subnet of its VPC configuration does not exist"),
  "Lambda.InvalidSecurityGroupIDException": vpc(
    "a security group of its VPC configuration does not exist",
  ),
  "Lambda.SubnetIPAddressLimitReachedException": vpc("its subnets have no free IP addresses left"),
  "Lambda.ENILimitReachedException": vpc("the account's limit of network interfaces is reached"),
  "DynamicPartitioning.PartitioningFailed": {
    happened: "The function gave no value or an empty value for a partition key in the Prefix.",
    rule:
      "Values are texts that are not empty. (This code is the sandbox's. On AWS only the error output " +
      "type partitioning-failed was seen.)",
    cure: "Answer ProcessingFailed for such records, or give every key a value.",
    course: COURSE.transform,
  },
  "DynamicPartitioning.ActivePartitionsLimitExceeded": {
    happened: "More partitions were open at once than the stream may have (500 by default).",
    cure: "Choose keys with fewer values, or a shorter buffer interval; the limit can be raised.",
    course: COURSE.transform,
  },
  "DataFormatConversion.ParseError": {
    happened: "The record is malformed JSON, so it could not be converted to Parquet or ORC.",
    rule:
      "Firehose reads one JSON object from each record, with the deserializer that the stream names.",
    cure:
      "Look below at what the records hold: text, gzip, or JSON that was cut off or run together.",
  },
  "DataFormatConversion.MalformedData": {
    happened: "The record is JSON but does not fit the table, so it could not be converted.",
    rule:
      "Every value must fit the type of its column in the Glue Data Catalog, e.g. timestamps as " +
      "yyyy-MM-dd HH:mm:ss. An empty record does not fit either.",
    cure: "Compare the record with the table's columns: the message names the value.",
  },
  "Decompression failed.": {
    happened: "Firehose could not decompress the record: it is not gzip.",
    rule: "With Decompression on, every record must be gzip, as CloudWatch Logs sends it.",
    cure: "Put other data on another stream.",
  },
  "S3.AccessDenied": {
    happened: "The delivery role may not write to the bucket.",
    rule:
      `It needs s3:PutObject on the bucket's objects, and Firehose must be allowed to assume it. ` +
      WAITS,
    cure: "Fix the role's permissions, its trust policy or the bucket's policy.",
    course: COURSE.deliveryRole,
  },
  "S3.NoSuchBucket": {
    happened: "The bucket of the stream does not exist.",
    rule: WAITS,
    cure: "Create the bucket again in the stream's region, or name another in the destination.",
    course: COURSE.deliveryRole,
  },
  "S3.MethodNotAllowed": {
    happened: "The bucket does not allow the operation.",
    rule: WAITS,
    cure: "Modify the bucket's policy to allow the Amazon S3 operations of the delivery role.",
    course: COURSE.deliveryRole,
  },
  "S3.AccountProblem": account("there is a problem with the AWS account"),
  "S3.AllAccessDisabled": account("access to the account has been disabled"),
  "S3.InvalidPayer": account("access to the account has been disabled"),
  "S3.NotSignedUp": {
    happened: "S3 refused: the account is not signed up for Amazon S3.",
    rule: WAITS,
    cure: "Sign the account up, or use another account.",
  },
  "S3.KMS.NotFoundException": {
    happened: "The KMS key for the encryption of objects was not found.",
    rule: WAITS,
    cure: "Name a key that exists in the bucket's region, and let the delivery role use it.",
  },
  "S3.KMS.RequestLimitExceeded": {
    happened: "Objects could not be encrypted: too many KMS requests in a second.",
    rule: WAITS,
    cure: "Raise the limit, use an S3 bucket key, or write fewer and larger objects.",
  },
  InternalError: {
    happened: "AWS had an internal error during the delivery.",
    rule: "Firehose tries again by itself.",
    cure: "Wait. If it persists, ask AWS Support.",
  },
  "Sandbox.RecordLoop": {
    happened: "The function puts the same records back again and again.",
    rule:
      "A record that fits into no response comes back in every round, and you pay for each round. " +
      "(Only the sandbox reports this. On AWS, IncomingRecords and the bill grow.)",
    cure: "Never put back a record that cannot fit alone. Count the rounds, and stop at a limit.",
    course: COURSE.loop,
  },
}));

function vpc(what: string): Knowledge {
  return {
    happened: `Lambda could not run the function in its VPC: ${what}.`,
    cure:
      "Fix the function's VPC configuration or the limit. A function that only transforms needs " +
      "no VPC.",
  };
}

function account(what: string): Knowledge {
  return { happened: `S3 refused: ${what}.`, rule: WAITS, cure: "Contact AWS Support." };
}
