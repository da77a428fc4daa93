/**
 * The answers of one batch: what becomes of each record, and the bytes that its answer takes.
 * @module
 */

import type { Fate, Verdict } from "../../sandbox/services/firehose/processing/response_judge.ts";
import { answerSizes, partitionKeyBytes } from "./answer_sizes.ts";

/** What came of one record. It holds the record's data: it is let go once it is noted. */
export interface Answer {
  readonly fate: Fate;
  /** The partition keys as JSON; empty if there are none. */
  readonly keyText: string;
  /** Of the answer in the response, its comma included. */
  readonly bytes: number;
}

/** How many records have which fate. */
export interface FateCounts {
  readonly ok: number;
  readonly dropped: number;
  /** Failed records by Firehose's error code. */
  readonly byCode: ReadonlyMap<string, number>;
}

/**
 * The answers in the order of the records; empty if the batch failed as a whole. `runtime` decides how
 * partition keys are written in a response of `responseBytes`.
 */
export function answersOf(
  verdict: Verdict,
  { responseBytes, runtime }: { readonly responseBytes: number; readonly runtime: string },
): readonly Answer[] {
  if (verdict.kind === "batchFailed") return [];
  const keyTexts = verdict.fates.map(keyTextOf);
  const parts = verdict.fates.map((fate, index) =>
    fate.result === "Ok"
      ? {
        dataBytes: fate.data.length,
        keyBytes: partitionKeyBytes(keyTexts[index], fate.partitionKeys.size, runtime),
      }
      : { dataBytes: 0, keyBytes: 0 }
  );
  const sizes = answerSizes(responseBytes, parts);
  return verdict.fates.map((fate, index) => ({
    fate,
    keyText: keyTexts[index],
    bytes: sizes[index],
  }));
}

const keyTextOf = (fate: Fate) =>
  fate.result === "Ok" && fate.partitionKeys.size > 0
    ? JSON.stringify(Object.fromEntries(fate.partitionKeys))
    : "";

/** Counts the fates of a batch of so many records. */
export function fateCounts(verdict: Verdict, records: number): FateCounts {
  if (verdict.kind === "batchFailed") {
    return { ok: 0, dropped: 0, byCode: new Map([[verdict.error.errorCode, records]]) };
  }
  let [ok, dropped] = [0, 0];
  const byCode = new Map<string, number>();
  for (const fate of verdict.fates) {
    if (fate.result === "Ok") ok++;
    else if (fate.result === "Dropped") dropped++;
    else byCode.set(fate.error.errorCode, (byCode.get(fate.error.errorCode) ?? 0) + 1);
  }
  return { ok, dropped, byCode };
}

/** The counts of several batches together. */
export function fatesTogether(counts: readonly FateCounts[]): FateCounts {
  const byCode = new Map<string, number>();
  for (const [code, count] of counts.flatMap((each) => [...each.byCode])) {
    byCode.set(code, (byCode.get(code) ?? 0) + count);
  }
  return {
    ok: counts.reduce((sum, { ok }) => sum + ok, 0),
    dropped: counts.reduce((sum, { dropped }) => sum + dropped, 0),
    byCode,
  };
}
