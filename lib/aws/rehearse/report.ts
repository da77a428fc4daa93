/**
 * The screen of a rehearsal, and the same for machines.
 * @module
 */

import { RECORD_BYTES_MAX } from "../../../lambda/batches.ts";
import { RESPONSE_BYTES_MAX } from "../../../lambda/size.ts";
import { type Cure, cureLines } from "./cure.ts";
import { findingLines, logLines } from "./failure_text.ts";
import { endedProcess, usageLines } from "./invocation_report.ts";
import { hasFailed, isTimedOut, isTooLarge, outcomesOf } from "./attempts.ts";
import type { Rehearsed } from "./measure.ts";
import { partitionLines, refusedRecords } from "./partitions.ts";
import type { Attempt } from "./rehearsal.ts";
import type { Volume } from "./volume/volume.ts";
import { volumeLines } from "./volume/volume_report.ts";

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
export function countsOf({ outcomes }: Rehearsed): Counts {
  const having = (result: string) => outcomes.filter((outcome) => outcome.result === result).length;
  const codes = outcomes.flatMap((outcome) =>
    outcome.result === "ProcessingFailed" ? [outcome.error.errorCode] : []
  );
  const byCode = [...Map.groupBy(codes, (code) => code)].map(([code, all]) => [code, all.length]);
  return {
    records: outcomes.length,
    ok: having("Ok"),
    dropped: having("Dropped"),
    failed: codes.length,
    byCode: Object.fromEntries(byCode),
  };
}

/**
 * Whether every record would be delivered: answered Ok with the keys that a given prefix
 * names, or dropped and put to the stream again.
 */
export function isDelivered(rehearsed: Rehearsed): boolean {
  const { failed, dropped } = countsOf(rehearsed);
  const { partitions } = rehearsed;
  const refused = partitions?.isGiven ? refusedRecords(partitions) : 0;
  return failed === 0 && refused === 0 && dropped <= rehearsed.putBack;
}

/** Records that are Dropped, and were put nowhere that a stream delivers. */
export const lostRecords = (rehearsed: Rehearsed): number =>
  Math.max(0, countsOf(rehearsed).dropped - rehearsed.putBack);

/** Batches whose bars are shown; of more, those with the largest requests. */
const BATCHES_SHOWN = 8;
const BAR_WIDTH = 40;

/** What a report says besides the rehearsal itself. */
export interface ReportOptions {
  /** How often the stream tries a failed batch again. */
  readonly retries: number;
  readonly cure?: Cure;
  /** Records that were left out because a put refuses them; absent means 0. */
  readonly tooLargeToPut?: number;
  /** The same at a rate, if one was given. */
  readonly volume?: Volume;
}

/** The report as lines of text. */
export function reportText(
  rehearsed: Rehearsed,
  { retries, cure, volume, tooLargeToPut = 0 }: ReportOptions,
): string {
  return [
    batchLines(rehearsed),
    [...fateLines(rehearsed, retries), ...leftOutLines(tooLargeToPut)],
    ...failureParts(rehearsed),
    partitionLines(rehearsed.partitions),
    usageLines({ ...rehearsed, retries }),
    adviceLines({ ...rehearsed, cure }),
    volumeLines(volume),
  ].filter((lines) => lines.length > 0).map((lines) => lines.join("\n")).join("\n\n");
}

function batchLines({ batches, bufferMB, answerBytes }: Rehearsed): string[] {
  const shown = batches.toSorted((a, b) => b.requestBytes - a.requestBytes).slice(0, BATCHES_SHOWN);
  const rest = batches.length - shown.length;
  return [
    `Batches with BufferSizeInMBs ${bufferMB}: ${number(batches.length)}. A full bar is ` +
    `${number(RESPONSE_BYTES_MAX)} bytes, the most that a response may have.`,
    ...batches.filter((batch) => shown.includes(batch)).flatMap((batch) => [
      `  ${plural(batch.end - batch.start, "record")}`,
      `    request   ${bar(batch.requestBytes, "#")}  ${number(batch.requestBytes)} bytes`,
      `    response  ${responseText(batch, answerBytes)}`,
    ]),
    ...rest > 0 ? [`  … and ${number(rest)} others, none with a larger request`] : [],
  ];
}

/** One batch in a line, while others are under way. */
export function batchLine(attempt: Attempt): string {
  const { start, end, requestBytes } = attempt;
  return `${plural(end - start, "record")}, request ${number(requestBytes)} bytes, response ${
    responseText(attempt)
  }`;
}

/**
 * A response as a bar and in words. `answerBytes` are those of all records, once they are measured: they
 * say how large a refused response was.
 */
function responseText(attempt: Attempt, answerBytes?: readonly number[]): string {
  const { start, end, responseBytes } = attempt;
  if (responseBytes !== undefined) {
    return `${bar(responseBytes, "#")}  ${number(responseBytes)} bytes`;
  }
  const failed = isTooLarge(attempt)
    ? `413: larger than a response may be${measuredText(answerBytes?.slice(start, end) ?? [])}`
    : isTimedOut(attempt)
    ? "the function did not answer in time"
    : "the function failed";
  return `${bar(RESPONSE_BYTES_MAX, "x")}  ${failed}`;
}

