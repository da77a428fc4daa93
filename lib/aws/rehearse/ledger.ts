/**
 * What is known of each record, in a few bytes for each: its fate in a batch that was small enough, the
 * bytes of its answer, and its partition. Answers themselves are let go once they are noted here.
 * @module
 */

import type { Answer } from "./answers.ts";
import type { BatchRange } from "./batches.ts";
import { type GroupedKeys, KeyGroups, type PrefixKeys } from "./key_groups.ts";
import type { RecordBytes } from "./record_bytes.ts";
import { Samples } from "./samples.ts";

/** What became of one record. */
export type FateName = "ok" | "dropped" | "failed";

/** What is known of records, by their index. */
export interface KnownRecords {
  /** A record that is not answered yet counts as failed. */
  fateAt(index: number): FateName;
  /** Of the data that was answered; 0 unless the record is ok. */
  dataBytesAt(index: number): number;
}

/** Records that come when too many partitions are active already. */
export interface CrowdedOut {
  readonly records: number;
  /** The partition keys of the first, as JSON. */
  readonly example: string;
}

const FATES: readonly FateName[] = ["failed", "ok", "dropped"];
const [FAILED, OK, DROPPED] = FATES.keys();

/** Notes answers, in any order. */
export class Ledger implements KnownRecords {
  readonly #fates: Uint8Array;
  readonly #dataBytes: Uint32Array;
  /** `NaN` if the record is not answered yet. */
  readonly #answerBytes: Float64Array;
  readonly #groupOf: Uint32Array;
  readonly #groups: KeyGroups;
  readonly #samples = new Samples();

  /** `prefix` is undefined if none is given. */
  constructor(records: number, prefix?: PrefixKeys) {
    this.#groups = new KeyGroups(prefix);
    this.#fates = new Uint8Array(records);
    this.#dataBytes = new Uint32Array(records);
    this.#answerBytes = new Float64Array(records).fill(NaN);
    this.#groupOf = new Uint32Array(records);
  }

  /** Data of some records that are ok, spread over all. */
  get samples(): readonly Uint8Array[] {
    return this.#samples.kept;
  }

  /** Bytes of the answers of the first records; `NaN` where none is known, infinite if it is too large. */
  answerBytes(records: number): RecordBytes {
    return this.#answerBytes.subarray(0, records);
  }

  fateAt(index: number): FateName {
    return FATES[this.#fates[index]];
  }

  dataBytesAt(index: number): number {
    return this.#dataBytes[index];
  }

  /** Notes the answers of records, of which the first has the index `start`. */
  note(start: number, answers: readonly Answer[]): void {
    for (const [offset, { fate, keyText, bytes }] of answers.entries()) {
      const index = start + offset;
      this.#answerBytes[index] = bytes;
      this.#fates[index] = fate.result === "Ok" ? OK : fate.result === "Dropped" ? DROPPED : FAILED;
      this.#dataBytes[index] = fate.result === "Ok" ? fate.data.length : 0;
      if (fate.result !== "Ok") continue;
      this.#groupOf[index] = this.#groups.idOf(fate.partitionKeys, keyText, fate.data);
      this.#samples.add(fate.data);
    }
  }

  /** Notes that a record's answer alone is larger than any response; how large is not known. */
  noteTooLarge(index: number): void {
    this.#answerBytes[index] = Infinity;
  }

  /**
   * Takes each record without an answer for one like the last one before it, with an answer in the mean
   * ratio of all. Gives the number of such records.
   */
  estimate(sizes: RecordBytes): number {
    const ratio = this.#meanRatio(sizes);
    let count = 0;
    let last: number | undefined;
    for (let index = 0; index < sizes.length; index++) {
      if (!Number.isNaN(this.#answerBytes[index])) {
        last = index;
        continue;
      }
      count++;
      this.#answerBytes[index] = Math.ceil(sizes[index] * ratio);
      if (last !== undefined) this.#copy(last, index);
    }
    return count;
  }

  /** The records that are ok, by their partition keys. */
  keyGroups(records: number): GroupedKeys {
    const counts = this.#groups.noCounts();
    for (let index = 0; index < records; index++) {
      if (this.#fates[index] === OK) counts[this.#groupOf[index]]++;
    }
    return this.#groups.withCounts(counts);
  }

  /**
   * The records that make a partition beyond the first `max` of their batch: all of a batch arrive at once, so
   * no partition is delivered before. Undefined if there is none.
   */
  crowdedOut(batches: readonly BatchRange[], max: number): CrowdedOut | undefined {
    let [records, example] = [0, ""];
    for (const { start, end } of batches) {
      const active = new Set<number>();
      for (let index = start; index < end; index++) {
        const id = this.#groupOf[index];
        if (this.#fates[index] !== OK || this.#groups.isRefused(id) || active.has(id)) continue;
        if (active.size < max) {
          active.add(id);
          continue;
        }
        if (records === 0) example = this.#groups.textOf(id);
        records++;
      }
    }
    return records === 0 ? undefined : { records, example };
  }

  #copy(from: number, to: number): void {
    for (const column of [this.#fates, this.#dataBytes, this.#groupOf]) column[to] = column[from];
  }

  #meanRatio(sizes: RecordBytes): number {
    let [known, knownSizes] = [0, 0];
    for (let index = 0; index < sizes.length; index++) {
      const bytes = this.#answerBytes[index];
      if (Number.isFinite(bytes)) [known, knownSizes] = [known + bytes, knownSizes + sizes[index]];
    }
    return known / Math.max(1, knownSizes);
  }
}
