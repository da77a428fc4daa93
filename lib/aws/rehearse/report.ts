/**
 * The screen of a rehearsal, and the same for machines.
 * @module
 */

import { RECORD_BYTES_MAX } from "../../../lambda/batches.ts";
import { RESPONSE_BYTES_MAX } from "../../../lambda/size.ts";
import { adviceLines } from "./advice.ts";
import { fatesTogether } from "./answers.ts";
import type { Cure } from "./cure.ts";
import { findingLines, logLines } from "./failure_text.ts";
import { usageLines } from "./invocation_report.ts";
import { hasFailed, isTimedOut, isTooLarge } from "./attempts.ts";
import type { Rehearsed } from "./measure.ts";
import { logHints } from "./log_hints.ts";
import { contentLines, objectContent } from "./object_content.ts";
import { partitionLines, refusedRecords } from "./partitions.ts";
import { passesOf } from "./passes.ts";
import type { RecordExample } from "./record_notes.ts";
import { type RecordBytes, sumOf } from "./record_bytes.ts";
import type { Invocation } from "./rehearsal.ts";
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
export function countsOf({ batches }: Rehearsed): Counts {
  const { ok, dropped, byCode } = fatesTogether(batches.map(({ counts }) => counts));
  return {
    records: batches.reduce((sum, { start, end }) => sum + end - start, 0),
    ok,
    dropped,
    failed: [...byCode.values()].reduce((sum, count) => sum + count, 0),
    byCode: Object.fromEntries(byCode),
  };
}

/**
 * Whether every record would be delivered: answered Ok with the keys that a given prefix
 * names, or dropped and put to the stream again. `lostMax` is how many may be dropped for good: heartbeats,
 * for example.
 */
export function isDelivered(rehearsed: Rehearsed, lostMax = 0): boolean {
  const { failed } = countsOf(rehearsed);
  const { partitions } = rehearsed;
  const refused = partitions?.isGiven ? refusedRecords(partitions) : 0;
  return failed === 0 && refused === 0 && lostRecords(rehearsed) <= lostMax;
}

/**
 * Records that are Dropped, or Ok without their data, and were put nowhere that a stream delivers.
 * Control messages of CloudWatch Logs are not among them: they hold no data.
 */
export function lostRecords(rehearsed: Rehearsed): number {
  const { dropped } = countsOf(rehearsed);
  const { emptied, droppedControlMessages } = rehearsed.notes;
  return Math.max(0, dropped + emptied - droppedControlMessages - rehearsed.putBack);
}

/** Batches whose bars are shown; of more, those with the largest requests. */
const BATCHES_SHOWN = 8;
const BAR_WIDTH = 40;

/** What a report says besides the rehearsal itself. */
export interface ReportOptions {
  /** How often the stream tries a failed batch again. */
  readonly retries: number;
  readonly cure?: Cure;
  /** How many records may be Dropped for good; absent means 0. */
  readonly lostMax?: number;
  /** Records that were left out because a put refuses them; absent means 0. */
  readonly tooLargeToPut?: number;
  /** The same at a rate, if one was given. */
  readonly volume?: Volume;
  /** Whether the stream writes a delimiter between records, or converts them; absent means no. */
  readonly separatesRecords?: boolean;
}

/** The report as lines of text. */
export function reportText(
  rehearsed: Rehearsed,
  { retries, cure, volume, separatesRecords, tooLargeToPut = 0, lostMax = 0 }: ReportOptions,
): string {
  return [
    batchLines(rehearsed),
    [...fateLines(rehearsed, { retries, lostMax }), ...leftOutLines(tooLargeToPut)],
    ...failureParts(rehearsed),
    partitionLines(rehearsed.partitions, rehearsed.partitionQuota),
    contentLines(objectContent(rehearsed.samples), { separatesRecords }),
    usageLines({ ...rehearsed, retries }),
    adviceLines({ ...rehearsed, cure, isDelivered: isDelivered(rehearsed, lostMax) }),
    volumeLines(volume),
  ].filter((lines) => lines.length > 0).map((lines) => lines.join("\n")).join("\n\n");
}

