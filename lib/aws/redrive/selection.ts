/**
 * Chooses failed records by error code and time of arrival.
 * @module
 */

import type { ErrorObject } from "../streams/error_objects.ts";
import type { FailedRecord } from "../../sandbox/knowledge/failed_record.ts";

/** Which failed records are chosen. */
export interface Selection {
  /** Codes such as `Lambda.FunctionError`; none means all. */
  readonly errorCodes: readonly string[];
  /** The earliest arrival, in milliseconds since 1970; absent means any. */
  readonly sinceMs?: number;
}

/** Whether a failed record is chosen. */
export function isSelected(record: FailedRecord, { errorCodes, sinceMs }: Selection): boolean {
  if (errorCodes.length > 0 && !errorCodes.includes(record.errorCode)) return false;
  return sinceMs === undefined || record.arrived.getTime() >= sinceMs;
}

/** False if the object was written before any chosen record arrived. */
export function mayHoldSelected({ lastModified }: ErrorObject, { sinceMs }: Selection): boolean {
  // S3's times are whole seconds.
  return sinceMs === undefined || lastModified.getTime() + 1_000 >= sinceMs;
}

const UNIT_MS = new Map([["m", 60_000], ["h", 3_600_000], ["d", 86_400_000]]);

/**
 * The moment meant by `90m`, `2h` or `3d` (ago), or by a date or time in ISO 8601, in milliseconds
 * since 1970. A time without an offset is UTC. Throws a `TypeError` for anything else.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const nowMs = Date.UTC(2026, 10, 24, 12);
 * assertEquals(parseSince("2h", nowMs), Date.UTC(2026, 10, 24, 10));
 * assertEquals(parseSince("2026-11-24", nowMs), Date.UTC(2026, 10, 24));
 * ```
 */
export function parseSince(text: string, nowMs: number): number {
  const [, count, unit] = /^(\d+)([mhd])$/.exec(text) ?? [];
  const unitMs = UNIT_MS.get(unit);
  if (unitMs !== undefined) return nowMs - Number(count) * unitMs;
  const form = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/i.exec(text);
  const hasOffset = form?.[1] === undefined || form[4] !== undefined;
  const momentMs = form ? Date.parse(hasOffset ? text : `${text}Z`) : NaN;
  if (Number.isNaN(momentMs)) {
    throw new TypeError(
      `"${text}" is not a moment: write 90m, 2h, 3d, 2026-11-24 or 2026-11-24T10:00Z`,
    );
  }
  return momentMs;
}
