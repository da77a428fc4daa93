/**
 * RecordDeAggregation: takes a record apart into the sub-records that it holds. After the journal,
 * before `transform`. Follows "Apply dynamic partitioning to aggregated data"
 * (https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-multirecord-deaggergation.html).
 * Pure.
 * @module
 */

import { Buffer } from "node:buffer";
import type { DeAggregation } from "../configuration/partitioning_processors.ts";

/** Most sub-records of one record. A record with more goes on as it is (documented). */
export const SUB_RECORDS_MAX = 500;

/**
 * The sub-records of `record`, without the bytes between them. A record that is no aggregate, or has
 * too many sub-records, is returned as the only one.
 */
export function subRecordsOf(
  record: Uint8Array,
  deAggregation: DeAggregation,
): readonly Uint8Array[] {
  const found = deAggregation.subRecordType === "JSON"
    ? objectsOf(record)
    : piecesOf(record, deAggregation.delimiter);
  return found && found.length > 0 ? found : [record];
}

const [QUOTE, BACKSLASH] = ['"', "\\"].map((character) => character.charCodeAt(0));
const OPENING = new Set(bytesOf("{["));
const CLOSING = new Set(bytesOf("}]"));
const BLANK = new Set(bytesOf(" \t\r\n"));
const OBJECT = "{".charCodeAt(0);

function bytesOf(characters: string): number[] {
  return [...characters].map((character) => character.charCodeAt(0));
}

/**
 * The JSON objects in `record`; undefined if anything else stands between them, or if the last one
 * has no end. The inside of an object is not checked.
 */
function objectsOf(record: Uint8Array): Uint8Array[] | undefined {
  const objects: Uint8Array[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < record.length; at++) {
    const byte = record[at];
    if (depth === 0) {
      if (BLANK.has(byte)) continue;
      if (byte !== OBJECT || objects.length === SUB_RECORDS_MAX) return undefined;
      start = at;
      depth = 1;
    } else if (byte === QUOTE) {
      at = endOfString(record, at);
    } else if (OPENING.has(byte)) {
      depth++;
    } else if (CLOSING.has(byte) && --depth === 0) {
      objects.push(record.subarray(start, at + 1));
    }
  }
  return depth === 0 ? objects : undefined;
}

/** Index of the quote that ends the string at `start`; the record's end if there is none. */
function endOfString(record: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < record.length && record[at] !== QUOTE) at += record[at] === BACKSLASH ? 2 : 1;
  return at;
}

/** The parts between delimiters, without empty ones; undefined if there are too many. */
function piecesOf(record: Uint8Array, delimiter: Uint8Array): Uint8Array[] | undefined {
  const haystack = Buffer.from(record.buffer, record.byteOffset, record.length);
  const pieces: Uint8Array[] = [];
  for (let start = 0; start < record.length;) {
    const found = haystack.indexOf(delimiter, start);
    const end = found < 0 ? record.length : found;
    if (end > start) {
      if (pieces.length === SUB_RECORDS_MAX) return undefined;
      pieces.push(record.subarray(start, end));
    }
    start = end + delimiter.length;
  }
  return pieces;
}
