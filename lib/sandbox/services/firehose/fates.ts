/**
 * Where transformed records go: one entry for each partition, lines for the error output, nothing
 * for what was dropped. Between `transform` and the buffers; runs inside the commit.
 * @module
 */

import type { DeliveryStream } from "./delivery_stream.ts";
import { errorLine, type ErrorOutputType } from "./error_output.ts";
import type { BufferKind, BufferRow, Entry, Journal } from "./journal.ts";
import type { Fate, ProcessingError } from "./lambda_answer.ts";
import type { SourceRecord } from "./lambda_event.ts";
import {
  ACTIVE_PARTITIONS_MAX,
  partitionBufferKey,
  partitionKeyNames,
  partitionOf,
  TOO_MANY_PARTITIONS,
} from "./partition.ts";
import type { LambdaProcessor } from "./processors.ts";
import type { Transformed } from "./transform.ts";

/** An entry that was appended to a buffer's log. */
export interface Placed {
  readonly buffer: BufferRow;
  readonly bytes: number;
}

/** What was done with a batch. */
export interface Settled {
  readonly placed: readonly Placed[];
  readonly partitionCountExceeded: boolean;
}

/** Appends what became of a batch to the logs of buffers; only inside `database.commit`. */
export function settleFates(
  transformed: Transformed,
  { stream, lambda, journal, nowMs }: {
    readonly stream: DeliveryStream;
    readonly lambda: LambdaProcessor;
    readonly journal: Journal;
    readonly nowMs: number;
  },
): Settled {
  const sorter = new Sorter(stream, transformed, lambda);
  for (const [index, fate] of transformed.fates.entries()) {
    sorter.sort(transformed.records[index], fate);
  }
  const partitionCountExceeded = sorter.refusePartitions((wanted) => {
    const isNew = (key: string) => !journal.findBuffer(stream.id, "primary", key);
    const active = journal.countBuffers(stream.id, "primary");
    return wanted.filter(isNew).slice(Math.max(0, ACTIVE_PARTITIONS_MAX - active));
  });
  const placed = sorter.heaps().map(({ kind, key, records }) => {
    const found = journal.findBuffer(stream.id, kind, key);
    const buffer = found ?? journal.createBuffer({ streamId: stream.id, kind, key });
    const entry = entryOf(records, nowMs);
    journal.append(buffer.log, entry);
    return { buffer, bytes: entry.data.length };
  });
  return { placed, partitionCountExceeded };
}

/** A record as it goes on, and as it was put. */
interface Sorted {
  readonly data: Uint8Array;
  readonly source: SourceRecord;
}

/** Records for one buffer. */
interface Heap {
  readonly kind: BufferKind;
  readonly key: string;
  readonly records: readonly Sorted[];
}

class Sorter {
  readonly #partitions = new Map<string, Sorted[]>();
  readonly #errors = new Map<ErrorOutputType, Sorted[]>();
  readonly #keyNames: readonly string[] | undefined;

  constructor(
    { destination }: DeliveryStream,
    readonly transformed: Transformed,
    readonly lambda: LambdaProcessor,
  ) {
    this.#keyNames = partitionKeyNames(destination);
  }

  sort(source: SourceRecord, fate: Fate): void {
    switch (fate.result) {
      case "Dropped":
        return;
      case "ProcessingFailed":
        return this.#fail("processing-failed", source, fate.error);
      case "Ok": {
        const keys = partitionOf(this.#keyNames ?? [], fate.partitionKeys);
        if ("errorCode" in keys) return this.#fail("partitioning-failed", source, keys);
        add(this.#partitions, partitionBufferKey(keys), { data: fate.data, source });
      }
    }
  }

  /** Turns the records of the partitions that `select` names into errors. */
  refusePartitions(select: (keys: readonly string[]) => readonly string[]): boolean {
    // Without partition keys there is the one buffer, which no limit counts.
    const refused = this.#keyNames ? select([...this.#partitions.keys()]) : [];
    for (const key of refused) {
      for (const { source } of this.#partitions.get(key) ?? []) {
        this.#fail("activePartitionExceeded", source, TOO_MANY_PARTITIONS);
      }
      this.#partitions.delete(key);
    }
    return refused.length > 0;
  }

  heaps(): Heap[] {
    return [
      ...[...this.#partitions].map(([key, records]): Heap => ({ kind: "primary", key, records })),
      ...[...this.#errors].map(([key, records]): Heap => ({ kind: "error", key, records })),
    ];
  }

  #fail(type: ErrorOutputType, source: SourceRecord, error: ProcessingError): void {
    const { attemptsMade, attemptEndingMs } = this.transformed;
    const data = errorLine(source, error, {
      attemptsMade,
      attemptEndingMs,
      lambdaArn: type === "processing-failed" ? this.lambda.functionArn : undefined,
    });
    add(this.#errors, type, { data, source });
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
    sourceLengths: Uint32Array.from(records, ({ source }) => source.data.length),
  };
}
