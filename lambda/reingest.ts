/**
 * Puts records back to the delivery stream, and says which it did not accept. After the transform,
 * before the response: only a record that is back in the stream may be answered as `Dropped`.
 *
 * If a put gets no answer, its records count as not accepted, although they may be in the stream.
 * Then they are delivered twice, but never lost.
 * @module
 */

import type { Buffer } from "node:buffer";
import { batchesOf } from "./batches.ts";
import type { Failure, ReingestRecord } from "./transform.ts";

/** How often one record is sent. With these pauses that takes half a minute at most. */
const ATTEMPTS_MAX = 8;
const PAUSE_FIRST_MS = 200;
const PAUSE_MAX_MS = 5_000;
/** Time kept for the response and the log. */
const RESERVE_MS = 3_000;

/** The result of one entry of a call: undefined if it was accepted, else AWS's error code. */
export type EntryError = string | undefined;

/** What {@linkcode reingest} needs. */
export interface ReingestParts {
  /**
   * PutRecordBatch to the delivery stream, tried once. Gives one result for each record, in order.
   * Rejects if the call as a whole failed, and when the signal aborts.
   */
  readonly putRecordBatch: (
    records: readonly Buffer[],
    signal: AbortSignal,
  ) => Promise<readonly EntryError[]>;
  readonly pause: (ms: number) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Milliseconds until Lambda ends the function. */
  readonly remainingMs: () => number;
}

/** The result of putting records again. */
export interface Reingested {
  readonly accepted: number;
  readonly calls: number;
  readonly failures: readonly Failure[];
  /** AWS's errors of calls that failed, each text once. They name no data, so they can be logged. */
  readonly errors: readonly string[];
}

/** Error texts that are kept. Each call may have its own. */
const ERRORS_MAX = 5;

/**
 * Sends the records. Those that fail for a reason that may pass are sent again after a pause. The
 * pause grows and is random, so that functions do not all come back at once. Ends before the
 * function's time does. Never rejects: a record that is not accepted is a failure with its reason.
 */
export async function reingest(
  records: readonly ReingestRecord[],
  parts: ReingestParts,
): Promise<Reingested> {
  const failures: Failure[] = [];
  const errors = new Set<string>();
  const noteError = (error: unknown) => {
    if (errors.size < ERRORS_MAX) errors.add(`${error}`);
  };
  const fail = (failed: readonly ReingestRecord[], reason: string) =>
    failures.push(...failed.map(({ recordId }) => ({ recordId, reason: refusedText(reason) })));
  let [waiting, calls] = [records, 0];
  for (let attempt = 1; waiting.length > 0; attempt++) {
    const again: Refused[] = [];
    for await (const batch of batchesOf(waiting, ({ data }) => data.length)) {
      if (parts.remainingMs() <= RESERVE_MS) {
        fail(batch, "the function's time is over");
        continue;
      }
      calls++;
      for (const refused of await put(batch, parts, noteError)) {
        if (refused.mayPass && attempt < ATTEMPTS_MAX) again.push(refused);
        else fail([refused.record], refused.code);
      }
    }
    waiting = again.map(({ record }) => record);
    if (waiting.length > 0) await parts.pause(pauseMs(attempt, parts));
  }
  return { accepted: records.length - failures.length, calls, failures, errors: [...errors] };
}

interface Refused {
  readonly record: ReingestRecord;
  readonly code: string;
  readonly mayPass: boolean;
}

async function put(
  batch: readonly ReingestRecord[],
  parts: ReingestParts,
  noteError: (error: unknown) => void,
): Promise<Refused[]> {
  const signal = AbortSignal.timeout(Math.max(0, parts.remainingMs() - RESERVE_MS));
  try {
    const results = await parts.putRecordBatch(batch.map(({ data }) => data), signal);
    // An entry without a result counts as not accepted.
    return batch.flatMap((record, index) => {
      const code = index < results.length ? results[index] : "NoResult";
      return code === undefined ? [] : [{ record, code, mayPass: true }];
    });
  } catch (error) {
    noteError(error);
    const [code, mayPass] = [nameOf(error), !isFinal(error)];
    return batch.map((record) => ({ record, code, mayPass }));
  }
}

/** Errors that stay the same when a call is repeated. Others may pass, such as throttling. */
const FINAL_ERRORS = [
  "AccessDeniedException",
  "ExpiredTokenException",
  "InvalidArgumentException",
  "InvalidKMSResourceException",
  "InvalidSourceException",
  "ResourceNotFoundException",
  "UnrecognizedClientException",
  "ValidationException",
];

function isFinal(error: unknown): boolean {
  return FINAL_ERRORS.includes(nameOf(error));
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "Error";
}

function refusedText(reason: string): string {
  return `it does not fit, and the delivery stream did not accept it again: ${reason}`;
}

/** Full jitter: a random time up to a bound that doubles, within the function's remaining time. */
function pauseMs(attempt: number, { random, remainingMs }: ReingestParts): number {
  const bound = Math.min(PAUSE_MAX_MS, PAUSE_FIRST_MS * 2 ** (attempt - 1));
  return Math.max(0, Math.min(random() * bound, remainingMs() - RESERVE_MS));
}
