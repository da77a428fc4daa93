/**
 * The transform's strategies side by side: what each writes and answers for the same records, and who
 * can read the result. Counted by running the transform, without AWS.
 * @module
 */

import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import type { FirehoseTransformationResult, OkRecord } from "../../lambda/event.ts";
import { eventOf } from "../../lambda/sample_event.ts";
import {
  getSize,
  type Strategy,
  transform,
  type TransformOptions,
} from "../../lambda/transform.ts";
import { STRATEGIES } from "../../lambda/transform_options.ts";
import { gzipJson } from "../data/gzip.ts";
import { type Case, type ReaderResults, readerResults, resultsFor } from "./results.ts";

/** What one strategy makes of a batch. */
export interface StrategySizes {
  readonly strategy: Strategy;
  /** Bytes of the events that the function got, rounds included. */
  readonly requestBytes: number;
  /** Bytes of its responses. */
  readonly responseBytes: number;
  /** Bytes in S3, of all partitions. Plain lines count in a stream with CompressionFormat GZIP. */
  readonly storedBytes: number;
  /** Gzip members in S3, of all partitions. */
  readonly members: number;
  /** Invocations until every record is delivered or has failed: records may be put back. */
  readonly rounds: number;
  readonly failed: number;
}

/**
 * Each strategy for these documents, compressed one by one as producers put them, in one batch.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { sampleEvents } from "../data/mod.ts";
 * const [plain, kept, merged] = strategySizes(sampleEvents(500));
 * assert(merged.storedBytes < kept.storedBytes / 2);
 * assert(merged.responseBytes < merged.requestBytes && kept.responseBytes > kept.requestBytes);
 * assert(plain.members === merged.members);
 * ```
 */
export function strategySizes(
  documents: readonly object[],
  options: Pick<TransformOptions, "partitionKeysOf"> = {},
): StrategySizes[] {
  const payloads = documents.map((document) => gzipJson(document));
  return STRATEGIES.map((strategy) => sizesOf(payloads, { ...options, strategy }));
}

function sizesOf(
  payloads: readonly Uint8Array[],
  options: TransformOptions & { readonly strategy: Strategy },
): StrategySizes {
  const { strategy } = options;
  const answers: OkRecord[] = [];
  let [requestBytes, responseBytes, rounds, failed] = [0, 0, 0, 0];
  for (let waiting = payloads; waiting.length > 0; rounds++) {
    const event = eventOf(waiting);
    const { response, reingest, failures } = transform(event, options);
    requestBytes += getSize(event);
    responseBytes += getSize(response);
    failed += failures.length;
    answers.push(...okRecordsOf(response));
    waiting = reingest.map(({ data }) => data);
  }
  const objects = objectsOf(answers, strategy);
  const storedBytes = objects.reduce((sum, { length }) => sum + length, 0);
  const members = objects.reduce((sum, object) => sum + membersIn(object), 0);
  return { strategy, requestBytes, responseBytes, storedBytes, members, rounds, failed };
}

function okRecordsOf({ records }: FirehoseTransformationResult): OkRecord[] {
  return records.filter((record) => record.result === "Ok");
}

/** What lies in S3: an object for each partition. */
function objectsOf(answers: readonly OkRecord[], strategy: Strategy): Buffer[] {
  const partitions = Map.groupBy(answers, ({ metadata }) => JSON.stringify(metadata.partitionKeys));
  return [...partitions.values()].map((some) => {
    const bytes = Buffer.concat(some.map(({ data }) => Buffer.from(data, "base64")));
    return strategy === "drop-and-reingest" ? gzipSync(bytes) : bytes;
  });
}

/** Only of members with a plain header, as the transform writes them. */
function membersIn(object: Buffer): number {
  return object.toString("latin1").split("\x1f\x8b\x08\x00").length - 1;
}

/** The object that each strategy's result stands for among the readers' results. */
const CASE_OF: Readonly<Record<Strategy, Case>> = {
  "drop-and-reingest": "functionLines",
  "keep-compressed": "keptMembers",
  "merge-compressed": "mergedMembers",
};

/** Who can read what a strategy writes. */
export interface StrategyReaders {
  readonly strategy: Strategy;
  readonly right: readonly string[];
  /** Readers that lose or double rows without a word. */
  readonly wrong: readonly string[];
  readonly error: readonly string[];
}

/** The readers of each strategy's objects, as `docs/readers.md` has them. */
export function strategyReaders(results: ReaderResults = readerResults()): StrategyReaders[] {
  return STRATEGIES.map((strategy) => {
    const found = resultsFor(CASE_OF[strategy], results);
    const having = (wanted: string) =>
      found.filter(({ outcome }) => outcome === wanted)
        .map(({ reader, version }) => `${reader} ${version}`);
    return { strategy, right: having("right"), wrong: having("wrong"), error: having("error") };
  });
}

/** One row for each strategy, to be shown as a table: sizes and readers. */
export function strategyTable(
  documents: readonly object[],
  options: Pick<TransformOptions, "partitionKeysOf"> = {},
): Record<string, string | number>[] {
  const readers = strategyReaders();
  return strategySizes(documents, options).map((sizes, index) => ({
    strategy: sizes.strategy,
    "bytes in S3": sizes.storedBytes,
    "gzip members": sizes.members,
    "response bytes": sizes.responseBytes,
    "put back": sizes.rounds - 1,
    "read whole by": readers[index].right.length,
    "rows lost in silence by": readers[index].wrong.join(", ") || "none",
    "refused by": readers[index].error.join(", ") || "none",
  }));
}
