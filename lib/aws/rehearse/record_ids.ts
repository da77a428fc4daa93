/**
 * The record ids of a rehearsal. As on AWS, two events have no id in common, so that a function that
 * remembers ids sees new ones each time. In the report a record has its number and its beginning: its id
 * would say nothing.
 * @module
 */

import type { Finding } from "../../sandbox/services/firehose/processing/response_judge.ts";
import { beginningOf } from "../streams/record_beginning.ts";

/** The id of the record with this index among all records, in the event with this number. */
export const recordIdOf = (event: number, index: number): string =>
  `${"4".repeat(32)}${digits(event)}${digits(index)}000000`;

const digits = (value: number) => String(value).padStart(12, "0");

const RECORD_ID = /^4{32}(\d{12})(\d{12})0{6}$/;

/** Characters of a record that are shown. */
const BEGINNING_LENGTH = 60;

/**
 * Findings about an event, with records in place of their ids.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const finding = { kind: "idMissing", count: 1, example: recordIdOf(7, 0) } as const;
 * const dataOf = () => new TextEncoder().encode('{"id":1}');
 * const [named] = withRecords([finding], { event: 7, dataOf });
 * assertEquals(named.example, 'record 1: {"id":1}');
 * ```
 */
export function withRecords(
  findings: readonly Finding[],
  { event, dataOf }: {
    readonly event: number;
    /** The data of the record with this index among all; it is called for records of this event. */
    readonly dataOf: (index: number) => Uint8Array;
  },
): Finding[] {
  return findings.map((finding) => {
    const found = RECORD_ID.exec(finding.example)?.slice(1).map(Number);
    if (!found) return finding;
    const [ofEvent, index] = found;
    const example = ofEvent === event
      ? `record ${index + 1}: ${beginningOf(dataOf(index), BEGINNING_LENGTH)}`
      : `that of record ${
        index + 1
      } in an earlier event. The function keeps data between invocations`;
    return { ...finding, example };
  });
}
