/**
 * The transform: decompresses a batch of records, reads their partition keys and answers each, in
 * no more bytes than the response may take. Pure: no clock, no network, no environment. The
 * notebooks explain this module, the tests check it, and the deployed function runs it.
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
import { claimedBytes } from "./gunzip.ts";
import { readRounds, withRounds } from "./gzip_rounds.ts";
import { groupLines, type MergeableLine, mergeLines } from "./merge_lines.ts";
import { type ReadDocument, readDocument } from "./read_document.ts";
import { base64Size, getSize } from "./size.ts";
import {
  putsBack,
  rulesOf,
  type TransformOptions,
  type TransformRules,
} from "./transform_options.ts";

export { getSize, RESPONSE_BYTES_MAX } from "./size.ts";
export {
  RESPONSE_BUDGET_BYTES,
  type Strategy,
  type TooLarge,
  type TransformOptions,
} from "./transform_options.ts";

/** What became of a batch: the response, and what has to happen before it is given. */
export interface Transformed {
  /**
   * What the function answers: one record for each of the event's, in the event's order. Records in
   * `reingest` and `writes` are `Dropped` in it. Put or write them before you give the response, or
   * answer them as failed ({@linkcode withFailures}).
   */
  readonly response: FirehoseTransformationResult;
  /** Records that must go back to the delivery stream. */
  readonly reingest: readonly ReingestRecord[];
  /** Records that the function itself must write to S3. */
  readonly writes: readonly DirectWrite[];
  /** Records that are `Dropped` because another record of the response carries their lines. */
  readonly merged: readonly MergedRecord[];
  /** Why records are `ProcessingFailed`. Names no data, so it can be logged. */
  readonly failures: readonly Failure[];
}

/** A record to put back. */
export interface ReingestRecord {
  readonly recordId: string;
  /** The bytes that were put, with the count of rounds in their gzip header. */
  readonly data: Buffer;
  /** How often it has been put back, this time included. */
  readonly rounds: number;
}

/** A record that is too large for any response. */
export interface DirectWrite {
  readonly recordId: string;
  /** Gzip bytes with the document and its line feed: hardly more than were put. */
  readonly bytes: Buffer;
  readonly partitionKeys: PartitionKeys;
}

/** A record that another one carries. */
export interface MergedRecord {
  readonly recordId: string;
  /** The id of the record that is `Ok` and has this record's line in its data. */
  readonly into: string;
}

/** A record that is `ProcessingFailed`. */
export interface Failure {
  readonly recordId: string;
  readonly reason: string;
}

/**
 * Answers every record exactly once, whatever its bytes, with a response that never takes more than
 * `responseBytesMax`. Records are `Ok` as long as there is room. Those put back most often come
 * first, and a smaller record may still fit after one that did not fit.
 *
 * Throws a `RangeError` for options out of range.
 */
export function transform(
  event: FirehoseTransformationEvent,
  options: TransformOptions = {},
): Transformed {
  const rules = rulesOf(options);
  const batch = new Batch(event.records, rules);
  const turns = event.records
    .map(({ recordId, data: base64 }, index) => {
      const data = Buffer.from(base64, "base64");
      return { recordId, index, data, rounds: readRounds(data) };
    })
    .sort((a, b) => b.rounds - a.rounds); // equal ones stay in the event's order
  if (rules.strategy === "merge-compressed") batch.answerMerged(turns);
  else for (const turn of turns) batch.answer(turn);
  return batch.transformed();
}

/** The response if these records failed after all, e.g. because the stream refused them. */
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

/** A record that can be answered. */
type Answerable = Pick<MergeableLine, "recordId" | "index" | "partitionKeys">;

const ENVELOPE_BYTES = getSize({ records: [] });
/** More than a record's id and its keys usually take. */
const ANSWER_BYTES = 2_048;

/** The answers as they grow. Room for the failure of every record is kept from the beginning. */
class Batch {
  readonly #rules: TransformRules;
  readonly #records: FirehoseTransformationResultRecord[];
  readonly #reasons = new Map<number, string>();
  readonly #reingest: ReingestRecord[] = [];
  readonly #writes: DirectWrite[] = [];
  readonly #merged: MergedRecord[] = [];
  /** Bytes that are left. */
  #room: number;

  constructor(records: readonly FirehoseTransformationEventRecord[], rules: TransformRules) {
    this.#rules = rules;
    this.#records = records.map(({ recordId }) => failedRecord(recordId));
    this.#room = rules.responseBytesMax - getSize({ records: this.#records });
  }

