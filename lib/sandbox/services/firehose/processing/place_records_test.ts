/** How a processed batch is sorted: entries for partitions, lines for the error output. */
import { assertEquals } from "@std/assert";
import type { SourceRecord } from "../record.ts";
import { type Processed, sortRecords } from "./place_records.ts";
import type { Fate } from "./response_judge.ts";

const NOW_MS = 9_000;
const LAMBDA_ARN = "arn:aws:lambda:us-east-1:123456789012:function:f";

const record = (text: string, arrivalMs: number): SourceRecord => {
  const data = new TextEncoder().encode(text);
  return { recordId: text, data, rawData: data, sourceBytes: data.length, arrivalMs };
};
const ok = (text: string): Fate => ({
  result: "Ok",
  data: new TextEncoder().encode(text),
  partitionKeys: new Map(),
});
const failed: Fate = {
  result: "ProcessingFailed",
  error: { errorCode: "Lambda.FunctionError", errorMessage: "m" },
};

/** A batch after three attempts at its function, the last of which ended at 8,000. */
function processed(more: Partial<Processed>): Processed {
  return {
    records: [],
    undecompressed: [],
    fates: [],
    bytes: 0,
    taken: 0,
    next: { seq: 2, record: 0 },
    attemptsMade: 3,
    attemptEndingMs: 8_000,
    invocationId: "i",
    extracted: [],
    partitioning: undefined,
    lambdaArn: LAMBDA_ARN,
    ...more,
  };
}

/** The error lines of a batch, by type, without the data. */
function errorLines(batch: Processed) {
  return sortRecords(batch, NOW_MS).errorHeaps().map(({ key, entry }) => {
    const { rawData: _, errorMessage: __, ...line } = JSON.parse(
      new TextDecoder().decode(entry.data),
    );
    return [key, line];
  });
}

Deno.test("the arrival of an entry is that of its oldest record", () => {
  const records = [record("a", 5_000), record("b", 3_000), record("c", 4_000)];
  const fates = [ok("A"), ok("B"), ok("C")];
  const [entry] = sortRecords(processed({ records, fates }), NOW_MS).entries();
  assertEquals([entry.arrivalMs, entry.bufferedMs], [3_000, NOW_MS]);
  assertEquals(new TextDecoder().decode(entry.data), "ABC");
});

// Lines as captured in 2026: only what the function failed names the function.
Deno.test("a line of processing-failed names the function and its attempts", () => {
  const batch = processed({ records: [record("a", 1_000)], fates: [failed] });
  assertEquals(errorLines(batch), [["processing-failed", {
    errorCode: "Lambda.FunctionError",
    attemptsMade: 3,
    arrivalTimestamp: 1_000,
    attemptEndingTimestamp: 8_000,
    lambdaARN: LAMBDA_ARN,
  }]]);
});

Deno.test("a line of metadata-extraction-failed names no function", () => {
  const extracted = [{ errorCode: "MetadataExtraction.Failed", errorMessage: "m" }];
  const batch = processed({ records: [record("a", 1_000)], fates: [ok("a")], extracted });
  assertEquals(errorLines(batch), [["metadata-extraction-failed", {
    errorCode: "MetadataExtraction.Failed",
    attemptsMade: 3,
    arrivalTimestamp: 1_000,
    attemptEndingTimestamp: 8_000,
  }]]);
});

Deno.test("a line of decompression-failed has one attempt, which ended with the batch", () => {
  const batch = processed({ undecompressed: [record("a", 1_000)] });
  assertEquals(errorLines(batch), [["decompression-failed", {
    errorCode: "Decompression failed.",
    attemptsMade: 1,
    arrivalTimestamp: 1_000,
    attemptEndingTimestamp: NOW_MS,
  }]]);
});
