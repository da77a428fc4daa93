/**
 * The transform: decompresses a batch of records, reads their partition keys and answers each, in
 * no more bytes than the response may take. Pure: no clock, no network, no environment. What the
 * notebooks explain, the tests check and the deployed function runs is this module.
 * @module
 */

import { Buffer } from "node:buffer";
import { RECORD_BYTES_MAX } from "./batches.ts";
import { toCompressedLine } from "./compressed_line.ts";
import { toLine } from "./document.ts";
import type {
  FirehoseTransformationEvent,
  FirehoseTransformationEventRecord,
  FirehoseTransformationResult,
  FirehoseTransformationResultRecord,
  PartitionKeys,
} from "./event.ts";
import { readRounds, withRounds } from "./gzip_rounds.ts";
import { claimedBytes, type ReadDocument, readDocument } from "./read_document.ts";
import { base64Size, getSize } from "./size.ts";
import { rulesOf, type TransformOptions, type TransformRules } from "./transform_options.ts";

export { getSize, RESPONSE_BYTES_MAX } from "./size.ts";
export {
  RESPONSE_BUDGET_BYTES,
  type Strategy,
  type TooLarge,
  type TransformOptions,
} from "./transform_options.ts";

/** What came of a batch: the response, and what it promises. */
export interface Transformed {
  /**
   * What the function answers: one record for each of the event's, in the event's order. Those of
   * `reingest` and `writes` are `Dropped` in it: that must be made true before the response is
   * given, or they must be answered otherwise ({@linkcode withFailures}).
   */
  readonly response: FirehoseTransformationResult;
  /** Records that must go back to the delivery stream. */
  readonly reingest: readonly ReingestRecord[];
  /** Records that must be written to S3 by the function itself. */
  readonly writes: readonly DirectWrite[];
  /** Why records are `ProcessingFailed`. Names no data, so that it can be logged. */
  readonly failures: readonly Failure[];
}

/** A record to put again. */
export interface ReingestRecord {
  readonly recordId: string;
  /** The bytes that were put, with the count of rounds in their gzip header. */
  readonly data: Buffer;
  /** How often it has been put again, this time included. */
  readonly rounds: number;
}

/** A record that is too large for any response. */
export interface DirectWrite {
  readonly recordId: string;
  /** Gzip bytes with the document and its line feed: hardly more than were put. */
  readonly bytes: Buffer;
  readonly partitionKeys: PartitionKeys;
}

/** A record that is `ProcessingFailed`. */
export interface Failure {
  readonly recordId: string;
  readonly reason: string;
}

/**
 * Answers every record exactly once, whatever its bytes, with a response that never takes more than
 * `responseBytesMax`. Records are `Ok` as long as there is room; those that have gone round most
 * often come first, and smaller ones after one that found no room may still be `Ok`.
 *
 * Throws a `RangeError` for options out of range.
 */
export function transform(
  event: FirehoseTransformationEvent,
  options: TransformOptions = {},
): Transformed {
  const batch = new Batch(event.records, rulesOf(options));
  const turns = event.records
    .map(({ recordId, data: base64 }, index) => {
      const data = Buffer.from(base64, "base64");
      return { recordId, index, data, rounds: readRounds(data) };
    })
    .sort((a, b) => b.rounds - a.rounds); // else in the event's order: the sort is stable
  for (const turn of turns) batch.answer(turn);
  return batch.transformed();
}

/** The response where these records have failed after all, e.g. because the stream refused them. */
export function withFailures(
  { records }: FirehoseTransformationResult,
  failures: readonly Failure[],
): FirehoseTransformationResult {
  if (failures.length === 0) return { records };
  const failed = new Set(failures.map(({ recordId }) => recordId));
  return {
    records: records.map((record) =>
      failed.has(record.recordId) ? failedRecord(record.recordId) : record
    ),
  };
}

/** A record whose turn it is to be answered. */
interface Turn {
  readonly recordId: string;
  readonly index: number;
  readonly data: Buffer;
  readonly rounds: number;
}

const ENVELOPE_BYTES = getSize({ records: [] });
/** More than a record's id and its keys usually take. */
const ANSWER_BYTES = 2_048;