function batchLines({ batches, bufferMB, answerBytes }: Rehearsed): string[] {
  const shown = batches.toSorted((a, b) => b.requestBytes - a.requestBytes).slice(0, BATCHES_SHOWN);
  const rest = batches.length - shown.length;
  return [
    `Batches with BufferSizeInMBs ${bufferMB}: ${number(batches.length)}. A full bar is ` +
    `${number(RESPONSE_BYTES_MAX)} bytes, the limit of a response.`,
    "A request is a third larger than the records in it, because they travel as base64.",
    ...batches.filter((batch) => shown.includes(batch)).flatMap((batch) => [
      `  ${plural(batch.end - batch.start, "record")}`,
      `    request   ${bar(batch.requestBytes, "#")}  ${number(batch.requestBytes)} bytes`,
      `    response  ${responseText(batch, answerBytes)}`,
    ]),
    ...rest > 0 ? [`  … and ${number(rest)} others, none with a larger request`] : [],
  ];
}

/** One batch in a line, while others are under way. */
export function batchLine(batch: Invocation): string {
  const { start, end, requestBytes } = batch;
  return `${plural(end - start, "record")}, request ${number(requestBytes)} bytes, response ${
    responseText(batch)
  }`;
}

/**
 * A response as a bar and in words. `answerBytes` are those of all records, once they are measured: they
 * say how large a refused response was.
 */
function responseText(batch: Invocation, answerBytes: RecordBytes = []): string {
  const { start, end, responseBytes } = batch;
  if (responseBytes !== undefined) {
    return `${bar(responseBytes, "#")}  ${number(responseBytes)} bytes`;
  }
  const failed = isTooLarge(batch)
    ? `413: too large${measuredText(sumOf(answerBytes, start, end))}`
    : isTimedOut(batch)
    ? "the function did not answer in time"
    : "the function failed";
  return `${bar(RESPONSE_BYTES_MAX, "x")}  ${failed}`;
}

function bar(bytes: number, letter: string): string {
  const share = Math.min(1, bytes / RESPONSE_BYTES_MAX);
  return letter.repeat(Math.max(1, Math.round(share * BAR_WIDTH))).padEnd(BAR_WIDTH, ".");
}

/** The measured size; nothing if a single answer was refused, because then it is not known. */
function measuredText(bytes: number): string {
  if (bytes === 0 || !Number.isFinite(bytes)) return "";
  return `, about ${number(bytes)} bytes, ${
    (bytes / RESPONSE_BYTES_MAX).toFixed(1)
  } times the limit`;
}

function fateLines(
  rehearsed: Rehearsed,
  { retries, lostMax }: { readonly retries: number; readonly lostMax: number },
): string[] {
  const { records, ok, dropped, failed, byCode } = countsOf(rehearsed);
  return [
    `Records: ${number(records)}. Ok ${number(ok)}, Dropped ${number(dropped)}, failed ${
      number(failed)
    }.`,
    ...Object.entries(byCode).map(([code, count]) =>
      `  ${code}: ${number(count)}${firstText(rehearsed.notes.firstFailed.get(code))}`
    ),
    ...notSentLines(rehearsed),
    ...failedBatchLines(rehearsed.batches.filter(hasFailed), retries),
    ...putBackLines(rehearsed),
    ...droppedLines(rehearsed, lostMax),
  ];
}

function notSentLines({ recordsNotSent, batches }: Rehearsed): string[] {
  if (recordsNotSent === 0) return [];
  return [
    `${
      plural(recordsNotSent, "more record was", "more records were")
    } not sent: none of the first ` +
    `${batches.length} batches was answered in time.`,
  ];
}

const firstText = (example: RecordExample | undefined) =>
  example === undefined
    ? ""
    : `. The first is record ${number(example.number)}: ${example.beginning}`;

function failedBatchLines(failed: readonly Invocation[], retries: number): string[] {
  if (failed.length === 0) return [];
  const ended = failed.some(({ endedProcess }) => endedProcess)
    ? " Each of them ends the process, so that the next one is a cold start."
    : "";
  return [
    `Failed batches: ${number(failed.length)}. Firehose tries each ${retries} more times: ${
      number(failed.length * (retries + 1))
    } invocations fail.${ended}`,
  ];
}

