/**
 * Firehose's error codes, as they stand in error objects and in its log: what they mean and what cures
 * them. The texts are those of "Monitor Amazon Data Firehose Using CloudWatch Logs"
 * (https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html, read in the
 * copy of the guide of 2018 and in captures of 2021 to 2026).
 * @module
 */

import { COURSE, type Knowledge } from "./explanation.ts";
import { CODES } from "./codes.ts";

/**
 * What is known of an error code. `message` is AWS's own text beside it, where there is one: some codes
 * have quite different ones. `errorType` is what Lambda said of the invocation, where that is known.
 */
export function codeKnowledge(errorCode: string, message: string, errorType?: string): Knowledge {
  if (errorCode === "Lambda.FunctionError") {
    if (isInvalidOutput(message)) return INVALID_OUTPUT;
    if (errorType === "Function.ResponseSizeTooLarge") return RESPONSE_TOO_LARGE;
  }
  if (errorCode.endsWith("MetadataExtractionFailed")) return extractionKnowledge(message);
  const known = CODES.get(errorCode);
  if (known) return known;
  const family = FAMILIES.find(([prefix]) => errorCode.startsWith(prefix));
  if (family) return { ...family[1], happened: `${family[1].happened} (${errorCode})` };
  return {
    happened: errorCode === ""
      ? "Firehose names no error code."
      : `Firehose says ${errorCode}. This tool does not know that code.`,
    cure: "Read AWS's message beside the code.",
  };
}

/** Whether AWS's text is that of an answer that was refused; older ones begin at "Check your function". */
export function isInvalidOutput(message: string): boolean {
  return message.includes("make sure the output is in required format") ||
    message.includes("Invalid output structure");
}

const INVALID_OUTPUT: Knowledge = {
  happened:
    "The function answered without an error, but Firehose refused the whole response. The " +
    "function's own log shows nothing wrong.",
  rule:
    "Results are Ok, Dropped or ProcessingFailed (case matters: OK and ok are wrong), and data is " +
    "base64. One wrong record fails the whole batch, which is sent again three times by default.",
  cure:
    "Look at the lines of the function that set result and data. Save its response and explain " +
    "it: this tool names the wrong records.",
  course: COURSE.results,
};

const RESPONSE_TOO_LARGE: Knowledge = {
  happened:
    "The function's response was larger than 6,291,556 bytes (413). All records of the batch went to " +
    "the error output, also the small ones.",
  rule: "The limit is for the whole response, and base64 makes 4 bytes of 3.",
  cure:
    "Keep the response below the limit, then redrive. A smaller BufferSizeInMBs helps if no single " +
    "record is too large.",
  course: COURSE.tooLarge,
};

function extractionKnowledge(message: string): Knowledge {
  const base: Knowledge = {
    happened: "The jq query failed on these records, or gave no value for a partition key.",
    cure: "Try the query on the record's data.",
    course: COURSE.jq,
  };
  if (message.includes("Non JSON record")) {
    return {
      ...base,
      happened: "These records are not JSON when jq reads them.",
      rule:
        "jq reads what the function answered, or the record itself if the stream has no function. " +
        "Gzip data, several JSON texts in one record, and plain text are not JSON.",
      cure:
        "See above what the records hold. Gzip needs a function that decompresses it; for CloudWatch Logs " +
        "the Decompression processor can do it. Several JSON texts need RecordDeAggregation.",
    };
  }
  if (message.includes("must not be null or empty")) {
    return {
      ...base,
      happened: "The jq query gave null or an empty text for a partition key.",
      rule:
        "Every key in the Prefix needs a value. jq's // replaces null and false, not an empty text.",
      cure:
        'Give the key a value for every record, e.g. (.country // "" | if . == "" then "none" else ' +
        ". end).",
    };
  }
  return base;
}

/** Codes whose members differ only in what AWS's message says better. */
const FAMILIES: readonly (readonly [prefix: string, knowledge: Knowledge])[] = [
  ["S3.KMS.", {
    happened: "The KMS key for the encryption of objects cannot be used.",
    rule:
      "The delivery role needs kms:GenerateDataKey and kms:Decrypt on the key, and the key must be " +
      "enabled. Records wait up to 24 hours.",
    cure: "Fix the key or its policy. Waiting records are then delivered.",
  }],
  ["S3.", {
    happened: "S3 refused to take the objects.",
    rule: "Firehose tries again for up to 24 hours; then the records are lost.",
    cure: "Do what the message says. Waiting records are then delivered.",
    course: COURSE.deliveryRole,
  }],
  ["DataFormatConversion.", {
    happened: "The record could not be converted to Parquet or ORC.",
    cure: "Compare the record with the table in the Glue Data Catalog.",
  }],
  ["Decompression", {
    happened: "Firehose could not decompress the record: it is not gzip of CloudWatch Logs.",
    rule: "With Decompression on, every record must be gzip. The original bytes are in rawData.",
    cure: "Put other data on another stream.",
  }],
  ["DynamicPartitioning.", {
    happened: "The record could not be sorted into a partition.",
    cure: "Read AWS's message beside the code.",
    course: COURSE.transform,
  }],
  ["Lambda.", {
    happened: "The function could not be used for the transformation.",
    rule:
      "Firehose sends the batch again three times by default, then writes it to the error output.",
    cure: "Do what the message says, then redrive.",
    course: COURSE.deploy,
  }],
  ["Redshift.", otherDestination("Amazon Redshift")],
  ["Splunk.", otherDestination("Splunk")],
  ["HttpEndpoint.", otherDestination("an HTTP endpoint")],
  ["OS.", otherDestination("Amazon OpenSearch Service")],
  ["ES.", otherDestination("Amazon OpenSearch Service")],
  ["AmazonOpenSearchService", otherDestination("Amazon OpenSearch Service")],
  ["Snowflake.", otherDestination("Snowflake")],
  ["Iceberg.", otherDestination("Apache Iceberg")],
];

function otherDestination(name: string): Knowledge {
  return {
    happened: `The delivery to ${name} failed. This course is about S3 destinations.`,
    cure:
      "AWS's message says what to do. Records that could not be delivered lie in the backup bucket.",
  };
}
