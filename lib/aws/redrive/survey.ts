/**
 * Counts what is under an error prefix, record by record.
 * @module
 */

import type { ErrorLine } from "../streams/error_lines.ts";
import type { FailedRecord } from "../../sandbox/knowledge/failed_record.ts";
import { isControlMessage } from "../../sandbox/knowledge/control_message.ts";
import type { Progress } from "./progress.ts";
import { isSelected, type Selection } from "./selection.ts";

/** Counts of an error prefix. */
export interface Survey {
  readonly objects: number;
  /** Objects that were not read: they are older than the earliest arrival that was asked for. */
  readonly olderObjects: number;
  /** Records that could be read. */
  readonly records: number;
  /** Places that could not be read: lines without a record of Firehose, damaged objects. */
  readonly unreadable: number;
  /** The first of these places, with the reasons. */
  readonly problems: readonly Problem[];
  /** Of all records, by error code, and by hour of arrival (`2026-11-24T10`), in order. */
  readonly byCode: ReadonlyMap<string, number>;
  readonly byHour: ReadonlyMap<string, number>;
  /** Records that match the selection. */
  readonly selected: number;
  /** Control messages of CloudWatch Logs among these: they hold no data and are never sent again. */
  readonly controlMessages: number;
  /** Records among these that an earlier run sent and the stream acknowledged. */
  readonly sentBefore: number;
  /** Records among these that an earlier run may have sent: it ended before it got the answer. */
  readonly uncertain: number;
  /** Records left to send, and their bytes. */
  readonly toSend: number;
  readonly bytesToSend: number;
  /** The first selected record. */
  readonly sample: FailedRecord | undefined;
}

/** Something in an error object that could not be read. */
export interface Problem {
  readonly key: string;
  readonly line: number;
  readonly problem: string;
}

const PROBLEMS_KEPT = 20;

/** Counts records while they are read. */
export class Surveyor {
  readonly #byCode = new Map<string, number>();
  readonly #byHour = new Map<string, number>();
  #counts = {
    objects: 0,
    olderObjects: 0,
    records: 0,
    unreadable: 0,
    selected: 0,
    controlMessages: 0,
    sentBefore: 0,
    uncertain: 0,
    toSend: 0,
    bytesToSend: 0,
  };
  readonly #problems: Problem[] = [];
  #sample: FailedRecord | undefined;

  constructor(readonly selection: Selection, readonly progress: Progress) {}

  addObject(): void {
    this.#counts.objects++;
  }

  addOlderObjects(count: number): void {
    this.#counts.olderObjects += count;
  }

  addLines(key: string, lines: readonly ErrorLine[]): void {
    for (const line of lines) this.#addLine(key, line);
  }

  #addLine(key: string, { index, line, record, problem }: ErrorLine): void {
    const counts = this.#counts;
    if (!record) {
      counts.unreadable++;
      if (this.#problems.length < PROBLEMS_KEPT) this.#problems.push({ key, line, problem });
      return;
    }
    counts.records++;
    increment(this.#byCode, record.errorCode);
    increment(this.#byHour, record.arrived.toISOString().slice(0, 13));
    if (!isSelected(record, this.selection)) return;
    counts.selected++;
    if (isControlMessage(record.data)) {
      counts.controlMessages++;
      return;
    }
    this.#sample ??= record;
    if (this.progress.isAccepted(key, index)) {
      counts.sentBefore++;
      return;
    }
    if (this.progress.isUncertain(key, index)) counts.uncertain++;
    counts.toSend++;
    counts.bytesToSend += record.data.length;
  }

  survey(): Survey {
    const [byCode, byHour] = [inOrder(this.#byCode), inOrder(this.#byHour)];
    return {
      ...this.#counts,
      problems: this.#problems,
      byCode,
      byHour,
      sample: this.#sample,
    };
  }
}

function increment(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function inOrder(counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...counts].sort(([a], [b]) => a < b ? -1 : 1));
}
