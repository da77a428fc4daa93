/**
 * The screen of a rehearsal, and the same for machines.
 * @module
 */

import { RESPONSE_BYTES_MAX } from "../../../lambda/size.ts";
import { assumptionAbout } from "../../sandbox/services/firehose/processing/response_judge.ts";
import { fatesOf, isTooLarge, type Rehearsed } from "./measure.ts";
import type { Attempt } from "./rehearsal.ts";

/** What is counted, for `--json` and for `--expect`. */
export interface Counts {
  readonly records: number;
  readonly ok: number;
  readonly dropped: number;
  readonly failed: number;
  /** Failed records by Firehose's error code. */
  readonly byCode: Readonly<Record<string, number>>;
}

/** The fates of all records, counted. */
export function countsOf({ fates }: Rehearsed): Counts {
  const having = (result: string) => fates.filter((fate) => fate.result === result).length;
  const codes = fates.flatMap((fate) =>
    fate.result === "ProcessingFailed" ? [fate.error.errorCode] : []
  );
  const byCode = [...Map.groupBy(codes, (code) => code)].map(([code, all]) => [code, all.length]);
  return {
    records: fates.length,
    ok: having("Ok"),
    dropped: having("Dropped"),
    failed: codes.length,
    byCode: Object.fromEntries(byCode),
  };
}

/** Whether every record would be delivered: answered Ok, or dropped and put to the stream again. */
export function isDelivered(rehearsed: Rehearsed): boolean {
  const { failed, dropped } = countsOf(rehearsed);
  return failed === 0 && dropped <= rehearsed.putBack;
}

/** Batches whose bars are shown; of more, the largest. */
const BATCHES_SHOWN = 12;
const BAR_WIDTH = 40;

/** The report as lines of text. `retries` is how often the stream tries a failed batch again. */
export function reportText(rehearsed: Rehearsed, retries: number): string {
  return [
    ...batchLines(rehearsed),
    "",
    ...fateLines(rehearsed, retries),
    "",
    ...adviceLines(rehearsed),
  ].join("\n");
}

function batchLines({ batches, bufferMB }: Rehearsed): string[] {
  const shown = batches.toSorted((a, b) => b.requestBytes - a.requestBytes).slice(0, BATCHES_SHOWN);
  const rest = batches.length - shown.length;
  return [
    `Batches with BufferSizeInMBs ${bufferMB}: ${number(batches.length)}. A response takes ` +
    `${number(RESPONSE_BYTES_MAX)} bytes, a full bar.`,
    ...batches.filter((batch) => shown.includes(batch)).map(batchLine),
    ...rest > 0 ? [`  … and ${number(rest)} smaller ones`] : [],
  ];
}

function batchLine(attempt: Attempt): string {
  const { start, end, requestBytes, responseBytes } = attempt;
  const failed = isTooLarge(attempt) ? "413: larger than a response may be" : "the function failed";
  const share = responseBytes === undefined ? 1 : Math.min(1, responseBytes / RESPONSE_BYTES_MAX);
  const bar = (responseBytes === undefined ? "x" : "#").repeat(
    Math.max(1, Math.round(share * BAR_WIDTH)),
  );
  const response = responseBytes === undefined ? failed : `${number(responseBytes)} bytes`;
  return `  ${number(end - start)} records, request ${number(requestBytes)} bytes  ` +
    `${bar.padEnd(BAR_WIDTH, ".")}  ${response}`;
}

function fateLines(rehearsed: Rehearsed, retries: number): string[] {
  const { records, ok, dropped, failed, byCode } = countsOf(rehearsed);
  const failedBatches = rehearsed.batches.filter(({ verdict }) => verdict.kind === "batchFailed");
  const lost = Math.max(0, dropped - rehearsed.putBack);
  const findings = rehearsed.batches.flatMap(({ findings }) => findings);
  return [
    `Records: ${number(records)}. Ok ${number(ok)}, Dropped ${number(dropped)}, failed ${
      number(failed)
    }.`,
    ...Object.entries(byCode).map(([code, count]) => `  ${code}: ${number(count)}`),
    ...failedBatches.length > 0
      ? [
        `Failed batches: ${
          number(failedBatches.length)
        }. Firehose tries each ${retries} times more, ` +
        `so ${number(failedBatches.length * (retries + 1))} invocations fail` +
        (coldStarts(failedBatches)
          ? ", and each of them ends the process: the next one is a cold start."
          : "."),
      ]
      : [],
    ...rehearsed.putBack > 0
      ? [`The function put ${number(rehearsed.putBack)} records to the stream again.`]
      : [],
    ...lost > 0
      ? [
        `${
          number(lost)
        } records would be LOST: they are Dropped, and the function has put them nowhere ` +
        "that a stream delivers.",
      ]
      : [],
    ...findings.flatMap(({ kind, count, example }) => {
      const assumption = assumptionAbout(kind);
      const text = `  ${kind}: ${number(count)}, first ${example}`;
      return assumption ? [`${text} (AWS is not known here: the sandbox ${assumption})`] : [text];
    }),
  ];
}

/** Whether a failure ended the process, as the Python, Java and Go runtimes do after a 413. */
const coldStarts = (failed: readonly Attempt[]) =>
  failed.some(({ log }) => /Runtime\.ExitError|exited with|exit status/.test(log));

function adviceLines({ safe, tried, bufferMB, batches }: Rehearsed): string[] {
  if (!safe) {
    const failed = batches.find(({ verdict }) => verdict.kind === "batchFailed") ?? batches[0];
    return [
      "Which buffer is safe can't be said: the function fails for another reason than the size, or",
      "leaves records without an answer. Repair that first. Its log ends with:",
      ...failed.log.trimEnd().split("\n").map((line) => `  ${line}`),
    ];
  }
  switch (safe.kind) {
    case "tooLarge":
      return [
        `No buffer is safe: ${
          number(safe.records)
        } records have an answer that is larger alone than a ` +
        "response may be. Answer with compressed data (one line: compress what you return), or answer " +
        "ProcessingFailed for such records. See notebooks/4_size_limit.ipynb, step 6.",
      ];
    case "none":
      return [
        "No buffer is safe for these records: even with 0.2 the largest response would have " +
        `${
          number(safe.largestResponseBytes)
        } bytes. Answer with compressed data, or put back what does ` +
        "not fit. See notebooks/4_size_limit.ipynb, step 6.",
      ];
    case "safe":
      return [
        `Safe setting for these records: BufferSizeInMBs ${safe.megabytes}; the largest response then has ` +
        `${number(safe.largestResponseBytes)} bytes.` +
        (safe.megabytes === bufferMB ? " It is the one in use." : ""),
        ...tried ? [triedLine(tried, safe.megabytes)] : [],
      ];
  }
}

function triedLine(tried: readonly Attempt[], megabytes: number): string {
  const failed = tried.filter(isTooLarge).length;
  const fates = tried.flatMap(fatesOf).filter(({ result }) => result === "Ok").length;
  return failed === 0
    ? `Tried with ${megabytes}: ${number(tried.length)} batches, none is too large; ${
      number(fates)
    } records are Ok.`
    : `Tried with ${megabytes}: ${
      number(failed)
    } batches are too large all the same. The answers ` +
      "differ from one call to the next, so leave more room.";
}

const number = (value: number) => value.toLocaleString("en");
