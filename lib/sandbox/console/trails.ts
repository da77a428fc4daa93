/**
 * Trails: which records the last batches and objects held, so that the console can say where a record
 * went after it left the journal. Bounded: about 30 bytes for each of the last 400,000 records.
 * @module
 */

import type { BufferKind } from "../services/firehose/journal/journal.ts";
import {
  type ProcessedBatch,
  type TransformAnswer,
  type TransformInvocation,
  type WatchedObject,
} from "../services/firehose/watch.ts";

/** Records that batches remember together, and objects. */
export const RECORDS_KEPT = 200_000;
const INVOCATIONS_KEPT = 2_000;
/** Numbers of each row in {@linkcode ObjectTrail}. */
const ROW_NUMBERS = 4;
const NO_CODES: readonly string[] = [];

/** A record as the journal counts: index `record` of row `seq`. */
export interface Spot {
  readonly seq: number;
  readonly record: number;
}

/** An attempt to send a batch through the function. */
export interface Attempt extends Omit<TransformInvocation, "functionArn"> {
  readonly answer: TransformAnswer | undefined;
}

/** A batch that went through the processors. */
export interface BatchTrail {
  readonly streamId: number;
  readonly atMs: number;
  readonly attempt: Attempt | undefined;
  /** The records, in order: where each was in the journal, and when it was put. */
  readonly seqs: Float64Array;
  readonly records: Uint32Array;
  readonly arrivals: Float64Array;
  readonly placements: readonly PlacementTrail[];
  /** The records that were placed, by placement: which records of the batch. */
  readonly members: Uint32Array;
}

/** The records of a batch that went to one buffer, in the order of its row. */
export interface PlacementTrail {
  readonly seq: number;
  readonly kind: BufferKind;
  readonly key: string;
  readonly errorCodes: readonly string[];
  /** They are the batch's `members` from `start` (inclusive) to `end` (exclusive). */
  readonly start: number;
  readonly end: number;
}

/** An object, and which records it holds. */
export interface ObjectTrail extends Omit<WatchedObject, "rows" | "records"> {
  /** Four numbers for each row: see {@linkcode rowsOf}. A typed array takes 270 bytes itself. */
  readonly rows: Float64Array;
  /** Bytes of each record. */
  readonly lengths: Uint32Array;
}

/** Records of an object that were one row of the journal. */
export interface RowTrail {
  readonly seq: number;
  /** The index of the first record in the row, and how many there are. */
  readonly first: number;
  readonly count: number;
  readonly arrivalMs: number;
}

/** The trails of one region. */
export class Trails {
  readonly #attempts = new Map<string, Attempt>();
  readonly #batches = new Newest<BatchTrail>(
    RECORDS_KEPT,
    ({ seqs, placements }) => seqs.length + placements.length * PLACEMENT_WEIGHT,
  );
  readonly #objects = new Newest<ObjectTrail>(RECORDS_KEPT, ({ lengths }) => lengths.length);

  invoking({ functionArn: _, ...invocation }: TransformInvocation): void {
    this.#attempts.set(invocation.invocationId, { ...invocation, answer: undefined });
    if (this.#attempts.size <= INVOCATIONS_KEPT) return;
    const [oldest] = this.#attempts.keys();
    this.#attempts.delete(oldest);
  }

  invoked(invocationId: string, answer: TransformAnswer): void {
    const attempt = this.#attempts.get(invocationId);
    if (attempt) this.#attempts.set(invocationId, { ...attempt, answer });
  }

  processed({ streamId, atMs, invocationId, records, placements }: ProcessedBatch): void {
    const spots = records.map(({ recordId }) => spotOf(recordId));
    const members = new Uint32Array(placements.reduce((sum, one) => sum + one.members.length, 0));
    let end = 0;
    this.#batches.add({
      ...{ streamId, atMs },
      attempt: invocationId === undefined ? undefined : this.#attempts.get(invocationId),
      seqs: Float64Array.from(spots, ({ seq }) => seq),
      records: Uint32Array.from(spots, ({ record }) => record),
      arrivals: Float64Array.from(records, ({ arrivalMs }) => arrivalMs),
      members,
      placements: placements.map((placement) => {
        const { seq, kind, key, errorCodes } = placement;
        const start = end;
        members.set(placement.members, start);
        end += placement.members.length;
        const codes = errorCodes.size === 0 ? NO_CODES : [...errorCodes.keys()];
        return { seq, kind, key, errorCodes: codes, start, end };
      }),
    });
  }

  delivered({ rows, records: _, ...object }: WatchedObject): void {
    const lengths = new Uint32Array(rows.reduce((sum, row) => sum + row.lengths.length, 0));
    const numbers = new Float64Array(rows.length * ROW_NUMBERS);
    let at = 0;
    for (const [index, { seq, firstRecord, arrivalMs, lengths: some }] of rows.entries()) {
      numbers.set([seq, firstRecord, some.length, arrivalMs], index * ROW_NUMBERS);
      lengths.set(some, at);
      at += some.length;
    }
    this.#objects.add({ ...object, rows: numbers, lengths });
  }

  /** The attempt under way with these records, if the function has them now. */
  running(streamId: number): Attempt | undefined {
    return [...this.#attempts.values()].findLast((attempt) =>
      attempt.streamId === streamId && attempt.answer === undefined
    );
  }

  /** The batches with a record, newest first, and the record's indexes in them. */
  batchesWith({ seq, record }: Spot): { readonly batch: BatchTrail; readonly indexes: number[] }[] {
    return this.#batches.newestFirst().map((batch) => ({
      batch,
      indexes: indexesIn(batch, seq, record),
    })).filter(({ indexes }) => indexes.length > 0);
  }

  /** The objects with a record; a backup may hold it too. */
  objectsWith({ seq, record }: Spot): ObjectTrail[] {
    return this.#objects.newestFirst().filter((object) => holds(object, seq, record));
  }

  /** The object of this name, if it is known. */
  object(bucket: string, key: string): ObjectTrail | undefined {
    return this.#objects.newestFirst()
      .find((object) => object.bucket === bucket && object.key === key);
  }

  /** The record that was put, of a record that a batch gave to a buffer. */
  sourceOf({ seq, record }: Spot): Spot | undefined {
    for (const { placements, members, seqs, records } of this.#batches.newestFirst()) {
      const placement = placements.find((placement) => placement.seq === seq);
      if (!placement || record >= placement.end - placement.start) continue;
      const index = members[placement.start + record];
      return { seq: seqs[index], record: records[index] };
    }
    return undefined;
  }
}

