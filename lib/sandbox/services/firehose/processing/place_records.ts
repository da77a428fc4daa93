/**
 * Places processed records: one entry for each partition, lines for the error output, nothing for
 * dropped records. Between the processors and the buffers. Records are sorted before the commit, so
 * that their bytes can be stored outside of the database, and placed inside it.
 * @module
 */

import { assert } from "../../../assert.ts";
import type { DeliveryStream } from "../delivery_stream.ts";
import { errorLine, type ErrorOutputType, type FailedAttempts } from "./error_output.ts";
import type { BufferKind, BufferRow, Entry, Journal } from "../journal/journal.ts";
import type { Fate } from "./response_judge.ts";
import type { Extracted } from "./metadata_extraction.ts";
import {
  ACTIVE_PARTITIONS_MAX,
  PartitionBufferKeys,
  type Partitioning,
  TOO_MANY_PARTITIONS,
} from "../naming/partition.ts";
import type { Transformed } from "./invoke_transform.ts";
import type { ProcessingError, SourceRecord } from "../record.ts";

// The code was captured, with its full stop. AWS's message is not known; this one is ours.
const NOT_DECOMPRESSED: ProcessingError = {
  errorCode: "Decompression failed.",
  errorMessage: "The record is not gzip data in the format of CloudWatch Logs.",
};

/** A batch that has gone through all processors. */
export interface Processed extends Transformed {
  /** jq's keys for each record that is still `Ok`; empty without jq. */
  readonly extracted: readonly (Extracted | undefined)[];
  /** Undefined without dynamic partitioning. */
  readonly partitioning: Partitioning | undefined;
  /** As configured, for the error lines of records that the function failed. */
  readonly lambdaArn: string | undefined;
}

/** An entry that was appended to a buffer's log. */
export interface Placed {
  readonly buffer: BufferRow;
  readonly bytes: number;
  readonly records: number;
  /** The row of its log. */
  readonly seq: number;
  /**
   * Which records of the batch, in the order of the row: indexes of its records, and after them of
   * those that could not be decompressed.
   */
  readonly members: Uint32Array;
  /** For lines of the error output: how many records have each code. */
  readonly errorCodes: ReadonlyMap<string, number>;
}

/** Why records of a batch failed. */
export interface Failure {
  readonly type: ErrorOutputType;
  readonly error: ProcessingError;
}

/** What was done with a batch. */
export interface Placement {
  readonly placed: readonly Placed[];
  /** One of each kind. */
  readonly failures: readonly Failure[];
}

/** The records of a batch by the buffer that they go to. */
export function sortRecords(processed: Processed, nowMs: number): SortedBatch {
  const sorted = new SortedBatch(processed, nowMs);
  for (const index of processed.undecompressed.keys()) sorted.refuseUndecompressed(index);
  for (const index of processed.fates.keys()) sorted.sort(index);
  return sorted;
}

/**
 * Appends the outcome of a batch to the logs of buffers. `stored` are the batch's
 * {@linkcode SortedBatch.entries}. Only inside `database.commit`.
 */
export function placeRecords(
  sorted: SortedBatch,
  stored: readonly Entry[],
  { stream, journal }: { readonly stream: DeliveryStream; readonly journal: Journal },
): Placement {
  const heaps = sorted.heaps(stored);
  const refused = sorted.refusePartitions((wanted) => {
    const isNew = (key: string) => !journal.findBuffer(stream.id, "primary", key);
    const active = journal.countBuffers(stream.id, "primary");
    return wanted.filter(isNew).slice(Math.max(0, ACTIVE_PARTITIONS_MAX - active));
  });
  const kept = heaps.filter(({ key }) => !refused.includes(key)).concat(sorted.errorHeaps());
  assertEachPlacedOnce(sorted.processed, kept);
  const placed = kept.map(({ kind, key, entry }) => {
    const found = journal.findBuffer(stream.id, kind, key);
    const buffer = found ?? journal.createBuffer({ streamId: stream.id, kind, key });
    const seq = journal.append(buffer.log, entry);
    const { members, errorCodes } = sorted.membersOf(kind, key);
    return { buffer, seq, bytes: entry.data.length, records: members.length, members, errorCodes };
  });
  return { placed, failures: sorted.failures() };
}

/** One record too many or too few here is doubled or lost in S3. */
function assertEachPlacedOnce(
  { records, fates, undecompressed }: Processed,
  heaps: readonly Heap[],
): void {
  const dropped = fates.filter(({ result }) => result === "Dropped").length;
  const placed = heaps.reduce((sum, { entry }) => sum + (entry.lengths?.length ?? 1), 0);
  assert(fates.length === records.length, "every record of a batch has a fate");
  assert(
    placed + dropped === records.length + undecompressed.length,
    "every record of a batch is dropped or goes to one buffer",
  );
}

/** A record as it goes on, and as it was put. */
interface Sorted {
  readonly data: Uint8Array;
  readonly source: SourceRecord;
  /** As of {@linkcode Placed.members}. */
  readonly index: number;
  /** For a line of the error output. */
  readonly errorCode?: string;
}

/** Records for one buffer. */
interface Heap {
  readonly kind: BufferKind;
  readonly key: string;
  readonly entry: Entry;
}

/** A batch whose records are sorted by partition and by type of error. */
export class SortedBatch {
  readonly #partitions = new Map<string, Sorted[]>();
  readonly #errors = new Map<ErrorOutputType, Sorted[]>();
  readonly #failures = new Map<string, Failure>();
  readonly #bufferKeys: PartitionBufferKeys | undefined;

