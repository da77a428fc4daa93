/**
 * What can be chosen about the transform, and the defaults.
 * @module
 */

import type { JsonObject } from "./document.ts";
import type { PartitionKeys } from "./event.ts";
import { ROUNDS_COUNT_MAX } from "./gzip_rounds.ts";
import type { Outcome } from "./outcome.ts";
import { partitionKeysOf } from "./partition_keys.ts";
import { RESPONSE_BYTES_MAX } from "./size.ts";

/** Ways to keep the response small enough. */
export const STRATEGIES = ["drop-and-reingest", "keep-compressed", "merge-compressed"] as const;
/** One of {@linkcode STRATEGIES}. */
export type Strategy = typeof STRATEGIES[number];

/** What happens to a record that does not fit into a response even alone. */
export const TOO_LARGE = ["processing-failed", "write-to-s3"] as const;
/** One of {@linkcode TOO_LARGE}. */
export type TooLarge = typeof TOO_LARGE[number];

/** The course's budget for a response: 5 MB, as Lambda counts megabytes. */
export const RESPONSE_BUDGET_BYTES = 5 * 1024 * 1024;

/**
 * How often a record is put back by default. A batch that decompresses to fifty times the budget
 * needs fifty rounds until its last record has found room.
 */
export const ROUNDS_MAX = 50;

/**
 * Bytes that a document may decompress to if it need not fit into a response. Read as text and as
 * objects it takes several times as much of the function's memory.
 */
const LARGE_DOCUMENT_BYTES_MAX = 32 * 1024 * 1024;

/** What can be chosen; {@linkcode rulesOf} fills in the rest. */
export interface TransformOptions {
  /**
   * - `drop-and-reingest` (default): records are answered as plain lines. Those that do not fit
   *   are `Dropped` and put back. Use it with the stream's own GZIP: every reader reads the object.
   * - `keep-compressed`: each record is answered in its own gzip members, so the response is hardly
   *   larger than the request, and nothing is put back. Use it if the compressed bytes must stay
   *   what the producer put. Many readers take the first gzip member only: see `docs/readers.md`.
   * - `merge-compressed`: all records of the batch with the same partition keys become one gzip
   *   member in one record that is `Ok`. The others are `Dropped`, and their lines are in it. The
   *   response takes no more bytes than with `keep-compressed`, mostly far fewer, and nothing is
   *   put back. An object still has one member for each batch that it was made of.
   *
   * What `merge-compressed` costs: Firehose's metrics count the dropped records (`SucceedProcessing`
   * counts one record for a group), and a failure of the delivery concerns the whole group: an error
   * object then holds, as `rawData`, only the record that was `Ok`. A source backup has them all.
   */
  readonly strategy?: Strategy;
  /**
   * Bytes that the response may take on the wire: {@linkcode RESPONSE_BUDGET_BYTES} by default,
   * {@linkcode RESPONSE_BYTES_MAX} at most. If not even the shortest answers fit, they are given all
   * the same: the event is longer than they are, so they are within Lambda's limit.
   */
  readonly responseBytesMax?: number;
  /** `processing-failed` by default. Neither choice puts the record again: it would never fit. */
  readonly tooLarge?: TooLarge;
  /** How often one record is put back: {@linkcode ROUNDS_MAX} by default, 255 at most. */
  readonly roundsMax?: number;
  /**
   * Bytes that one record may decompress to. The default is what fits into the response alone, or
   * {@linkcode LARGE_DOCUMENT_BYTES_MAX} if it need not fit.
   */
  readonly documentBytesMax?: number;
  /** Reads a document's partition keys; {@linkcode partitionKeysOf} by default. */
  readonly partitionKeysOf?: (document: JsonObject) => Outcome<PartitionKeys>;
}

/** All options, with their defaults. */
export type TransformRules = Readonly<Required<TransformOptions>>;

/** The strategy if none is chosen. */
export const DEFAULT_STRATEGY: Strategy = "drop-and-reingest";

/** Whether the strategy puts records back to the stream, for which the function needs permission. */
export function putsBack(strategy: Strategy = DEFAULT_STRATEGY): boolean {
  return strategy === "drop-and-reingest";
}

/** The options with their defaults. Throws a `RangeError` that names the one out of range. */
export function rulesOf(options: TransformOptions): TransformRules {
  const {
    strategy = DEFAULT_STRATEGY,
    responseBytesMax = RESPONSE_BUDGET_BYTES,
    tooLarge = "processing-failed",
    roundsMax = ROUNDS_MAX,
  } = options;
  checkRange("responseBytesMax", responseBytesMax, RESPONSE_BYTES_MAX);
  checkRange("roundsMax", roundsMax, ROUNDS_COUNT_MAX);
  const mustFit = putsBack(strategy) && tooLarge === "processing-failed";
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