/** The answers as they grow. The room for every record's failure is kept from the beginning. */
class Batch {
  readonly #rules: TransformRules;
  readonly #records: FirehoseTransformationResultRecord[];
  readonly #reasons = new Map<number, string>();
  readonly #reingest: ReingestRecord[] = [];
  readonly #writes: DirectWrite[] = [];
  /** Bytes that are left. */
  #room: number;

  constructor(records: readonly FirehoseTransformationEventRecord[], rules: TransformRules) {
    this.#rules = rules;
    this.#records = records.map(({ recordId }) => failedRecord(recordId));
    this.#room = rules.responseBytesMax - getSize({ records: this.#records });
  }

  answer(turn: Turn): void {
    const { strategy, responseBytesMax } = this.#rules;
    if (this.#isPlainlyTooMuch(turn.data)) return this.#putAgain(turn);
    const read = readDocument(turn.data, this.#rules);
    if (read.reason !== undefined) return this.#fail(turn, read.reason);

    const { document, partitionKeys } = read.value;
    const bytes = strategy === "keep-compressed"
      ? toCompressedLine(turn.data, document)
      : toLine(document);
    const answer = okRecord(turn.recordId, partitionKeys);
    const size = getSize(answer) + base64Size(bytes.length);
    if (ENVELOPE_BYTES + size > responseBytesMax) return this.#setAside(turn, read.value);
    const added = size - getSize(this.#records[turn.index]);
    if (added > this.#room) return this.#putAgain(turn);
    this.#room -= added;
    this.#records[turn.index] = { ...answer, data: bytes.toString("base64") };
  }

  transformed(): Transformed {
    const records = this.#records;
    const failures = [...this.#reasons].sort(([a], [b]) => a - b)
      .map(([index, reason]) => ({ recordId: records[index].recordId, reason }));
    return { response: { records }, reingest: this.#reingest, writes: this.#writes, failures };
  }

  /**
   * Whether by its own word the document fits into a response alone, but not into what is left of
   * this one. That saves decompressing it, and its word need not be true: another round reads it.
   */
  #isPlainlyTooMuch(data: Buffer): boolean {
    if (this.#rules.strategy !== "drop-and-reingest") return false;
    const bytes = base64Size(claimedBytes(data));
    return bytes > this.#room && bytes + ANSWER_BYTES <= this.#rules.responseBytesMax;
  }

  /** For a record that found no room beside the others. */
  #putAgain({ recordId, index, data, rounds }: Turn): void {
    const { strategy, responseBytesMax, roundsMax } = this.#rules;
    const fail = (reason: string) => this.#fail({ index }, reason);
    if (strategy === "keep-compressed") {
      // Only thousands of tiny records do that, whose keys take more room than their data.
      return fail(`the response has no room left: it may take ${responseBytesMax} bytes`);
    }
    if (rounds >= roundsMax) {
      return fail(
        `it was put again ${rounds} times and still finds no room: ` +
          `the response may take ${responseBytesMax} bytes`,
      );
    }
    const counted = withRounds(data, rounds + 1);
    if (!counted || counted.length > RECORD_BYTES_MAX) {
      return fail("it finds no room, and cannot be put again with a count of its rounds");
    }
    this.#reingest.push({ recordId, data: counted, rounds: rounds + 1 });
    this.#records[index] = droppedRecord(recordId);
  }

  /** For a record that does not fit into a response even alone. */
  #setAside({ recordId, index, data }: Turn, { document, partitionKeys }: ReadDocument): void {
    const { tooLarge, responseBytesMax } = this.#rules;
    if (tooLarge === "processing-failed") {
      return this.#fail(
        { index },
        `it does not fit into a response even alone: that may take ${responseBytesMax} bytes`,
      );
    }
    this.#writes.push({ recordId, bytes: toCompressedLine(data, document), partitionKeys });
    this.#records[index] = droppedRecord(recordId);
  }

  #fail({ index }: Pick<Turn, "index">, reason: string): void {
    this.#reasons.set(index, reason);
  }
}

const failedRecord = (recordId: string) => ({ recordId, result: "ProcessingFailed" }) as const;

const droppedRecord = (recordId: string) => ({ recordId, result: "Dropped" }) as const;

const okRecord = (recordId: string, partitionKeys: PartitionKeys) =>
  ({ recordId, result: "Ok", data: "", metadata: { partitionKeys } }) as const;
