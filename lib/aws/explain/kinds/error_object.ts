/**
 * Error objects: the records that Firehose writes under an error output prefix, summed by error code
 * while they are read.
 * @module
 */

import { base64Size, RESPONSE_BYTES_MAX } from "../../../../lambda/size.ts";
import type { FailedRecord } from "../../../sandbox/knowledge/failed_record.ts";
import { codeKnowledge, isInvalidOutput } from "../../../sandbox/knowledge/code_knowledge.ts";
import { guideText } from "../../../sandbox/knowledge/guide_texts.ts";
import { count, COURSE, type Explanation } from "../../../sandbox/knowledge/explanation.ts";
import { ContentCounts, lookInto } from "../../../sandbox/knowledge/raw_data.ts";
import { responseSize, type Runtime } from "../shared/runtimes.ts";

/** As long as Firehose's record ids: what each record takes in a response beside its data. */
const RECORD_ID = "0".repeat(62);
const MESSAGES_SHOWN = 3;
const ATTEMPTS_KEPT = 50_000;

/** Records with one code, summed. */
interface CodeSum {
  readonly errorCode: string;
  readonly firstMessage: string;
  readonly messages: Set<string>;
  records: number;
  bytes: number;
  contentBytes: number;
  attemptsLeast: number;
  attemptsMost: number;
  arrivedFirst: number;
  arrivedLast: number;
  /** When the last attempt ended; -Infinity if no line says so. */
  endedLast: number;
  /** The function, as the lines name it. */
  lambdaArn: string | undefined;
  /** By what the records hold. */
  readonly contents: ContentCounts;
  /** What one attempt would have answered whole, by the moment of its end. */
  readonly attempts: Map<number, { records: number; dataBytes: number }>;
  /** The largest of the attempts that were let go. */
  largest: { readonly records: number; readonly dataBytes: number } | undefined;
}

/** Sums the records of an error object as they come: it may have any size. */
export class ErrorObjectSums {
  readonly #sums = new Map<string, CodeSum>();

  get isEmpty(): boolean {
    return this.#sums.size === 0;
  }

  add(record: FailedRecord): void {
    const sum = this.#sumOf(record);
    const { content, gzips, bytes } = lookInto(record.data);
    const arrivedMs = record.arrived.getTime();
    if (sum.messages.size < MESSAGES_SHOWN) sum.messages.add(record.errorMessage);
    sum.records++;
    sum.bytes += record.data.length;
    sum.contentBytes += bytes;
    sum.attemptsLeast = Math.min(sum.attemptsLeast, record.attemptsMade);
    sum.attemptsMost = Math.max(sum.attemptsMost, record.attemptsMade);
    sum.arrivedFirst = Math.min(sum.arrivedFirst, arrivedMs);
    sum.arrivedLast = Math.max(sum.arrivedLast, arrivedMs);
    sum.contents.add({ content, gzips });
    const endedMs = Number(record.line.attemptEndingTimestamp);
    if (Number.isFinite(endedMs)) sum.endedLast = Math.max(sum.endedLast, endedMs);
    const lambdaArn = record.line.lambdaARN ?? record.line.lambdaArn; // AWS writes both
    if (typeof lambdaArn === "string") sum.lambdaArn ??= lambdaArn;
    addToAttempt(sum, endedMs, base64Size(bytes));
  }

  /** One explanation for each code and each of its messages. */
  explain(runtime: Runtime): Explanation[] {
    return [...this.#sums.values()].map((sum) => explainSum(sum, runtime));
  }

  #sumOf({ errorCode, errorMessage, attemptsMade }: FailedRecord): CodeSum {
    // Two quite different things have this code.
    const isInvalid = isInvalidOutput(errorMessage);
    const key = `${errorCode} ${isInvalid || errorCode.includes("Extraction") ? errorMessage : ""}`;
    const sum: CodeSum = this.#sums.get(key) ?? {
      errorCode,
      firstMessage: errorMessage,
      messages: new Set(),
      records: 0,
      bytes: 0,
      contentBytes: 0,
      attemptsLeast: attemptsMade,
      attemptsMost: attemptsMade,
      arrivedFirst: Infinity,
      arrivedLast: -Infinity,
      endedLast: -Infinity,
      lambdaArn: undefined,
      contents: new ContentCounts(errorCode),
      attempts: new Map(),
      largest: undefined,
    };
    this.#sums.set(key, sum);
    return sum;
  }
}

function addToAttempt(sum: CodeSum, endingMs: number, dataBytes: number): void {
  if (!Number.isFinite(endingMs)) return;
  const attempt = sum.attempts.get(endingMs) ?? { records: 0, dataBytes: 0 };
  sum.attempts.set(endingMs, attempt);
  attempt.records++;
  attempt.dataBytes += dataBytes;
  if (sum.attempts.size <= ATTEMPTS_KEPT) return;
  for (const [oldest, done] of sum.attempts) {
    sum.attempts.delete(oldest);
    if (!sum.largest || done.dataBytes > sum.largest.dataBytes) sum.largest = done;
    return;
  }
}