  answer(turn: Turn): void {
    if (this.#isPlainlyTooMuch(turn.data)) return this.#putBack(turn);
    const read = this.#read(turn);
    if (!read) return;
    const { document, partitionKeys } = read;
    const bytes = this.#rules.strategy === "keep-compressed"
      ? toCompressedLine(turn.data, document)
      : toLine(document);
    const answerable = { ...turn, partitionKeys };
    if (!this.#fitsAlone(answerable, bytes)) return this.#setAside(turn, read);
    if (!this.#give(answerable, bytes)) this.#putBack(turn);
  }

  /** Answers records with the same partition keys as one of them; the others are `Dropped`. */
  answerMerged(turns: readonly Turn[]): void {
    for (const lines of groupLines(this.#mergeableLines(turns))) this.#giveMerged(lines);
  }

  transformed(): Transformed {
    const records = this.#records;
    const failures = [...this.#reasons].sort(([a], [b]) => a - b)
      .map(([index, reason]) => ({ recordId: records[index].recordId, reason }));
    return {
      response: { records },
      reingest: this.#reingest,
      writes: this.#writes,
      merged: this.#merged,
      failures,
    };
  }

  *#mergeableLines(turns: readonly Turn[]): Generator<MergeableLine> {
    for (const turn of turns) {
      const read = this.#read(turn);
      if (!read) continue;
      const { document, partitionKeys } = read;
      const compressed = toCompressedLine(turn.data, document);
      if (!this.#fitsAlone({ ...turn, partitionKeys }, compressed)) this.#setAside(turn, read);
      else yield { ...turn, partitionKeys, line: toLine(document), compressed };
    }
  }

  /** Halves a group that does not fit as a whole, so that a part of it may fit. */
  #giveMerged(lines: readonly MergeableLine[]): void {
    const [first, ...others] = lines;
    if (this.#give(first, mergeLines(lines))) {
      for (const { recordId, index } of others) {
        this.#drop(index);
        this.#merged.push({ recordId, into: first.recordId });
      }
    } else if (others.length === 0) {
      this.#fail(first, this.#noRoomReason());
    } else {
      const half = Math.ceil(lines.length / 2);
      this.#giveMerged(lines.slice(0, half));
      this.#giveMerged(lines.slice(half));
    }
  }

  /** The document and its keys; undefined if the record cannot be read, which then has failed. */
  #read(turn: Turn): ReadDocument | undefined {
    const { value, reason } = readDocument(turn.data, this.#rules);
    if (reason !== undefined) this.#fail(turn, reason);
    return value;
  }

  /** Whether a response with this answer alone would be small enough. */
  #fitsAlone({ recordId, partitionKeys }: Answerable, bytes: Buffer): boolean {
    const size = getSize(okRecord(recordId, partitionKeys)) + base64Size(bytes.length);
    return ENVELOPE_BYTES + size <= this.#rules.responseBytesMax;
  }

  /** Answers `Ok` with these bytes if there is room for them; false if there is none. */
  #give({ recordId, index, partitionKeys }: Answerable, bytes: Buffer): boolean {
    const answer = okRecord(recordId, partitionKeys);
    const size = getSize(answer) + base64Size(bytes.length);
    const added = size - getSize(this.#records[index]);
    if (added > this.#room) return false;
    this.#room -= added;
    this.#records[index] = { ...answer, data: bytes.toString("base64") };
    return true;
  }

  /**
   * Whether, by its own word, the document fits into a response alone but not into the rest of this
   * one. Then it need not be decompressed. A false word does no harm: another round reads it.
   */
  #isPlainlyTooMuch(data: Buffer): boolean {
    if (this.#rules.strategy !== "drop-and-reingest") return false;
    const bytes = base64Size(claimedBytes(data));
    return bytes > this.#room && bytes + ANSWER_BYTES <= this.#rules.responseBytesMax;
  }

  /** For a record that did not fit beside the others. */
  #putBack({ recordId, index, data, rounds }: Turn): void {
    const { strategy, responseBytesMax, roundsMax } = this.#rules;
    const fail = (reason: string) => this.#fail({ index }, reason);
    if (!putsBack(strategy)) return fail(this.#noRoomReason());
    if (rounds >= roundsMax) {
      return fail(
        `it was put back ${rounds} times and still does not fit: ` +
          `the response may have ${responseBytesMax} bytes`,
      );
    }
    const counted = withRounds(data, rounds + 1);
    if (!counted || counted.length > RECORD_BYTES_MAX) {
      return fail("it does not fit, and cannot be put back with a count of its rounds");
    }
    this.#reingest.push({ recordId, data: counted, rounds: rounds + 1 });
    this.#drop(index);
  }

  /** For a record that does not fit into a response even alone. */
  #setAside({ recordId, index, data }: Turn, { document, partitionKeys }: ReadDocument): void {
    const { tooLarge, responseBytesMax } = this.#rules;
    if (tooLarge === "processing-failed") {
      return this.#fail(
        { index },
        `it does not fit into a response even alone: a response may have ${responseBytesMax} bytes`,
      );
    }
    this.#writes.push({ recordId, bytes: toCompressedLine(data, document), partitionKeys });
    this.#drop(index);
  }

  #drop(index: number): void {
    this.#records[index] = droppedRecord(this.#records[index].recordId);
  }

  #fail({ index }: Pick<Turn, "index">, reason: string): void {
    this.#reasons.set(index, reason);
  }

  /** Without putting back, only thousands of tiny records meet it: their keys take the room. */
  #noRoomReason(): string {
    return `the response is full: it may have ${this.#rules.responseBytesMax} bytes`;
  }
}

const failedRecord = (recordId: string) => ({ recordId, result: "ProcessingFailed" }) as const;

const droppedRecord = (recordId: string) => ({ recordId, result: "Dropped" }) as const;

const okRecord = (recordId: string, partitionKeys: PartitionKeys) =>
  ({ recordId, result: "Ok", data: "", metadata: { partitionKeys } }) as const;
