/**
 * Errors of calls: what PutRecord, PutRecordBatch and Invoke answer in place of a result.
 * @module
 */

import { COURSE, type Knowledge } from "../../../sandbox/knowledge/explanation.ts";

/** What is known of an error's name, with its message. */
export function callErrorKnowledge(name: string, message: string): Knowledge {
  const error = name.replace(/^.*#/, "");
  if (error === "ServiceException" || error === "ServiceUnavailableException") {
    return THROTTLED_PUT;
  }
  return KNOWN.get(error) ?? {
    happened:
      `The call was refused with ${error}: ${message || "no message"}. This tool does not know ` +
      "more about it.",
  };
}

const THROTTLED_PUT: Knowledge = {
  happened: "Firehose is throttling: the records were not accepted.",
  rule:
    "A stream with Direct PUT takes 1 MiB, 1,000 calls and 100,000 records a second (5 MiB, 2,000 " +
    "and 500,000 in us-east-1, us-west-2 and eu-west-1).",
  cure: "Send the same records again, with growing pauses; ask for a higher limit if it stays.",
  course: COURSE.puts,
};

const KNOWN: ReadonlyMap<string, Knowledge> = new Map(Object.entries<Knowledge>({
  InternalFailure: {
    happened: "AWS failed: the records were not accepted.",
    cure: "Send the same records again, with growing pauses.",
    course: COURSE.puts,
  },
  InvalidKMSResourceException: {
    happened: "The key of the stream's server-side encryption cannot be used.",
    rule:
      "Since April 2026 a producer of a new stream needs kms:GenerateDataKey and kms:Decrypt on " +
      "a customer's key itself.",
    cure: "Enable the key, or fix its policy.",
  },
  InvalidSourceException: {
    happened: "The stream takes records from CloudWatch Logs only, because Decompression is on.",
    cure: "Put your own records on another stream.",
  },
  InvalidArgumentException: {
    happened: "The call was refused: an argument is wrong.",
    rule:
      "A record may have 1,024,000 bytes before base64, a batch 500 records and 4 MiB. A stream " +
      "that reads a Kinesis stream takes no puts.",
    cure: "Do what the message says.",
    course: COURSE.puts,
  },
  ValidationException: {
    happened: "The call was refused: a member of the request breaks a constraint.",
    rule: "A record may have 1,024,000 bytes before base64, a batch 1 to 500 records.",
    cure: "The message names the member.",
    course: COURSE.puts,
  },
  ResourceNotFoundException: {
    happened: "There is no such delivery stream or function, or it is not active yet.",
    cure: "Compare the name, the region and the account; a new stream takes a minute.",
    course: COURSE.puts,
  },
  AccessDeniedException: {
    happened: "The caller may not do this.",
    rule: "A user or role may do nothing that a policy does not allow.",
    cure: "Allow the action that the message names, on that resource.",
    course: COURSE.permissions,
  },
  TooManyRequestsException: {
    happened:
      "Lambda refused to run the function: too many run at the same time, or it is called too " +
      "often.",
    cure: "Raise the concurrency, or call again with growing pauses.",
  },
  RequestTooLargeException: {
    happened: "The event was larger than Lambda accepts.",
    rule: "A request may have 6,291,456 bytes, base64 included.",
    cure: "Lower the processor's BufferSizeInMBs.",
    course: COURSE.sizes,
  },
  ResourceConflictException: {
    happened: "The function is being changed and cannot be used at the moment.",
    cure: "Wait until its state is Active and its last update is Successful.",
    course: COURSE.deploy,
  },
  KMSDisabledException: {
    happened: "The key that encrypts the function's environment is disabled.",
    cure: "Enable the key.",
  },
  EC2ThrottledException: {
    happened: "Lambda could not connect the function to its VPC: EC2 was throttling.",
    cure: "Wait and try again.",
  },
  ENILimitReachedException: {
    happened: "Lambda could not connect the function to its VPC: too many network interfaces.",
    cure: "Raise the limit. A function that only transforms needs no VPC.",
  },
  InvalidRequestContentException: {
    happened: "The payload of the invocation is not JSON.",
    cure: "Send JSON; with AWS CLI 2 add --cli-binary-format raw-in-base64-out.",
  },
}));
