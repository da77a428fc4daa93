/**
 * What the report says about single records: an example of each fate that is not delivery, so that
 * people find the record in their file.
 * @module
 */

import { isControlMessage } from "../../sandbox/knowledge/control_message.ts";
import { ContentCounts, lookInto } from "../../sandbox/knowledge/raw_data.ts";
import { beginningOf } from "../streams/record_beginning.ts";
import type { Answer } from "./answers.ts";
import type { Records } from "./record_spool.ts";
import { isGzip } from "./records.ts";
import type { Attempt } from "./rehearsal.ts";

/** One record. */
export interface RecordExample {
  /** Its place among all records, from 1. */
  readonly number: number;
  /** How it begins, decompressed. */
  readonly beginning: string;
}

/** What is worth knowing about records besides their fates. */
export interface RecordNotes {
  /** The first failed record of each error code, in batches that did not fail as a whole. */
  readonly firstFailed: ReadonlyMap<string, RecordExample>;
  /** The first record that is Dropped or {@linkcode emptied}, and is no control message. */
  readonly firstDropped: RecordExample | undefined;
  /** Records that are Ok without data, though they had some: nothing of them is delivered. */
  readonly emptied: number;
  /** Control messages of CloudWatch Logs that are Dropped: they hold no data, so nothing is lost. */
  readonly droppedControlMessages: number;
  /** Whether the records of the first batch that failed are gzip, each of them; true if none failed. */
  readonly areGzip: boolean;
  /** What the records of the first batch hold in which the function threw; empty if it never did. */
  readonly failedContents: readonly string[];
}

/** Enough to recognise a record, in one line of a terminal. */
const BEGINNING_LENGTH = 100;

/** Looks at the records of the batches, in their order. */
export class RecordNoter {
  readonly #records: Records;
  readonly #firstFailed = new Map<string, RecordExample>();
  #firstDropped: RecordExample | undefined;
  #emptied = 0;
  #droppedControlMessages = 0;
  #areGzip: boolean | undefined;
  #failedContents: readonly string[] | undefined;

  constructor(records: Records) {
    this.#records = records;
  }

  get notes(): RecordNotes {
    return {
      firstFailed: this.#firstFailed,
      firstDropped: this.#firstDropped,
      emptied: this.#emptied,
      droppedControlMessages: this.#droppedControlMessages,
      areGzip: this.#areGzip ?? true,
      failedContents: this.#failedContents ?? [],
    };
  }

  note({ invocation: { start, end, failure }, error, answers }: Attempt): void {
    if (error) this.#areGzip ??= this.#records.slice(start, end).every(isGzip);
    if (failure === "failed") this.#failedContents ??= contentsOf(this.#records.slice(start, end));
    if (answers.every(isDelivered)) return;
    for (const [offset, data] of this.#records.slice(start, end).entries()) {
      if (offset < answers.length) this.#noteRecord(data, start + offset, answers[offset]);
    }
  }

  #noteRecord(data: Uint8Array, index: number, answer: Answer): void {
    const { fate } = answer;
    if (fate.result === "ProcessingFailed") {
      const { errorCode } = fate.error;
      if (!this.#firstFailed.has(errorCode)) {
        this.#firstFailed.set(errorCode, exampleOf(data, index));
      }
    } else if (isControlMessage(data)) {
      if (fate.result === "Dropped") this.#droppedControlMessages++;
    } else if (!isDelivered(answer) && (fate.result === "Dropped" || data.length > 0)) {
      if (fate.result === "Ok") this.#emptied++;
      this.#firstDropped ??= exampleOf(data, index);
    }
  }
}

function contentsOf(records: readonly Uint8Array[]): string[] {
  const counts = new ContentCounts("Lambda.FunctionError");
  for (const data of records) counts.add(lookInto(data));
  return counts.lines();
}

const isDelivered = ({ fate }: Answer) => fate.result === "Ok" && fate.data.length > 0;

const exampleOf = (data: Uint8Array, index: number): RecordExample => ({
  number: index + 1,
  beginning: beginningOf(data, BEGINNING_LENGTH),
});