/** Where a batch put one of its records; undefined if it was dropped. */
export function placementOf(
  { placements, members }: BatchTrail,
  index: number,
): { readonly placement: PlacementTrail; readonly spot: Spot } | undefined {
  const at = members.indexOf(index);
  const placement = placements.find(({ start, end }) => at >= start && at < end);
  return placement && { placement, spot: { seq: placement.seq, record: at - placement.start } };
}

/** The rows of an object, in its order. */
export function rowsOf({ rows }: ObjectTrail): RowTrail[] {
  return Array.from({ length: rows.length / ROW_NUMBERS }, (_, index) => {
    const [seq, first, count, arrivalMs] = rows.subarray(index * ROW_NUMBERS);
    return { seq, first, count, arrivalMs };
  });
}

/** The record of which the byte at `offset` of the object, decompressed, is a part. */
export function recordAt(object: ObjectTrail, offset: number): Spot | undefined {
  let end = 0;
  let index = object.lengths.findIndex((length) =>
    (end += length + object.delimiterBytes) > offset
  );
  if (index < 0) return undefined;
  for (const { seq, first, count } of rowsOf(object)) {
    if (index < count) return { seq, record: first + index };
    index -= count;
  }
  return undefined;
}

function indexesIn({ seqs, records }: BatchTrail, seq: number, record: number): number[] {
  const found: number[] = [];
  for (let at = seqs.indexOf(seq); at >= 0; at = seqs.indexOf(seq, at + 1)) {
    if (records[at] === record) found.push(at);
  }
  return found;
}

/** Looks at the numbers themselves: all objects that are kept are searched. */
function holds({ rows }: ObjectTrail, seq: number, record: number): boolean {
  for (let at = 0; at < rows.length; at += ROW_NUMBERS) {
    const [first, count] = [rows[at + 1], rows[at + 2]];
    if (rows[at] === seq && record >= first && record < first + count) return true;
  }
  return false;
}

/** The digits of a function's record id: see `processing/lambda_event.ts`. */
export const spotOf = (recordId: string): Spot => ({
  seq: Number(recordId.slice(24, 44)),
  record: Number(recordId.slice(44, 56)),
});

/** A queue that forgets its oldest items when all together weigh too much. */
class Newest<Item> {
  readonly #weightMax: number;
  readonly #weigh: (item: Item) => number;
  readonly #items: Item[] = [];
  #weight = 0;

  constructor(weightMax: number, weigh: (item: Item) => number) {
    this.#weightMax = weightMax;
    this.#weigh = (item) => weigh(item) + ITEM_WEIGHT;
  }

  add(item: Item): void {
    this.#items.push(item);
    this.#weight += this.#weigh(item);
    while (this.#weight > this.#weightMax && this.#items.length > 1) {
      const oldest = this.#items.shift();
      if (oldest !== undefined) this.#weight -= this.#weigh(oldest);
    }
  }

  newestFirst(): Item[] {
    return this.#items.toReversed();
  }
}

/** An item itself takes as much memory as some records, and so does a placement. */
const ITEM_WEIGHT = 20;
const PLACEMENT_WEIGHT = 4;