function explainSum(sum: CodeSum, runtime: Runtime): Explanation {
  const knowledge = codeKnowledge(sum.errorCode, sum.firstMessage);
  const isResult = sum.errorCode === "Lambda.FunctionError" &&
    !isInvalidOutput(sum.firstMessage);
  const suspicion = isResult ? suspicionOf(sum, runtime) : undefined;
  return {
    subject: `error output: ${count(sum.records, "record")} with ${sum.errorCode || "no code"}`,
    ...knowledge,
    happened: suspicion ? `${knowledge.happened} ${suspicion}` : knowledge.happened,
    numbers: [
      ...[...sum.messages].map((message) => `"${message || (guideText(sum.errorCode) ?? "")}"`),
      `after ${rangeText(sum.attemptsLeast, sum.attemptsMost, "attempt")}, arrived ${spanOf(sum)}`,
      `${inWords(sum.bytes)} bytes as sent, ${inWords(sum.contentBytes)} decompressed` +
      (sum.contentBytes > sum.bytes ? ` (${(sum.contentBytes / sum.bytes).toFixed(1)} : 1)` : ""),
      ...sum.contents.lines(),
    ],
    cure: sum.contents.areControlMessages
      ? "None needed: no data is lost. Let the function answer Dropped for control messages."
      : `${knowledge.cure ?? "Fix the cause."} Then redrive the records.`,
    next: sum.contents.areControlMessages ? [] : commandsFor(sum),
    course: knowledge.course ?? COURSE.redrive,
  };
}

/** The log is wanted only where the function itself failed. */
function commandsFor(sum: CodeSum): string[] {
  const isOfFunction = sum.errorCode.startsWith("Lambda.");
  return [
    ...isOfFunction ? [`${logCommand(sum)} | deno task explain -`] : [],
    ...isOfFunction ? ["deno task rehearse FUNCTION --records THIS-FILE"] : [],
    "deno task redrive s3://BUCKET/ERROR-PREFIX/ --stream NAME --dry-run",
  ];
}

/** How long after the last attempt the log is read, in milliseconds: its lines come a little later. */
const LOG_MARGIN_MS = 60_000;

function logCommand({ lambdaArn, arrivedFirst, endedLast }: CodeSum): string {
  // arn:aws:lambda:REGION:ACCOUNT:function:NAME:VERSION
  const [, , , region, , , name = "NAME"] = lambdaArn?.split(":") ?? [];
  return [
    `aws logs filter-log-events --log-group-name /aws/lambda/${name}`,
    ...arrivedFirst > 0 ? [`--start-time ${arrivedFirst}`] : [],
    ...endedLast > arrivedFirst ? [`--end-time ${endedLast + LOG_MARGIN_MS}`] : [],
    ...region ? [`--region ${region}`] : [],
  ].join(" ");
}

/** Whether one attempt's records, answered whole, are more than a response can hold. */
function suspicionOf(sum: CodeSum, runtime: Runtime): string | undefined {
  const all = [...sum.attempts.values(), ...(sum.largest ? [sum.largest] : [])];
  const sizes = all.map((attempt) => ({ ...attempt, size: wholeSize(attempt, runtime) }));
  const tooLarge = sizes.filter(({ size }) => size > RESPONSE_BYTES_MAX);
  if (tooLarge.length === 0) return undefined;
  const [largest] = tooLarge.toSorted((a, b) => b.size - a.size);
  const which = sizes.length === 1
    ? "the response of this batch"
    : `the largest response of ${inWords(tooLarge.length)} of these ${
      inWords(sizes.length)
    } batches`;
  return `It is probably 413. If the function answers with decompressed records, ${which} has about ${
    inWords(largest.size)
  } bytes for ${count(largest.records, "record")}. The limit is ${
    inWords(RESPONSE_BYTES_MAX)
  } bytes.`;
}

function wholeSize(
  { records, dataBytes }: { readonly records: number; readonly dataBytes: number },
  runtime: Runtime,
): number {
  const [one, two] = [1, 2].map((length) =>
    responseSize(Array.from({ length }, () => ({ recordId: RECORD_ID, dataBytes: 0 })), runtime)
  );
  return one + (records - 1) * (two - one) + dataBytes;
}

function spanOf({ arrivedFirst, arrivedLast }: CodeSum): string {
  const text = (ms: number) => new Date(ms).toISOString();
  if (arrivedFirst === arrivedLast) return `at ${text(arrivedFirst)}`;
  return `from ${text(arrivedFirst)} to ${text(arrivedLast)}`;
}

function rangeText(least: number, most: number, noun: string): string {
  return least === most ? count(least, noun) : `${inWords(least)} to ${count(most, noun)}`;
}

const inWords = (value: number) => value.toLocaleString("en");