function bar(bytes: number, letter: string): string {
  const share = Math.min(1, bytes / RESPONSE_BYTES_MAX);
  return letter.repeat(Math.max(1, Math.round(share * BAR_WIDTH))).padEnd(BAR_WIDTH, ".");
}

/** The measured size; nothing if a single answer was refused, because then it is not known. */
function measuredText(answers: readonly number[]): string {
  const bytes = answers.reduce((sum, answer) => sum + answer, 0);
  if (bytes === 0 || bytes === Infinity) return "";
  return `, about ${number(bytes)} bytes, ${(bytes / RESPONSE_BYTES_MAX).toFixed(1)} times as much`;
}

function fateLines(rehearsed: Rehearsed, retries: number): string[] {
  const { records, ok, dropped, failed, byCode } = countsOf(rehearsed);
  const failedBatches = rehearsed.batches.filter(hasFailed);
  const lost = lostRecords(rehearsed);
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
        (failedBatches.some(endedProcess)
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
  ];
}

function leftOutLines(count: number): string[] {
  if (count === 0) return [];
  return [
    `${plural(count, "record was", "records were")} left out: a put takes at most ${
      number(RECORD_BYTES_MAX)
    } bytes, so Firehose never accepts them.`,
  ];
}

/** Why: what the responses have wrong, and what the function's log says. */
function failureParts({ batches, failureLog, runtime }: Rehearsed): string[][] {
  const explained = failureLog === undefined ? [] : logLines(failureLog);
  return [
    findingLines(batches.flatMap(({ findings }) => findings), runtime),
    explained.length === 0 ? [] : ["The log of the function, explained:", ...indented(explained)],
  ];
}

const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`);

function adviceLines(
  { safe, cure, tried, bufferMB, failureLog, estimatedRecords, timeLimitMs }: Rehearsed & {
    readonly cure: Cure | undefined;
  },
): string[] {
  if (!safe) {
    return [
      "Which buffer is safe can't be said: the function fails for another reason than the size, or",
      "leaves records without an answer. Repair that first." +
      (failureLog === undefined ? "" : " Its log, from the first failure on:"),
      ...indented(firstLines(failureLog ?? "")),
    ];
  }
  switch (safe.kind) {
    case "tooLarge":
      return [
        `No buffer is safe: ${
          plural(safe.records, "record has", "records have")
        } an answer that is larger ` +
        "alone than a response may be.",
        ...cureLines(cure),
      ];
    case "none":
      return [
        "No buffer is safe for these records: even with 0.2 the largest response would have " +
        `${number(safe.largestResponseBytes)} bytes.`,
        ...cureLines(cure),
      ];
    case "tooSlow":
      return [
        `No buffer is safe: even with 0.2 an invocation takes about ${
          seconds(safe.longestMs)
        } here, of the ` +
        `${
          seconds(timeLimitMs)
        } that the function has. Give it more time (Firehose waits 5 minutes) or ` +
        "more memory, or make it faster.",
      ];
    case "safe":
      return [
        `Safe setting for these records: BufferSizeInMBs ${safe.megabytes}; the largest response of a full buffer ` +
        `then has ${number(safe.largestResponseBytes)} bytes.` +
        (safe.megabytes === bufferMB ? " It is the one in use." : ""),
        ...safe.limitedBy === "time"
          ? [
            `What limits it is time: a full buffer then takes about ${
              seconds(safe.longestMs)
            } here, of the ` +
            `${seconds(timeLimitMs)} that the function has; more memory makes it faster on AWS.`,
          ]
          : [],
        ...estimatedRecords > 0
          ? [
            `The function is slow, so the answers of ${
              number(estimatedRecords)
            } records were not measured: ` +
            "they are taken to be like the others.",
          ]
          : [],
        ...tried ? [triedLine(tried, safe.megabytes)] : [],
      ];
  }
}

function triedLine(tried: readonly Attempt[], megabytes: number): string {
  const failed = tried.filter(isTooLarge).length;
  const fates = tried.flatMap(outcomesOf).filter(({ result }) => result === "Ok").length;
  return failed === 0
    ? `Tried with ${megabytes}: ${plural(tried.length, "batch", "batches")}, none is too large; ${
      number(fates)
    } records are Ok.`
    : `Tried with ${megabytes}: ${
      number(failed)
    } batches are too large all the same. The answers ` +
      "differ from one call to the next, so leave more room.";
}

const seconds = (milliseconds: number) =>
  `${(milliseconds / 1000).toLocaleString("en", { maximumSignificantDigits: 2 })} s`;

const number = (value: number) => value.toLocaleString("en");

const plural = (value: number, one: string, many = `${one}s`) =>
  `${number(value)} ${value === 1 ? one : many}`;

/** Lines of a log that are shown, and characters of each. */
const LOG_LINES = 25;
const LOG_COLUMNS = 200;

function firstLines(log: string): string[] {
  const lines = log.split("\n").filter((line) => line.trim() !== "");
  const shown = lines.slice(0, LOG_LINES).map((line) => line.slice(0, LOG_COLUMNS));
  return lines.length > LOG_LINES ? [...shown, "…"] : shown;
}
