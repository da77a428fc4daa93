/**
 * Dynamic partitioning: which buffer a record goes to, by the keys that jq and the Lambda function
 * gave it. After `transform` and `metadata_extraction`, before the buffers. Follows "Dynamic
 * partitioning" (https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning.html).
 * @module
 */

import type { ExtendedS3DestinationDescription } from "@aws-sdk/client-firehose";
import { Buffer } from "node:buffer";
import { EVALUATED_PREFIX_MAX, isPartitionKey, parsePrefix, type PrefixPart } from "./prefix.ts";
import type { ProcessingError } from "../record.ts";

/** Active partitions of a stream. https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
export const ACTIVE_PARTITIONS_MAX = 500;

/** UTF-8 bytes of an object's key. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
export const OBJECT_KEY_BYTES_MAX = 1024;

/** A partition key in a Prefix: its source, and its name there. */
export type PartitionKey = Extract<PrefixPart, { readonly key: string }>;

/** Values by {@linkcode expressionOf} their key: one name may come from both sources. */
export type PartitionKeys = ReadonlyMap<string, string>;

/** The text between `!{` and `}` of a partition key. */
export const expressionOf = ({ kind, key }: PartitionKey): string => `${kind}:${key}`;

/**
 * The partition keys in a destination's Prefix, in order, each as often as it appears there;
 * undefined if dynamic partitioning is off: all records then go to one buffer.
 */
export function partitionKeysIn(
  { DynamicPartitioningConfiguration, Prefix = "" }: ExtendedS3DestinationDescription,
): readonly PartitionKey[] | undefined {
  if (!DynamicPartitioningConfiguration?.Enabled) return undefined;
  return parsePrefix(Prefix, "Prefix").filter(isPartitionKey);
}

/** How a stream's records are partitioned. */
export interface Partitioning {
  readonly prefix: string;
  readonly keys: readonly PartitionKey[];
  /** How long prefix and key of an object are without their partition keys. */
  readonly fixed: { readonly prefixCharacters: number; readonly keyBytes: number };
}

/** The values that a record got. */
export interface GivenKeys {
  /** From jq. */
  readonly query: ReadonlyMap<string, string>;
  /** From the function, which may give anything. */
  readonly lambda: ReadonlyMap<string, unknown>;
}

/**
 * The partition of a record, out of the values that jq and the function `gave`; or why it has
 * none. Keys that Prefix does not name are left out.
 */
export function partitionOf(
  { keys: wanted, fixed }: Partitioning,
  gave: GivenKeys,
): PartitionKeys | ProcessingError {
  const keys = new Map<string, string>();
  let values = "";
  for (const key of wanted) {
    const value = givenText(key, gave);
    if (value === "") return NO_KEY;
    keys.set(expressionOf(key), value);
    values += value;
  }
  const isTooLong = fixed.prefixCharacters + values.length > EVALUATED_PREFIX_MAX ||
    fixed.keyBytes + Buffer.byteLength(values) > OBJECT_KEY_BYTES_MAX;
  return isTooLong ? KEY_TOO_LONG : keys;
}

function givenText({ kind, key }: PartitionKey, { query, lambda }: GivenKeys): string {
  return partitionKeyText((kind === "partitionKeyFromQuery" ? query : lambda).get(key));
}

/** A partition key as text, "" for what is none. AWS has text only; numbers and booleans are assumed. */
export function partitionKeyText(value: unknown): string {
  // Half a surrogate pair cannot stand in a key.
  if (typeof value === "string") return value.toWellFormed();
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

// Only the output type (`partitioning-failed`) was captured. The code is invented; the message is
// that of a key which jq does not find.
const NO_KEY: ProcessingError = {
  errorCode: "DynamicPartitioning.PartitioningFailed",
  errorMessage: "partitionKeys values must not be null or empty",
};

// Invented: what AWS does with such a key is not known. The text is that of the check at creation.
const KEY_TOO_LONG: ProcessingError = {
  errorCode: "DynamicPartitioning.PartitioningFailed",
  errorMessage: `Length of evaluated prefix cannot be greater than ${EVALUATED_PREFIX_MAX}`,
};

// The message was captured (2022); the code is from a course's README (weak).
export const TOO_MANY_PARTITIONS: ProcessingError = {
  errorCode: "DynamicPartitioning.ActivePartitionsLimitExceeded",
  errorMessage: "The number of active partitions has exceeded the configured limit",
};

/** A partition as its buffer knows it. */
export interface Partition {
  /**
   * The Prefix by which its records were partitioned: the guide evaluates it then, and a later one
   * may want other keys. Absent for records without partition keys.
   */
  readonly prefix?: string;
  readonly keys: PartitionKeys;
}

/** A buffer's key for a partition, and back. Without partition keys it is empty. */
function partitionBufferKey({ prefix, keys }: Partition): string {
  return keys.size === 0 ? "" : JSON.stringify({ prefix, keys: [...keys] });
}

/** The buffers' keys of many records. Those with the same values have the same: it is made once. */
export class PartitionBufferKeys {
  readonly #partitioning: Partitioning;
  readonly #known = new Map<string, string | ProcessingError>();

  constructor(partitioning: Partitioning) {
    this.#partitioning = partitioning;
  }

  /** The key of the buffer that a record goes to, or why it has none. */
  of(gave: GivenKeys): string | ProcessingError {
    let values = "";
    for (const key of this.#partitioning.keys) {
      const value = givenText(key, gave);
      // With its length: "a" and "bc" are not "ab" and "c".
      values += `${value.length}:${value}`;
    }
    const known = this.#known.get(values) ?? this.#make(gave);
    this.#known.set(values, known);
    return known;
  }

  #make(gave: GivenKeys): string | ProcessingError {
    const keys = partitionOf(this.#partitioning, gave);
    if ("errorCode" in keys) return keys;
    return partitionBufferKey({ prefix: this.#partitioning.prefix, keys });
  }
}

export function partitionOfBuffer(bufferKey: string): Partition {
  if (bufferKey === "") return { keys: new Map() };
  const stored: [string, string][] | { prefix: string; keys: [string, string][] } = JSON.parse(
    bufferKey,
  );
  if (!Array.isArray(stored)) return { prefix: stored.prefix, keys: new Map(stored.keys) };
  // Journals of older versions have the names and values of the function's keys only.
  return {
    keys: new Map(stored.map(([name, value]) => [`partitionKeyFromLambda:${name}`, value])),
  };
}
