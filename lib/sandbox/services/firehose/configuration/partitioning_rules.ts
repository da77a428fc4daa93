/**
 * The rules for a destination with dynamic partitioning, checked when a stream is created or
 * updated. AWS's texts where they are known (captured, September 2026); ours are marked.
 * @module
 */

import type { ExtendedS3DestinationDescription } from "@aws-sdk/client-firehose";
import { invalidArgument } from "../errors.ts";
import type { Jq } from "../processing/jq/engine.ts";
import { keysOfQuery, QueryFault } from "../processing/jq/query.ts";
import { expressionOf, type PartitionKey, partitionKeysIn } from "../naming/partition.ts";
import { lambdaProcessor, metadataExtractionQuery } from "./processors.ts";

const SIZE_IN_MBS_MIN = 64;
const INTERVAL_IN_SECONDS_MIN = 60;
/** Keys of a stream. https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
const PARTITION_KEYS_MAX = 50;

/** Throws InvalidArgumentException for the first rule of partitioning that `destination` breaks. */
export async function checkPartitioning(
  destination: ExtendedS3DestinationDescription,
  jq: Jq,
): Promise<void> {
  const keys = partitionKeysIn(destination);
  if (!keys) return checkNoPartitioner(destination);
  checkHints(destination);
  checkSources(keys, destination);
  const query = metadataExtractionQuery(destination);
  if (query !== undefined) await checkQuery(query, keys, jq);
}

/** Refuses processors that need partitioning, whether processing is enabled or not. */
function checkNoPartitioner({ ProcessingConfiguration }: ExtendedS3DestinationDescription): void {
  for (const type of ["MetadataExtraction", "RecordDeAggregation"] as const) {
    if (!ProcessingConfiguration?.Processors?.some(({ Type }) => Type === type)) continue;
    throw invalidArgument(
      `class com.amazonaws.services.firehose.internal.model.${type}Processor can only be present ` +
        "when Dynamic Partitioning is enabled.",
    );
  }
}

function checkHints({ BufferingHints = {} }: ExtendedS3DestinationDescription): void {
  const { SizeInMBs = 0, IntervalInSeconds = 0 } = BufferingHints;
  if (SizeInMBs < SIZE_IN_MBS_MIN) {
    throw invalidArgument(
      "BufferingHints.SizeInMBs must be at least 64 when Dynamic Partitioning is enabled.",
    );
  }
  if (IntervalInSeconds < INTERVAL_IN_SECONDS_MIN) {
    // "From testing" on AWS: aws-cdk pull request 35903.
    throw invalidArgument(
      "BufferingHints.IntervalInSeconds must be at least 60 seconds when Dynamic Partitioning is " +
        "enabled.",
    );
  }
}

function checkSources(
  keys: readonly PartitionKey[],
  destination: ExtendedS3DestinationDescription,
): void {
  if (keys.length === 0) {
    throw invalidArgument(
      "S3 Prefix should contain Dynamic Partitioning namespaces when Dynamic Partitioning is enabled",
    );
  }
  // These texts are ours: where AWS refuses, its words are not known.
  if (new Set(keys.map(expressionOf)).size > PARTITION_KEYS_MAX) {
    throw invalidArgument(`A maximum of ${PARTITION_KEYS_MAX} partition keys is supported.`);
  }
  const isFrom = (kind: PartitionKey["kind"]) => keys.some((key) => key.kind === kind);
  if (isFrom("partitionKeyFromQuery") && metadataExtractionQuery(destination) === undefined) {
    throw invalidArgument("partitionKeyFromQuery needs a MetadataExtraction processor.");
  }
  if (isFrom("partitionKeyFromLambda") && !lambdaProcessor(destination)) {
    throw invalidArgument("partitionKeyFromLambda needs a Lambda processor.");
  }
}

/** A key in Prefix that the query does not give is accepted: its records fail (assumed). */
async function checkQuery(
  query: string,
  keys: readonly PartitionKey[],
  jq: Jq,
): Promise<void> {
  const given = await keysGiven(query, jq);
  const inPrefix = new Set(
    keys.filter(({ kind }) => kind === "partitionKeyFromQuery").map(({ key }) => key),
  );
  if (given.every((key) => inPrefix.has(key))) return;
  throw invalidArgument(
    "MetaDataExtraction JQ Query can't contain keys that are not present in the S3 Prefix expression",
  );
}

/** jq checks first: its message says more about a slip of the pen than ours could. */
async function keysGiven(query: string, jq: Jq): Promise<string[]> {
  const complaint = await jq.complaint(query);
  if (complaint !== undefined) {
    // As a user of AWS pasted it in 2024: the words of its jq 1.6, which has the query on line 2.
    throw invalidArgument(`JQ Subprocess failed due to: ${complaint}`);
  }
  try {
    return keysOfQuery(query);
  } catch (error) {
    // AWS refuses these too; the text is ours.
    if (!(error instanceof QueryFault)) throw error;
    throw invalidArgument(`MetadataExtractionQuery is not a valid JQ 1.6 query: ${error.message}`);
  }
}
