/**
 * The end of a rehearsal's report: which buffer is safe, and what to do next.
 * @module
 */

import { RESPONSE_BYTES_MAX } from "../../../lambda/size.ts";
import { fatesTogether } from "./answers.ts";
import { hasFailed, isTooLarge } from "./attempts.ts";
import { type Cure, cureLines } from "./cure.ts";
import type { Rehearsed } from "./measure.ts";
import type { Invocation } from "./rehearsal.ts";
import { filled, largestResponse, type SafeBuffer } from "./safe_buffer.ts";

/** What the advice depends on. */
type Advised = Rehearsed & {
  readonly cure: Cure | undefined;
  /** Whether every record would be delivered at this setting. */
  readonly isDelivered: boolean;
};

/** The advice as lines of text. */
export function adviceLines(advised: Advised): string[] {
  const { safe, cure, timeLimitMs } = advised;
  switch (safe?.kind) {
    case undefined:
      return withoutSafeBuffer(advised);
    case "tooLarge":
      return [
        `No buffer is safe: ${
          plural(safe.records, "record has", "records have")
        } an answer that is larger alone than a response may be.`,
        ...cureLines(cure),
        ...REHEARSE_AGAIN,
      ];
    case "none":
      return [
        "No buffer is safe for these records: even with BufferSizeInMBs 0.2, the smallest that Firehose " +
        `allows, the largest response would have ${number(safe.largestResponseBytes)} bytes.`,
        ...cureLines(cure),
        ...REHEARSE_AGAIN,
      ];
    case "tooSlow":
      return [
        `No buffer is safe: even with BufferSizeInMBs 0.2 an invocation takes about ${
          seconds(safe.longestMs)
        } on this machine, and the function has ${
          seconds(timeLimitMs)
        }. Give it more time (Firehose waits 5 minutes at most) or more memory, or make it faster.`,
      ];
    case "safe":
      return [...safeLines(safe, advised), ...triedLines(safe, advised)];
  }
}

const REHEARSE_AGAIN = ["", "Next: change the function, then rehearse it again."];

function withoutSafeBuffer({ batches, bufferMB, putBack, failureLog, isDelivered }: Advised) {
  if (putBack > 0 && !batches.some(hasFailed)) {
    const largest = batches.reduce((most, it) => Math.max(most, it.responseBytes ?? 0), 0);
    return [
      "The function itself keeps its responses small, because it puts records back. With BufferSizeInMBs " +
      `${bufferMB} the largest response has ${
        number(largest)
      } bytes. With a larger buffer, only more ` +
      "records would go back.",
      ...isDelivered ? DEPLOY_NEXT : REHEARSE_AGAIN,
    ];
  }
  return [
    "A safe buffer can't be found: the function fails for another reason than size, or does not answer " +
    "every record. Repair that first, then rehearse again." +
    (failureLog === undefined ? "" : " Its log, from the first failure on:"),
    ...firstLines(failureLog ?? "").map((line) => `  ${line}`),
  ];
}

type Safe = Extract<SafeBuffer, { readonly kind: "safe" }>;

function safeLines(safe: Safe, advised: Advised) {
  const { bufferMB, estimatedRecords, timeLimitMs } = advised;
  return [
    `Safe setting for these records: BufferSizeInMBs ${safe.megabytes}. The largest response to a full ` +
    `buffer then has ${number(safe.largestResponseBytes)} bytes.` +
    (safe.megabytes === bufferMB ? " This is the setting in use." : ""),
    ...safe.limitedBy === "time"
      ? [
        `Time is its limit: a full buffer takes about ${
          seconds(safe.longestMs)
        } on this machine, and the function has ${
          seconds(timeLimitMs)
        }. More memory makes it faster on AWS.`,
      ]
      : [],
    ...estimatedRecords > 0
      ? [
        `The function is slow, so the answers of ${
          number(estimatedRecords)
        } records were not measured. The report assumes that they are like the others.`,
      ]
      : [],
  ];
}

