/**
 * How long an invocation takes by the bytes of its records, as a line through what was measured.
 * @module
 */

import type { Invocation } from "./rehearsal.ts";
import type { InvocationReport } from "./report_line.ts";

/** Milliseconds of an invocation: some for each, and some for each byte of the request. */
export interface InvocationTime {
  readonly baseMs: number;
  readonly msPerByte: number;
}

/** What counts of an invocation. */
export interface TimedInvocation extends Pick<Invocation, "requestBytes"> {
  readonly report: Pick<InvocationReport, "durationMs" | "initMs"> | undefined;
}

/**
 * The line of least squares through the invocations in running environments, neither of its numbers
 * negative; through all of them if there is none. Undefined without a REPORT line.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const warm = (durationMs: number) => ({ durationMs, initMs: undefined });
 * const invocations = [
 *   { requestBytes: 100, report: warm(20) },
 *   { requestBytes: 300, report: warm(40) },
 * ];
 * assertEquals(invocationTime(invocations), { baseMs: 10, msPerByte: 0.1 });
 * ```
 */
export function invocationTime(
  invocations: readonly TimedInvocation[],
): InvocationTime | undefined {
  const timed = invocations.flatMap(({ requestBytes, report }) =>
    report
      ? [{ bytes: requestBytes, ms: report.durationMs, isCold: report.initMs !== undefined }]
      : []
  );
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
