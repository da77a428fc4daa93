/**
 * How long an invocation takes by the bytes of its records, as a line through what was measured.
 * @module
 */

import { invocationReport } from "./invocation_report.ts";
import type { Attempt } from "./rehearsal.ts";

/** Milliseconds of an invocation: some for each, and some for each byte of the request. */
export interface InvocationTime {
  readonly baseMs: number;
  readonly msPerByte: number;
}

/** What counts of an attempt. */
export type TimedAttempt = Pick<Attempt, "requestBytes" | "log">;

/**
 * The line of least squares through the invocations in running environments, neither of its numbers
 * negative; through all of them if there is none. Undefined without a REPORT line.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const log = (ms: number) =>
 *   `REPORT RequestId: 1\tDuration: ${ms} ms\tBilled Duration: 1 ms\tMemory Size: 1 MB\tMax Memory Used: 1 MB`;
 * const attempts = [{ requestBytes: 100, log: log(20) }, { requestBytes: 300, log: log(40) }];
 * assertEquals(invocationTime(attempts), { baseMs: 10, msPerByte: 0.1 });
 * ```
 */
export function invocationTime(attempts: readonly TimedAttempt[]): InvocationTime | undefined {
  const timed = attempts.flatMap(({ requestBytes, log }) => {
    const report = invocationReport(log);
    return report
      ? [{ bytes: requestBytes, ms: report.durationMs, isCold: report.initMs !== undefined }]
      : [];
  });
  const warm = timed.filter(({ isCold }) => !isCold);
  const points = warm.length > 0 ? warm : timed;
  return points.length === 0 ? undefined : lineThrough(points);
}

/** Milliseconds of an invocation with so many bytes in its request. */
export const millisecondsOf = ({ baseMs, msPerByte }: InvocationTime, requestBytes: number) =>
  baseMs + msPerByte * requestBytes;

function lineThrough(
  points: readonly { readonly bytes: number; readonly ms: number }[],
): InvocationTime {
  const mean = (of: (point: typeof points[number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [meanBytes, meanMs] = [mean(({ bytes }) => bytes), mean(({ ms }) => ms)];
  const spread = mean(({ bytes }) => (bytes - meanBytes) ** 2);
  // All of one size: nothing says what a smaller one would take, so all time counts for the bytes.
  if (spread < (meanBytes / 100) ** 2) return { baseMs: 0, msPerByte: meanMs / meanBytes };
  const together = mean(({ bytes, ms }) => (bytes - meanBytes) * (ms - meanMs));
  const msPerByte = Math.max(0, together / spread);
  const baseMs = meanMs - msPerByte * meanBytes;
  return baseMs >= 0 ? { baseMs, msPerByte } : { baseMs: 0, msPerByte: meanMs / meanBytes };
}
