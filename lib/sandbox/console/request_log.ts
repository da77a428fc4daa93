/**
 * The last requests, with the reason of every refusal. The same call of the same thing that is accepted
 * again and again becomes one entry with a count: a thousand puts a second, or a program that waits for
 * a stream, would fill the list with themselves.
 * @module
 */

import type { Answered } from "../http/answered.ts";
import { resourceOf } from "../log_line.ts";
import { isObject } from "../values.ts";
import type { RequestView } from "./shapes.ts";

const ENTRIES_KEPT = 300;
/** A run that began longer ago gets a new entry. */
const RUN_MS = 5_000;
const TEXT_MAX = 1_000;

type Entry = { -readonly [Name in keyof RequestView]: RequestView[Name] } & { changed: number };

/** Takes every answer of the front door. */
export class RequestLog {
  #entries: Entry[] = [];
  /** The last entry of accepted calls, by operation and subject. */
  readonly #runs = new Map<string, Entry>();
  #nextId = 1;
  #version = 0;

  /** The version of the newest change: what comes later is {@linkcode since} it. */
  get version(): number {
    return this.#version;
  }

  readonly add = (answer: Answered): void => {
    const version = ++this.#version;
    const records = recordsOfPut(answer);
    const runKey = isAccepted(answer) ? runKeyOf(answer) : undefined;
    const run = runKey === undefined ? undefined : this.#runs.get(runKey);
    if (run && answer.atMs - run.atMs < RUN_MS) {
      run.count++;
      if (records !== undefined) run.records = (run.records ?? 0) + records;
      run.durationMs = answer.durationMs;
      run.requestId = answer.requestId;
      run.changed = version;
      return;
    }
    const entry = { ...this.#viewOf(answer, records), changed: version };
    this.#entries.push(entry);
    // In large steps, since every removal moves all others.
    if (this.#entries.length > 2 * ENTRIES_KEPT) this.#entries = this.#entries.slice(-ENTRIES_KEPT);
    if (runKey === undefined) return;
    if (this.#runs.size > ENTRIES_KEPT) this.#runs.clear();
    this.#runs.set(runKey, entry);
  };

  /** Entries that are new or changed since `version`, oldest first. */
  since(version: number): RequestView[] {
    return this.#entries.slice(-ENTRIES_KEPT).filter(({ changed }) => changed > version)
      .map(({ changed: _, ...view }) => view);
  }

  #viewOf(answer: Answered, records: number | undefined): RequestView {
    const { atMs, service = "", operation, method, path, status, durationMs, requestId, error } =
      answer;
    return {
      id: this.#nextId++,
      ...{ atMs, count: 1, records, service, status, durationMs, requestId },
      operation: operation ?? short(`${method} ${path}`),
      resource: short(resourceOf(answer)[0] ?? ""),
      errorCode: error?.code ?? failedPutCode(answer),
      reason: error ? short(error.message) : failedPutReason(answer),
    };
  }
}

const short = (text: string) => text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text;

const isAccepted = ({ operation, status, error, output }: Answered) =>
  operation !== undefined && status < 400 && !error && failedPuts(output) === 0;

const runKeyOf = (answer: Answered) =>
  `${answer.operation} ${answer.input?.DeliveryStreamName ?? resourceOf(answer)[0] ?? ""}`;

/** Records of a put; undefined for anything else. */
function recordsOfPut({ operation, input }: Answered): number | undefined {
  if (operation === "PutRecord") return 1;
  if (operation !== "PutRecordBatch") return undefined;
  return Array.isArray(input?.Records) ? input.Records.length : undefined;
}

const failedPuts = (output: unknown) =>
  isObject(output) && typeof output.FailedPutCount === "number" ? output.FailedPutCount : 0;

/** The answer is 200 though some of its records were refused. */
function failedPutReason({ output, input }: Answered): string | undefined {
  const failed = failedPuts(output);
  if (failed === 0) return undefined;
  const all = Array.isArray(input?.Records) ? input.Records.length : failed;
  return `${failed} of ${all} records were not accepted: send these again`;
}

function failedPutCode({ output }: Answered): string | undefined {
  if (failedPuts(output) === 0 || !isObject(output)) return undefined;
  const responses = Array.isArray(output.RequestResponses) ? output.RequestResponses : [];
  return responses.map((entry) => isObject(entry) ? entry.ErrorCode : undefined)
    .find((code) => typeof code === "string");
}
