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
  partitionBufferKey,
  type Partitioning,
  partitionOf,
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
  /** The records of the batch, in the order of the row. */
  readonly recordIds: readonly string[];
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
  for (const record of processed.undecompressed) sorted.refuseUndecompressed(record);
  for (const [index, fate] of processed.fates.entries()) {
    sorted.sort(processed.records[index], fate, processed.extracted[index]);
  }
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
    const members = sorted.membersOf(kind, key);
    return { buffer, seq, bytes: entry.data.length, records: members.recordIds.length, ...members };
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

  /** `nowMs`: when the records come to their buffers. */
  constructor(readonly processed: Processed, readonly nowMs: number) {}

  sort(source: SourceRecord, fate: Fate, extracted: Extracted | undefined): void {
    switch (fate.result) {
      case "Dropped":
        return;
      case "ProcessingFailed":
        return this.#fail("processing-failed", source, fate.error);
      case "Ok":
        return this.#partition(source, fate, extracted ?? new Map());
    }
  }

  /** No function has seen these, so there was one attempt, which ended with the batch. */
  refuseUndecompressed(source: SourceRecord): void {
    const attempts = { attemptsMade: 1, attemptEndingMs: this.nowMs, lambdaArn: undefined };
    this.#addError("decompression-failed", source, NOT_DECOMPRESSED, attempts);
  }

  #partition(
    source: SourceRecord,
    { data, partitionKeys: lambda }: Extract<Fate, { readonly result: "Ok" }>,
    query: Extracted,
  ): void {
    if ("errorCode" in query) return this.#fail("metadata-extraction-failed", source, query);
    const { partitioning } = this.processed;
    const keys = partitioning ? partitionOf(partitioning, { query, lambda }) : new Map();
    if ("errorCode" in keys) return this.#fail("partitioning-failed", source, keys);
    add(this.#partitions, partitionBufferKey({ prefix: partitioning?.prefix, keys }), {
      data,
      source,
    });
  }

  /** The entry of each partition, in a fixed order. */
  entries(): Entry[] {
    return [...this.#partitions.values()].map((records) => entryOf(records, this.nowMs));
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
      for (const { source } of this.#partitions.get(key) ?? []) {
        this.#fail("activePartitionExceeded", source, TOO_MANY_PARTITIONS);
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

  /** The records of a heap, by their ids, and how many have each error code. */
  membersOf(kind: BufferKind, key: string): Pick<Placed, "recordIds" | "errorCodes"> {
    const errors = [...this.#errors].find(([type]) => type === key)?.[1];
    const records = (kind === "error" ? errors : this.#partitions.get(key)) ?? [];
    const errorCodes = new Map<string, number>();
    for (const { errorCode } of records) {
      if (errorCode !== undefined) errorCodes.set(errorCode, (errorCodes.get(errorCode) ?? 0) + 1);
    }
    return { recordIds: records.map(({ source }) => source.recordId), errorCodes };
  }

  failures(): Failure[] {
    return [...this.#failures.values()];
  }

  #fail(type: ErrorOutputType, source: SourceRecord, error: ProcessingError): void {
    const { attemptsMade, attemptEndingMs, lambdaArn } = this.processed;
    this.#addError(type, source, error, {
      attemptsMade,
      attemptEndingMs,
      lambdaArn: type === "processing-failed" ? lambdaArn : undefined,
    });
  }

  #addError(
    type: ErrorOutputType,
    source: SourceRecord,
    error: ProcessingError,
    attempts: FailedAttempts,
  ): void {
    const data = errorLine(source, error, attempts);
    this.#failures.set(`${type} ${error.errorMessage}`, { type, error });
    add(this.#errors, type, { data, source, errorCode: error.errorCode });
  }
}

function add<Key>(lists: Map<Key, Sorted[]>, key: Key, record: Sorted): void {
  const list = lists.get(key);
  if (list) list.push(record);
  else lists.set(key, [record]);
}

function entryOf(records: readonly Sorted[], bufferedMs: number): Entry {
  const lengths = Uint32Array.from(records, ({ data }) => data.length);
  const data = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  let offset = 0;
  for (const record of records) {
    data.set(record.data, offset);
    offset += record.data.length;
  }
  return {
    arrivalMs: Math.min(...records.map(({ source }) => source.arrivalMs)),
    bufferedMs,
    data,
    lengths,
    sourceLengths: Uint32Array.from(records, ({ source }) => source.sourceBytes),
  };
}
