/**
 * Time and memory of invocations, from the REPORT lines that the platform writes, and what a million
 * records would cost at these sizes.
 * @module
 */

import { billedBytes, costOf, PRICES_OF, type Usage } from "../measure/cost.ts";
import { hasFailed } from "./attempts.ts";
import type { Attempt } from "./rehearsal.ts";

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

/**
 * Whether an invocation ended the function's process, so that the next one begins with a new one. Lambda
 * then starts it inside of that invocation: its time is in Duration, and no Init Duration is reported.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export const endedProcess = ({ log }: Pick<Attempt, "log">): boolean =>
  /Runtime\.ExitError|exited with|Task timed out|Status: timeout/.test(log);

/** Invocations by how they began, each one's duration in milliseconds. */
function startsOf(attempts: readonly Attempt[]) {
  const [cold, restarted, warm]: InvocationReport[][] = [[], [], []];
  for (const [index, attempt] of attempts.entries()) {
    const report = invocationReport(attempt.log);
    if (!report) continue;
    if (report.initMs !== undefined) cold.push(report);
    else if (index === 0 || endedProcess(attempts[index - 1])) restarted.push(report);
    else warm.push(report);
  }
  return { cold, restarted, warm };
}

/** Lines about time, memory and cost. `retries` is how often the stream tries a failed batch again. */
export function usageLines(
  { batches, attempts, recordSizes, retries }: {
    readonly batches: readonly Attempt[];
    /** Every invocation, in order. */
    readonly attempts: readonly Attempt[];
    readonly recordSizes: readonly number[];
    readonly retries: number;
  },
): string[] {
  const reports = attempts.flatMap(({ log }) => invocationReport(log) ?? []);
  if (reports.length === 0) return [];
  const { cold, restarted, warm } = startsOf(attempts);
  const failed = attempts.filter(hasFailed);
  const ended = failed.filter(endedProcess);
  return [
    `Invocations on this machine: ${
      number(attempts.length)
    }. Some measured smaller batches or tried another buffer. AWS's times are different.`,
    ...cold.length > 0
      ? [
        `  cold: ${durations(cold)}, after ${
          spread(cold.map(({ initMs = 0 }) => initMs))
        } to start`,
      ]
      : [],
    ...restarted.length > 0 ? [`  in a new process, with its start: ${durations(restarted)}`] : [],
    ...warm.length > 0 ? [`  warm: ${durations(warm)}`] : [],
    `  memory used: up to ${number(Math.max(...reports.map((it) => it.memoryUsedMB)))} of ` +
    `${number(reports[0].memorySizeMB)} MB`,
    ...failed.length > 0
      ? [
        `  failed: ${number(failed.length)}; ${
          ended.length === 0
            ? "the process went on each time"
            : `${
              ended.length === failed.length ? "each" : number(ended.length)
            } ended the process, and made the next invocation a cold start`
        }`,
      ]
      : [],
    costLine(usageOfMillion({ batches, recordSizes, retries })),
  ];
}

/** Milliseconds of several invocations. */
interface Durations {
  readonly count: number;
  readonly leastMs: number;
  readonly medianMs: number;
  readonly mostMs: number;
}

/** The same as {@linkcode usageLines} says, for machines; undefined if nothing was reported. */
export function invocationFigures(attempts: readonly Attempt[]) {
  const reports = attempts.flatMap(({ log }) => invocationReport(log) ?? []);
  if (reports.length === 0) return undefined;
  const { cold, restarted, warm } = startsOf(attempts);
  const failed = attempts.filter(hasFailed);
  return {
    count: attempts.length,
    cold: figuresOf(cold.map(({ durationMs }) => durationMs)),
    init: figuresOf(cold.map(({ initMs = 0 }) => initMs)),
    withNewProcess: figuresOf(restarted.map(({ durationMs }) => durationMs)),
    warm: figuresOf(warm.map(({ durationMs }) => durationMs)),
    memoryUsedMB: Math.max(...reports.map(({ memoryUsedMB }) => memoryUsedMB)),
    memorySizeMB: reports[0].memorySizeMB,
    failed: failed.length,
    coldStartsPerFailure: failed.length === 0
      ? 0
      : failed.filter(endedProcess).length / failed.length,
  };
}

function figuresOf(values: readonly number[]): Durations | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  return {
    count: sorted.length,
    leastMs: sorted[0],
    medianMs: sorted[Math.floor(sorted.length / 2)],
    mostMs: sorted[sorted.length - 1],
  };
}

/** What a million records like these would use, at these batches. A failed batch runs `retries` times more. */
export function usageOfMillion(
  { batches, recordSizes, retries }: {
    readonly batches: readonly Attempt[];
    readonly recordSizes: readonly number[];
    readonly retries: number;
  },
): Usage {
  const scale = 1_000_000 / recordSizes.length;
  const runs = batches.map((batch) => ({
    times: hasFailed(batch) ? retries + 1 : 1,
    report: invocationReport(batch.log),
  }));
  const sum = (of: (run: typeof runs[number]) => number) =>
    runs.reduce((total, run) => total + of(run), 0);
  return {
    lambdaInvocations: sum(({ times }) => times) * scale,
    lambdaGbSeconds: scale *
      sum(({ times, report }) =>
        report ? times * report.billedMs / 1000 * report.memorySizeMB / 1024 : 0
      ),
    firehoseBytes: billedBytes(recordSizes) * scale,
  };
}

function costLine(
  { lambdaInvocations = 0, lambdaGbSeconds = 0, firehoseBytes = 0 }: Usage,
): string {
  const lambda = costOf({ lambdaInvocations, lambdaGbSeconds });
  const firehose = costOf({ firehoseBytes });
  return `A million records like these: ${usd(lambda)} for Lambda (${
    number(Math.round(lambdaInvocations))
  } invocations, ${number(Math.round(lambdaGbSeconds))} GB-seconds) and ${usd(firehose)} for ` +
    `Firehose's intake, in us-east-1, prices of ${PRICES_OF}, without free tiers. S3 is not counted.`;
}

const durations = (reports: readonly InvocationReport[]) =>
  `${number(reports.length)}, ${spread(reports.map(({ durationMs }) => durationMs))}`;

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const [least, most] = [sorted[0], sorted[sorted.length - 1]];
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (Math.round(least) === Math.round(most)) return `${number(Math.round(least))} ms`;
  return `${number(Math.round(least))} to ${number(Math.round(most))} ms (median ${
    number(Math.round(middle))
  })`;
}

const usd = (value: number) => `${value.toLocaleString("en", { maximumSignificantDigits: 3 })} USD`;
const number = (value: number) => value.toLocaleString("en");
