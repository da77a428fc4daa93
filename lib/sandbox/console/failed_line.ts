/**
 * A line of the error output, read: what failed, the record's data, and what `explain` says.
 * @module
 */

import { codeKnowledge } from "../knowledge/code_knowledge.ts";
import { type FailedRecord, failedRecord } from "../knowledge/failed_record.ts";
import { lookInto, rawDataMeaning, rawDataText } from "../knowledge/raw_data.ts";
import { plainText } from "./plain_text.ts";
import type { ExplanationView, FailedView } from "./shapes.ts";

/** The record of a line, if Firehose wrote the line for one that failed. */
export function failedIn(text: string): FailedRecord | undefined {
  if (!text.startsWith("{") || !text.includes('"rawData"')) return undefined;
  try {
    return failedRecord(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** The record for the page; of its data, `charactersMax` characters. */
export function failedView(record: FailedRecord, charactersMax: number): FailedView {
  const { errorCode, errorMessage, attemptsMade, arrived, data } = record;
  const text = plainText(data);
  const seen = lookInto(data);
  return {
    ...{ errorCode, errorMessage, attempts: attemptsMade, arrivedMs: arrived.getTime() },
    rawBytes: data.length,
    data: text.slice(0, charactersMax),
    dataCut: Math.max(0, text.length - charactersMax),
    holds: rawDataText(seen),
    meaning: rawDataMeaning(seen, errorCode),
  };
}

/** What `explain` says of the codes of these records, one for each. */
export function explanationsOf(records: readonly FailedRecord[]): ExplanationView[] {
  const groups = Map.groupBy(records, ({ errorCode }) => errorCode);
  return [...groups].map(([errorCode, group]) => {
    const { happened, rule, cure } = codeKnowledge(errorCode, group[0].errorMessage);
    return { errorCode, records: group.length, happened, rule, cure };
  });
}