  /** `nowMs`: when the records come to their buffers. */
  constructor(readonly processed: Processed, readonly nowMs: number) {
    const { partitioning } = processed;
    this.#bufferKeys = partitioning && new PartitionBufferKeys(partitioning);
  }

  /** Sorts the record of the batch at `index`. */
  sort(index: number): void {
    const fate = this.processed.fates[index];
    switch (fate.result) {
      case "Dropped":
        return;
      case "ProcessingFailed":
        return this.#fail("processing-failed", index, fate.error);
      case "Ok":
        return this.#partition(index, fate);
    }
  }

  /** No function has seen these, so there was one attempt, which ended with the batch. */
  refuseUndecompressed(index: number): void {
    const { records, undecompressed } = this.processed;
    const record = { source: undecompressed[index], index: records.length + index };
    const attempts = { attemptsMade: 1, attemptEndingMs: this.nowMs, lambdaArn: undefined };
    this.#addError("decompression-failed", record, NOT_DECOMPRESSED, attempts);
  }

  #partition(
    index: number,
    { data, partitionKeys: lambda }: Extract<Fate, { readonly result: "Ok" }>,
  ): void {
    const { records, extracted } = this.processed;
    const query = extracted[index] ?? NO_KEYS;
    if ("errorCode" in query) return this.#fail("metadata-extraction-failed", index, query);
    const key = this.#bufferKeys?.of({ query, lambda }) ?? "";
    if (typeof key !== "string") return this.#fail("partitioning-failed", index, key);
    add(this.#partitions, key, { data, source: records[index], index });
  }

  /** The entry of each partition, in a fixed order. Their bytes follow each other in one buffer. */
  entries(): Entry[] {
    const lists = [...this.#partitions.values()];
    const room = new Uint8Array(lists.reduce((sum, records) => sum + bytesOf(records), 0));
    let start = 0;
    return lists.map((records) => {
      const entry = entryOf(records, this.nowMs, room.subarray(start));
      start += entry.data.length;
      return entry;
    });
  }

  /** `stored`, which are {@linkcode entries}, with their partitions. */
  heaps(stored: readonly Entry[]): Heap[] {
    return [...this.#partitions.keys()].map((key, index): Heap => ({
      kind: "primary",
      key,
      entry: stored[index],
    }));
  }

  /** Turns the records of the partitions that `select` names into errors. Returns their keys. */
  refusePartitions(select: (keys: readonly string[]) => readonly string[]): readonly string[] {
    // Without partition keys there is one buffer only, and no limit counts it.
    const refused = this.processed.partitioning ? select([...this.#partitions.keys()]) : [];
    for (const key of refused) {
      for (const { index } of this.#partitions.get(key) ?? []) {
        this.#fail("activePartitionExceeded", index, TOO_MANY_PARTITIONS);
      }
    }
    return refused;
  }

  errorHeaps(): Heap[] {
    return [...this.#errors].map(([key, records]): Heap => ({
      kind: "error",
      key,
      entry: entryOf(records, this.nowMs),
    }));
  }

  /** The records of a heap, and how many have each error code. */
  membersOf(kind: BufferKind, key: string): Pick<Placed, "members" | "errorCodes"> {
    const errors = [...this.#errors].find(([type]) => type === key)?.[1];
    const records = (kind === "error" ? errors : this.#partitions.get(key)) ?? [];
    const errorCodes = new Map<string, number>();
    for (const { errorCode } of records) {
      if (errorCode !== undefined) errorCodes.set(errorCode, (errorCodes.get(errorCode) ?? 0) + 1);
    }
    return { members: Uint32Array.from(records, ({ index }) => index), errorCodes };
  }

  failures(): Failure[] {
    return [...this.#failures.values()];
  }

  #fail(type: ErrorOutputType, index: number, error: ProcessingError): void {
    const { records, attemptsMade, attemptEndingMs, lambdaArn } = this.processed;
    this.#addError(type, { source: records[index], index }, error, {
      attemptsMade,
      attemptEndingMs,
      lambdaArn: type === "processing-failed" ? lambdaArn : undefined,
    });
  }

  #addError(
    type: ErrorOutputType,
    record: Pick<Sorted, "source" | "index">,
    error: ProcessingError,
    attempts: FailedAttempts,
  ): void {
    const data = errorLine(record.source, error, attempts);
    this.#failures.set(`${type} ${error.errorMessage}`, { type, error });
    add(this.#errors, type, { ...record, data, errorCode: error.errorCode });
  }
}

const NO_KEYS: ReadonlyMap<string, string> = new Map();

function add<Key>(lists: Map<Key, Sorted[]>, key: Key, record: Sorted): void {
  const list = lists.get(key);
  if (list) list.push(record);
  else lists.set(key, [record]);
}

const bytesOf = (records: readonly Sorted[]) =>
  records.reduce((sum, { data }) => sum + data.length, 0);

/** Records as one entry, whose bytes are put at the beginning of `room`. */
function entryOf(
  records: readonly Sorted[],
  bufferedMs: number,
  room = new Uint8Array(bytesOf(records)),
): Entry {
  let end = 0;
  for (const { data } of records) {
    room.set(data, end);
    end += data.length;
  }
  return {
    arrivalMs: Math.min(...records.map(({ source }) => source.arrivalMs)),
    bufferedMs,
    data: room.subarray(0, end),
    lengths: Uint32Array.from(records, ({ data }) => data.length),
    sourceLengths: Uint32Array.from(records, ({ source }) => source.sourceBytes),
  };
}
