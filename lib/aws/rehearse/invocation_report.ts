/**
 * Time and memory of invocations, from their REPORT lines, and what a million records would cost at these
 * sizes.
 * @module
 */

import { BATCH_RECORDS_MAX } from "../../sandbox/services/firehose/processing/invoke_transform.ts";
import { billedBytes, costOf, PRICES_OF, type Usage } from "../measure/cost.ts";
import { type Architecture, DURATION_METERS } from "./architecture.ts";
import { hasFailed } from "./attempts.ts";
import { MIB } from "./batches.ts";
import { type RecordBytes, sumOf } from "./record_bytes.ts";
import type { Invocation } from "./rehearsal.ts";
import type { InvocationReport } from "./report_line.ts";

/** Invocations by how they began, each one's duration in milliseconds. */
function startsOf(invocations: readonly Invocation[]) {
  const [cold, restarted, warm]: InvocationReport[][] = [[], [], []];
  for (const [index, invocation] of invocations.entries()) {
    const { report } = invocation;
    if (!report) continue;
    if (report.initMs !== undefined) cold.push(report);
    else if (index === 0 || invocations[index - 1].endedProcess) restarted.push(report);
    else warm.push(report);
  }
  return { cold, restarted, warm };
}

/** Lines about time, memory and cost. `retries` is how often the stream tries a failed batch again. */
export function usageLines(
  { batches, invocations, recordSizes, retries, bufferMB, architecture }: {
    readonly batches: readonly Invocation[];
    /** Every invocation, in order. */
    readonly invocations: readonly Invocation[];
    readonly recordSizes: RecordBytes;
    readonly retries: number;
    readonly bufferMB: number;
    readonly architecture: Architecture;
  },
): string[] {
  const reports = invocations.flatMap(({ report }) => report ?? []);
  if (reports.length === 0) return [];
  const { cold, restarted, warm } = startsOf(invocations);
  const failed = invocations.filter(hasFailed);
  const ended = failed.filter(({ endedProcess }) => endedProcess);
  return [
    `Invocations on this machine: ${
      number(invocations.length)
    }. Some measured smaller batches or tried another buffer. AWS's times are different.`,
    ...cold.length > 0
      ? [
        `  cold: ${durations(cold)}, after a start of ${
          spread(cold.map(({ initMs = 0 }) => initMs))
        }`,
      ]
      : [],
    ...restarted.length > 0 ? [`  in a new process, with its start: ${durations(restarted)}`] : [],
    ...warm.length > 0 ? [`  warm: ${durations(warm)}`] : [],
    memoryLine(reports),
    ...failed.length > 0
      ? [
        `  failed: ${number(failed.length)}; ${
          ended.length === 0
            ? "the process went on"
            : `${
              ended.length === failed.length
                ? "the process ended"
                : `the process of ${number(ended.length)} ended`
            }, so the next invocation was a cold start`
        }`,
      ]
      : [],
    costLine(usageOfMillion({ batches, recordSizes, retries, architecture })) +
    (isFull(recordSizes, bufferMB)
      ? ""
      : ` These ${
        number(recordSizes.length)
      } records do not fill a buffer. With full ones there are fewer ` +
        "invocations, and Lambda costs less."),
  ];
}

/** Whether the records fill a buffer, or nearly. */
function isFull(recordSizes: RecordBytes, bufferMB: number): boolean {
  const bytes = sumOf(recordSizes, 0, recordSizes.length);
  return bytes >= 0.9 * bufferMB * MIB || recordSizes.length >= BATCH_RECORDS_MAX;
}

/** Milliseconds of several invocations. */
interface Durations {
  readonly count: number;
  readonly leastMs: number;
  readonly medianMs: number;
  readonly mostMs: number;
}

/** The same as {@linkcode usageLines} says, for machines; undefined if nothing was reported. */
export function invocationFigures(invocations: readonly Invocation[]) {
  const reports = invocations.flatMap(({ report }) => report ?? []);
  if (reports.length === 0) return undefined;
  const { cold, restarted, warm } = startsOf(invocations);
  const failed = invocations.filter(hasFailed);
  return {
    count: invocations.length,
    cold: figuresOf(cold.map(({ durationMs }) => durationMs)),
    init: figuresOf(cold.map(({ initMs = 0 }) => initMs)),
    withNewProcess: figuresOf(restarted.map(({ durationMs }) => durationMs)),
    warm: figuresOf(warm.map(({ durationMs }) => durationMs)),
    memoryUsedMB: memoryUsed(reports) || null,
    memorySizeMB: reports[0].memorySizeMB,
    failed: failed.length,
    coldStartsPerFailure: failed.length === 0
      ? 0
      : failed.filter(({ endedProcess }) => endedProcess).length / failed.length,
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
  { batches, recordSizes, retries, architecture }: {
    readonly batches: readonly Invocation[];
    readonly recordSizes: RecordBytes;
    readonly retries: number;
    readonly architecture: Architecture;
  },
): Usage {
  const scale = 1_000_000 / recordSizes.length;
  const runs = batches.map((batch) => ({
    times: hasFailed(batch) ? retries + 1 : 1,
    report: batch.report,
    logBytes: batch.logBytes,
  }));
  const sum = (of: (run: typeof runs[number]) => number) =>
    runs.reduce((total, run) => total + of(run), 0);
  return {
    lambdaInvocations: sum(({ times }) => times) * scale,
    [DURATION_METERS[architecture]]: scale *
      sum(({ times, report }) =>
        report ? times * report.billedMs / 1000 * report.memorySizeMB / 1024 : 0
      ),
    logBytes: sum(({ times, logBytes }) => times * logBytes) * scale,
    firehoseBytes: billedBytes(recordSizes) * scale,
  };
}

function costLine(
  {
    lambdaInvocations = 0,
    lambdaGbSeconds = 0,
    lambdaArmGbSeconds = 0,
    logBytes = 0,
    firehoseBytes = 0,
  }: Usage,
): string {
  const lambda = costOf({ lambdaInvocations, lambdaGbSeconds, lambdaArmGbSeconds });
  const log = costOf({ logBytes });
  const firehose = costOf({ firehoseBytes });
  return `A million records like these: ${usd(lambda)} for Lambda (${
    number(Math.round(lambdaInvocations))
  } invocations, ${number(Math.round(lambdaGbSeconds + lambdaArmGbSeconds))} GB-seconds${
    lambdaArmGbSeconds > 0 ? " on arm64" : ""
  }), ${usd(log)} for its log and ${usd(firehose)} for ` +
    `Firehose's intake, in us-east-1, prices of ${PRICES_OF}, without free tiers. S3 is not counted.`;
}

/** A process that ends at once may be gone before its memory is looked at. */
function memoryLine(reports: readonly InvocationReport[]): string {
  const used = memoryUsed(reports);
  const size = number(reports[0].memorySizeMB);
  return used === 0
    ? `  memory used: not known, the process ended too soon; it has ${size} MB`
    : `  memory used: up to ${number(used)} of ${size} MB`;
}

const memoryUsed = (reports: readonly InvocationReport[]) =>
  reports.reduce((most, { memoryUsedMB }) => Math.max(most, memoryUsedMB), 0);

const durations = (reports: readonly InvocationReport[]) =>
  `${number(reports.length)} ${reports.length === 1 ? "invocation" : "invocations"}, ${
    spread(reports.map(({ durationMs }) => durationMs))
  }`;

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
