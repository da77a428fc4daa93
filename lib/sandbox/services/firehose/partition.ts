/**
 * Dynamic partitioning: which buffer a transformed record goes to, by the keys that the Lambda
 * function gave it. After `transform`, before the buffers. Follows "Dynamic partitioning"
 * (https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning.html).
 * @module
 */

import type { ExtendedS3DestinationDescription } from "@aws-sdk/client-firehose";
import type { ProcessingError } from "./lambda_answer.ts";
import { isPartitionKey, parsePrefix } from "./prefix.ts";
import { EVALUATED_PREFIX_MAX } from "./prefix_rules.ts";

/** Active partitions of a stream. https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
export const ACTIVE_PARTITIONS_MAX = 500;

/** Partition keys by name. */
export type PartitionKeys = ReadonlyMap<string, string>;

/**
 * The names of the partition keys in a destination's Prefix, in order; undefined if dynamic
 * partitioning is off: all records then go to one buffer.
 */
export function partitionKeyNames(
  { DynamicPartitioningConfiguration, Prefix = "" }: ExtendedS3DestinationDescription,
): readonly string[] | undefined {
  if (!DynamicPartitioningConfiguration?.Enabled) return undefined;
  const names = parsePrefix(Prefix, "Prefix").filter(isPartitionKey).map(({ key }) => key);
  return [...new Set(names)];
}

/**
 * The partition of a record, out of the keys that the function `gave`; or why it has none. Keys
 * that Prefix does not name are left out.
 */
export function partitionOf(
  names: readonly string[],
  gave: ReadonlyMap<string, unknown>,
): PartitionKeys | ProcessingError {
  const keys = new Map<string, string>();
  for (const name of names) {
    const value = textOf(gave.get(name));
    if (value === "") return NO_KEY;
    keys.set(name, value);
  }
  return [...keys.values()].join("").length > EVALUATED_PREFIX_MAX ? KEY_TOO_LONG : keys;
}

/** AWS's types are text to text; numbers and booleans as text are assumed. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

// Only the output type (`partitioning-failed`) was captured. The code is invented; the message is
// that of a key which jq does not find.
const NO_KEY: ProcessingError = {
  errorCode: "DynamicPartitioning.PartitioningFailed",
  errorMessage: "partitionKeys values must not be null or empty",
};

// Invented: what AWS does with such a key is not known.
const KEY_TOO_LONG: ProcessingError = {
  errorCode: "DynamicPartitioning.PartitioningFailed",
  errorMessage: `Length of evaluated prefix cannot be greater than ${EVALUATED_PREFIX_MAX}`,
};

// The message was captured (2022); the code is from a course's README (weak).
export const TOO_MANY_PARTITIONS: ProcessingError = {
  errorCode: "DynamicPartitioning.ActivePartitionsLimitExceeded",
  errorMessage: "The number of active partitions has exceeded the configured limit",
};

/** A buffer's key for a partition, and back. Without partition keys it is empty. */
export function partitionBufferKey(keys: PartitionKeys): string {
  return keys.size === 0 ? "" : JSON.stringify([...keys]);
}

export function partitionKeysOf(bufferKey: string): PartitionKeys {
  return new Map(bufferKey === "" ? [] : JSON.parse(bufferKey));
}
