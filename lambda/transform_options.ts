/**
 * What one may choose about the transform, and what holds where nothing is chosen.
 * @module
 */

import type { JsonObject } from "./document.ts";
import type { PartitionKeys } from "./event.ts";
import { ROUNDS_COUNT_MAX } from "./gzip_rounds.ts";
import type { Outcome } from "./outcome.ts";
import { partitionKeysOf } from "./partition_keys.ts";
import { RESPONSE_BYTES_MAX } from "./size.ts";

/** What is done so that the response does not become too large. */
export const STRATEGIES = ["drop-and-reingest", "keep-compressed"] as const;
/** One of {@linkcode STRATEGIES}. */
export type Strategy = typeof STRATEGIES[number];

/** What becomes of a record that does not fit into a response even alone. */
export const TOO_LARGE = ["processing-failed", "write-to-s3"] as const;
/** One of {@linkcode TOO_LARGE}. */
export type TooLarge = typeof TOO_LARGE[number];

/** The course's budget for a response: 5 MB, as Lambda counts megabytes. */
export const RESPONSE_BUDGET_BYTES = 5 * 1024 * 1024;

/**
 * How often a record is put again by default. A batch that decompresses to fifty times the budget
 * needs fifty rounds until its last record has found room.
 */
export const ROUNDS_MAX = 50;

/**
 * Bytes that a document may decompress to where it need not fit into a response. Read as text and
 * as objects it takes some times as much of the function's memory.
 */
export const LARGE_DOCUMENT_BYTES_MAX = 32 * 1024 * 1024;

/** What may be chosen; {@linkcode rulesOf} fills in the rest. */
export interface TransformOptions {
  /**
   * `drop-and-reingest` (default): records that find no room are answered as `Dropped` and put
   * again. `keep-compressed`: records are answered as they were put, so that the response is hardly
   * larger than the request, and nothing is put again.
   */
  readonly strategy?: Strategy;
  /**
   * Bytes that the response may take on the wire: {@linkcode RESPONSE_BUDGET_BYTES} by default,
   * {@linkcode RESPONSE_BYTES_MAX} at most. Where not even the shortest answers fit, they are given
   * all the same: the event that asks for them is longer than they are, and so they are within
   * Lambda's limit.
   */
  readonly responseBytesMax?: number;
  /** `processing-failed` by default. Neither is put again, which would go on for ever. */
  readonly tooLarge?: TooLarge;
  /** How often one record is put again: {@linkcode ROUNDS_MAX} by default, 255 at most. */
  readonly roundsMax?: number;
  /**
   * Bytes that one record may decompress to. By default what fits into the response alone, or
   * {@linkcode LARGE_DOCUMENT_BYTES_MAX} where it need not.
   */
  readonly documentBytesMax?: number;
  /** Reads a document's partition keys; {@linkcode partitionKeysOf} by default. */
  readonly partitionKeysOf?: (document: JsonObject) => Outcome<PartitionKeys>;
}

/** All options, those by default too. */
export type TransformRules = Readonly<Required<TransformOptions>>;

/** The options with their defaults. Throws a `RangeError` that names the one out of range. */
export function rulesOf(options: TransformOptions): TransformRules {
  const {
    strategy = "drop-and-reingest",
    responseBytesMax = RESPONSE_BUDGET_BYTES,
    tooLarge = "processing-failed",
    roundsMax = ROUNDS_MAX,
  } = options;
  checkRange("responseBytesMax", responseBytesMax, RESPONSE_BYTES_MAX);
  checkRange("roundsMax", roundsMax, ROUNDS_COUNT_MAX);
  const mustFit = strategy === "drop-and-reingest" && tooLarge === "processing-failed";
  // Base64 makes 4 bytes of 3.
  const fittingBytes = Math.floor(responseBytesMax / 4) * 3;
  return {
    strategy,
    responseBytesMax,
    tooLarge,
    roundsMax,
    documentBytesMax: options.documentBytesMax ??
      (mustFit ? fittingBytes : LARGE_DOCUMENT_BYTES_MAX),
    partitionKeysOf: options.partitionKeysOf ?? partitionKeysOf,
  };
}

function checkRange(name: string, value: number, max: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= max) return;
  throw new RangeError(`${name} is ${value}: a whole number from 0 to ${max} is wanted`);
}
