/**
 * The REPORT line that Lambda writes at the end of each invocation.
 * @module
 */

/** One REPORT line. */
export interface InvocationReport {
  readonly durationMs: number;
  readonly billedMs: number;
  /** How long the runtime took to start; undefined for an invocation in a running environment. */
  readonly initMs: number | undefined;
  readonly memorySizeMB: number;
  readonly memoryUsedMB: number;
}

const REPORT =
  /^REPORT RequestId: \S+\s+Duration: ([\d.]+) ms\s+Billed Duration: (\d+) ms\s+Memory Size: (\d+) MB\s+Max Memory Used: (\d+) MB(?:\s+Init Duration: ([\d.]+) ms)?/m;

/**
 * The first REPORT line of a log; undefined if there is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const line = "REPORT RequestId: 1\tDuration: 3.01 ms\tBilled Duration: 4 ms\tMemory Size: 512 MB\t" +
 *   "Max Memory Used: 60 MB\t";
 * assertEquals(invocationReport(line)?.durationMs, 3.01);
 * assertEquals(invocationReport(line)?.initMs, undefined);
 * ```
 */
export function invocationReport(log: string): InvocationReport | undefined {
  const found = REPORT.exec(log);
  if (!found) return undefined;
  const [, durationMs, billedMs, memorySizeMB, memoryUsedMB] = found.map(Number);
  const initMs = found[5] === undefined ? undefined : Number(found[5]);
  return { durationMs, billedMs, initMs, memorySizeMB, memoryUsedMB };
}