/** What a function puts back goes through it again, until it fits. */
function putBackLines(rehearsed: Rehearsed): string[] {
  const { putBack } = rehearsed;
  if (putBack === 0) return [];
  return [
    `The function put ${plural(putBack, "record")} back into the stream. ${passesText(rehearsed)}`,
  ];
}

function passesText(rehearsed: Rehearsed): string {
  const passes = passesOf(rehearsed);
  switch (passes.kind) {
    case "known":
      return `If the next batches are like these, each record is put ${
        passes.times.toFixed(1)
      } times on average until it is delivered, and Firehose's intake and Lambda cost ${
        passes.times.toFixed(1)
      } times as much as below.`;
    case "divided":
      return "These are more than it Dropped: it divides records, or adds some. How often such a record " +
        "goes through the stream is not known here. To see it, rehearse the parts as records.";
    case "none delivered":
      return "None of the records was delivered, so they may go round without end, and each round costs " +
        "as much as below.";
  }
}

function droppedLines(rehearsed: Rehearsed, lostMax: number): string[] {
  const { droppedControlMessages, firstDropped, emptied } = rehearsed.notes;
  const lost = lostRecords(rehearsed);
  const how = emptied === 0
    ? "Dropped"
    : lost <= emptied
    ? "Ok with empty data"
    : `Dropped, or Ok with empty data (${number(emptied)})`;
  return [
    ...droppedControlMessages > 0
      ? [
        `Correctly Dropped: ${
          plural(droppedControlMessages, "control message")
        } of CloudWatch Logs. They hold no data.`,
      ]
      : [],
    ...lost === 0 ? [] : lost <= lostMax
      ? [
        `${plural(lost, "record")} answered ${how} and not put back, as --expect allows${
          firstText(firstDropped)
        }`,
      ]
      : lostLines(lost, how, firstDropped),
  ];
}

function lostLines(lost: number, how: string, first: RecordExample | undefined): string[] {
  return [
    `${
      plural(lost, "record")
    } would be LOST: the function answered ${how}, and did not put them back into ` +
    `the stream${firstText(first)}`,
    `  If you want this, add --expect lost=${lost}. If not, answer ProcessingFailed: then they go to the ` +
    "error output.",
  ];
}

function leftOutLines(count: number): string[] {
  if (count === 0) return [];
  return [
    `${plural(count, "record was", "records were")} left out: a put takes at most ${
      number(RECORD_BYTES_MAX)
    } bytes, so Firehose never accepts ${count === 1 ? "it" : "them"}.`,
  ];
}

/** Why: what the responses have wrong, and what the function's log says. */
function failureParts(rehearsed: Rehearsed): string[][] {
  const { failureLog, runtime, notes } = rehearsed;
  const explained = failureLog === undefined ? [] : logLines(failureLog);
  return [
    responseLines(rehearsed, runtime),
    explained.length === 0 ? [] : ["The log of the function, explained:", ...indented(explained)],
    explained.length === 0 || notes.failedContents.length === 0
      ? []
      : ["The records of the first failed batch:", ...indented(notes.failedContents)],
    logHints(failureLog ?? ""),
    failureLog !== undefined && !notes.areGzip && WANTS_GZIP.test(failureLog)
      ? ["The function expects gzip, but the records are not compressed: add --gzip-each."]
      : [],
  ];
}

/** What is wrong with the responses. Nobody sees a response that is too large, but its halves are seen. */
function responseLines({ batches, invocations }: Rehearsed, runtime: string): string[] {
  const ofBatches = batches.flatMap(({ findings }) => findings);
  if (ofBatches.length > 0) return findingLines(ofBatches, runtime);
  const ofHalves = invocations.flatMap(({ findings }) => findings);
  return findingLines(ofHalves, runtime, "The responses of smaller batches, sent to measure:");
}

/** What Python, Node, Go and Java say of bytes that are not gzip. */
const WANTS_GZIP =
  /not a gzipped file|incorrect header check|gzip: invalid header|not in gzip format/i;

const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`);

const number = (value: number) => value.toLocaleString("en");

const plural = (value: number, one: string, many = `${one}s`) =>
  `${number(value)} ${value === 1 ? one : many}`;
