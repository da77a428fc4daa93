/**
 * What the report says about single records: an example of each fate that is not delivery, so that
 * people find the record in their file.
 * @module
 */

import { isControlMessage } from "../../sandbox/knowledge/control_message.ts";
import { hasFailed } from "./attempts.ts";
import { beginningOf } from "../streams/record_beginning.ts";
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
}

/** Enough to recognise a record, in one line of a terminal. */
const BEGINNING_LENGTH = 100;

/** Looks at the records, in the order of the batches. */
export function recordNotesOf(
  records: Records,
  batches: readonly Attempt[],
): RecordNotes {
  const firstFailed = new Map<string, RecordExample>();
  let firstDropped: RecordExample | undefined;
  let [droppedControlMessages, emptied] = [0, 0];
  const dataAt = (index: number) => records.slice(index, index + 1)[0];
  const exampleAt = (index: number) => ({
    number: index + 1,
    beginning: beginningOf(dataAt(index), BEGINNING_LENGTH),
  });
  for (const { index, outcome } of judged(batches)) {
    if (outcome.result === "ProcessingFailed") {
      const { errorCode } = outcome.error;
      if (!firstFailed.has(errorCode)) firstFailed.set(errorCode, exampleAt(index));
      continue;
    }
    const data = dataAt(index);
    const isEmptied = outcome.result === "Ok" && data.length > 0;
    if (isControlMessage(data)) {
      if (outcome.result === "Dropped") droppedControlMessages++;
    } else if (isEmptied || outcome.result === "Dropped") {
      if (isEmptied) emptied++;
      firstDropped ??= exampleAt(index);
    }
  }
  const failed = batches.find(hasFailed);
  const areGzip = !failed || records.slice(failed.start, failed.end).every(isGzip);
  return { firstFailed, firstDropped, emptied, droppedControlMessages, areGzip };
}

/** The records that are not Ok, or have no data, in batches that did not fail as a whole. */
function* judged(batches: readonly Attempt[]) {
  for (const { start, outcome: batch } of batches) {
    if (batch.kind !== "judged") continue;
    for (const [index, outcome] of batch.outcomes.entries()) {
      if (outcome.result !== "Ok" || outcome.bytes === 0) yield { index: start + index, outcome };
    }
  }
}