/** What came of the safe setting, and what to do next. */
function triedLines(safe: Safe, advised: Advised): string[] {
  const { tried, batchesAtSafe } = advised;
  if (!tried) return nextLines(safe, advised);
  const wrong = wrongAtSafe(tried, advised);
  return wrong === undefined
    ? [triedLine(tried, batchesAtSafe, safe), ...nextLines(safe, advised)]
    : [`Tried with ${safe.megabytes}: ${wrong}`, ...REHEARSE_AGAIN];
}

/** What the computed setting did not foresee; undefined if the tried batches are as foreseen. */
function wrongAtSafe(tried: readonly Invocation[], { alone }: Advised): string | undefined {
  const tooLarge = tried.filter(isTooLarge).length;
  if (tooLarge > 0) {
    return `${
      plural(tooLarge, "batch is", "batches are")
    } still too large. The answers differ from call to call, so choose a smaller buffer.`;
  }
  const { byCode } = fatesTogether(tried.map(({ counts }) => counts));
  const more = sumOfCounts(byCode) - failedAlone(tried, alone);
  if (more <= 0) return undefined;
  return `NOT SAFE. ${plural(more, "record")} failed that did not fail before (${
    [...byCode.keys()].join(", ")
  }). The function does not answer the same records in the same way each time: it may keep data between ` +
    "invocations.";
}

const sumOfCounts = (byCode: ReadonlyMap<string, number>) =>
  [...byCode.values()].reduce((sum, count) => sum + count, 0);

/** How many of the tried records fail in any batch. */
const failedAlone = (tried: readonly Invocation[], alone: Advised["alone"]) =>
  tried.reduce((count, { start, end }) => {
    for (let index = start; index < end; index++) {
      if (alone.fateAt(index) === "failed") count++;
    }
    return count;
  }, 0);

function triedLine(
  tried: readonly Invocation[],
  batches: number,
  { megabytes, limitedBy }: Safe,
): string {
  const { ok, dropped, byCode } = fatesTogether(tried.map(({ counts }) => counts));
  const failed = sumOfCounts(byCode);
  const others = ([[dropped, "Dropped"], [failed, "failed"]] as const)
    .flatMap(([count, name]) => count === 0 ? [] : [`, ${number(count)} ${name}`]);
  return `Tried with ${megabytes}: ${plural(tried.length, "batch", "batches")}${
    tried.length === batches
      ? ""
      : limitedBy === "time"
      ? ` (the first of ${number(batches)})`
      : ` (of ${number(batches)}, those with the largest answers)`
  }, none is too large. ${number(ok)} records are Ok${others.join("")}.`;
}

/** What to do, once a safe buffer is known. */
function nextLines(safe: Safe, advised: Advised): string[] {
  const { bufferMB, batches, cure, isDelivered } = advised;
  if (safe.megabytes >= bufferMB) return isDelivered ? DEPLOY_NEXT : [];
  const isRefused = batches.some(isTooLarge);
  return [
    ...isRefused ? [] : notSafeAsItIs(advised),
    "",
    `Next: set BufferSizeInMBs to ${safe.megabytes} (docs/broken_pipeline.md has the command). Better: change ` +
    "the function so that its response stays small, because other records may compress more than these.",
    ...cureLines(cure),
    "",
    "Then rehearse again.",
  ];
}

/** Too few records to fill a buffer fit, and say nothing about a full one. */
function notSafeAsItIs({ recordSizes, answerBytes = [], bufferMB }: Advised): string[] {
  const bytes = largestResponse(filled({ recordBytes: recordSizes, answerBytes }), bufferMB);
  if (bytes <= RESPONSE_BYTES_MAX) return [];
  return [
    `NOT SAFE with BufferSizeInMBs ${bufferMB}, although no response was too large here: these records do ` +
    `not fill a buffer. A full buffer of records like them makes a response of ${
      number(bytes)
    } bytes.`,
  ];
}

const DEPLOY_NEXT = [
  "",
  "Next: deploy this function, then send the failed records again. docs/broken_pipeline.md has the commands.",
];

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
