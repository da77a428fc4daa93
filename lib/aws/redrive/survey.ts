/**
 * What lies under an error prefix, counted line by line.
 * @module
 */

import type { FailedRecord } from "../streams/error_objects.ts";
import type { ErrorLine } from "./error_lines.ts";
import type { Progress } from "./progress.ts";
import { isSelected, type Selection } from "./selection.ts";

/** Counts of an error prefix. */
export interface Survey {
  readonly objects: number;
  /** Lines with a record. */
  readonly records: number;
  /** Lines that are none of Firehose's. */
  readonly unreadable: number;
  /** Of all records, by error code, and by hour of arrival (`2026-11-24T10`), in order. */
  readonly byCode: ReadonlyMap<string, number>;
  readonly byHour: ReadonlyMap<string, number>;
  /** Records that the selection wants. */
  readonly selected: number;
  /** Of these, records that an earlier run has sent again, and had acknowledged. */
  readonly sentBefore: number;
  /** Of these, records that an earlier run may have sent: it ended before it knew. */
  readonly uncertain: number;
  /** What is left to send, in records and in bytes. */
  readonly toSend: number;
  readonly bytesToSend: number;
  /** The first selected record. */
  readonly sample: FailedRecord | undefined;
}

/** Counts lines as they come. */
export class Surveyor {
  readonly #byCode = new Map<string, number>();
  readonly #byHour = new Map<string, number>();
  #counts = {
    objects: 0,
    records: 0,
    unreadable: 0,
    selected: 0,
    sentBefore: 0,
    uncertain: 0,
    toSend: 0,
    bytesToSend: 0,
  };
  #sample: FailedRecord | undefined;

  constructor(readonly selection: Selection, readonly progress: Progress) {}

  addObject(): void {
    this.#counts.objects++;
  }

  addLine({ key, index, record }: ErrorLine): void {
    const counts = this.#counts;
    if (!record) {
      counts.unreadable++;
      return;
    }
    counts.records++;
    increment(this.#byCode, record.errorCode);
    increment(this.#byHour, record.arrived.toISOString().slice(0, 13));
    if (!isSelected(record, this.selection)) return;
    counts.selected++;
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
    return { ...this.#counts, byCode, byHour, sample: this.#sample };
  }
}

function increment(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function inOrder(counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...counts].sort(([a], [b]) => a < b ? -1 : 1));
}
