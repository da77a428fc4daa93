/**
 * MetadataExtraction: partition keys that jq finds in records. After `transform`, before
 * `partition`. Follows "Create partitioning keys with inline parsing"
 * (https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-partitioning-keys.html).
 * @module
 */

import type { Clock } from "../../../clock.ts";
import type { Jq, JqQuery, JqResult } from "./jq/engine.ts";
import type { ProcessingError } from "../record.ts";

/** The values of a record's keys by name, or why it has none. */
export type Extracted = ReadonlyMap<string, string> | ProcessingError;

/** What extracting needs. */
export interface ExtractionParts {
  readonly jq: Jq;
  readonly clock: Clock;
  /** Called with the duration of each run of jq. */
  readonly onRun: (durationMs: number) => void;
}

/** Records in one run of jq. They take 4 ms (plain paths) to some 60 ms. */
const RUN_RECORDS_MAX = 500;

/** What jq finds in each of `records`. Throws the signal's reason when it is aborted. */
export async function extractMetadata(
  query: JqQuery,
  records: readonly Uint8Array[],
  { jq, clock, onRun }: ExtractionParts,
  signal: AbortSignal,
): Promise<Extracted[]> {
  const extracted: Extracted[] = [];
  for (let start = 0; start < records.length; start += RUN_RECORDS_MAX) {
    const beganMs = clock.nowMs();
    const run = records.slice(start, start + RUN_RECORDS_MAX);
    const results = await jq.extract(query, run, signal);
    onRun(clock.nowMs() - beganMs);
    extracted.push(...results.map((result) => extractedOf(result, query.keys)));
  }
  return extracted;
}

function extractedOf(result: JqResult, keys: readonly string[]): Extracted {
  switch (result.kind) {
    case "values":
      return valuesOf(result.values, keys);
    case "notJson":
      return failed("Non JSON record provided"); // captured, 2026
    case "error":
      // What AWS writes when a query fails for a record is not known: these are jq's own words.
      return failed(result.message);
    case "notOneResult":
      return failed(`The JQ query gave ${result.results === 0 ? "no result" : "several results"}`);
    case "stopped":
      return failed("The JQ query was stopped: it took too long, or too much memory");
  }
}

function valuesOf(values: readonly unknown[], keys: readonly string[]): Extracted {
  const found = new Map<string, string>();
  for (const [index, key] of keys.entries()) {
    const value = values[index];
    // The text was captured for null and for the empty text. jq's `//` replaces null and
    // false, not the empty text.
    if (value === null || value === "") {
      return failed("partitionKeys values must not be null or empty");
    }
    // What AWS does is not known.
    if (typeof value !== "string") {
      return failed("partitionKeys values must not be objects or arrays");
    }
    found.set(key, value);
  }
  return found;
}

const failed = (errorMessage: string): ProcessingError => ({
  errorCode: "DynamicPartitioning.MetadataExtractionFailed",
  errorMessage,
});
