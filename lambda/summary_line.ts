/**
 * The line with which the function sums up a batch in its log: written by the function, read by the
 * notebooks. Both are here, so that they agree.
 * @module
 */

/** What became of a batch. */
export interface BatchSummary {
  readonly streamName: string;
  readonly records: number;
  readonly ok: number;
  /** Dropped, and accepted by the stream again. */
  readonly putBack: number;
  /** Calls of PutRecordBatch in which they were put. */
  readonly inCalls: number;
  /** Dropped, because an Ok record carries their lines. */
  readonly merged: number;
  /** Dropped, and written to S3 by the function. */
  readonly written: number;
  readonly responseBytes: number;
}

/**
 * The line. Parts that are zero are left out.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const summary = {
 *   streamName: "s",
 *   records: 8,
 *   ok: 3,
 *   putBack: 4,
 *   inCalls: 1,
 *   merged: 0,
 *   written: 0,
 *   responseBytes: 900,
 * };
 * assertEquals(readSummaryLine(summaryLine(summary)), summary);
 * ```
 */
export function summaryLine(
  { streamName, records, ok, putBack, inCalls, merged, written, responseBytes }: BatchSummary,
): string {
  return [
    `${ok} of ${records} records of ${streamName} are Ok`,
    ...(putBack > 0 ? [`${putBack} are Dropped and put back in ${inCalls} calls`] : []),
    ...(merged > 0 ? [`${merged} are Dropped and merged into those`] : []),
    ...(written > 0 ? [`${written} are Dropped and written to S3`] : []),
    `the response takes ${responseBytes} bytes`,
  ].join("; ");
}

const LINE = new RegExp(
  [
    /(\d+) of (\d+) records of (\S+) are Ok/,
    /(?:; (\d+) are Dropped and put (?:back|again) in (\d+) calls)?/,
    /(?:; (\d+) are Dropped and merged into those)?/,
    /(?:; (\d+) are Dropped and written to S3)?/,
    /; the response takes (\d+) bytes/,
  ].map(({ source }) => source).join(""),
);

/**
 * The summary in a line of the function's log; undefined if the line has none. Transforms until
 * 2026-11-30 wrote "put again".
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const old = "3 of 8 records of s are Ok; 4 are Dropped and put again in 1 calls; the response takes 9 bytes";
 * assertEquals(readSummaryLine(old)?.putBack, 4);
 * ```
 */
export function readSummaryLine(line: string): BatchSummary | undefined {
  const match = LINE.exec(line);
  if (!match) return undefined;
  const [ok, records, , putBack, inCalls, merged, written, responseBytes] = match.slice(1)
    .map((digits) => Number(digits ?? 0));
  const [, , , streamName] = match;
  return { streamName, records, ok, putBack, inCalls, merged, written, responseBytes };
}
