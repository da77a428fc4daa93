/**
 * Puts any number of records by PutRecordBatch, in as few calls as the limits allow. Failed records
 * are sent again after a pause that grows and is partly random.
 * https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
 * @module
 */

import {
  PutRecordBatchCommand,
  type PutRecordBatchOutput,
  type PutRecordBatchResponseEntry,
} from "@aws-sdk/client-firehose";
import { setTimeout as pause } from "node:timers/promises";
import { batchesOf, RECORD_BYTES_MAX } from "../../../lambda/batches.ts";

const TRIES_MAX = 8;
const FIRST_PAUSE_MS = 100;
const PAUSE_MS_MAX = 10_000;

/** A record as the SDK takes it. */
export interface OutgoingRecord {
  readonly Data: Uint8Array;
}

/** The receiver of a batch: a `FirehoseClient`. */
export interface BatchTaker {
  send(command: PutRecordBatchCommand): Promise<PutRecordBatchOutput>;
}

/** The records that were accepted so far. */
export interface PutProgress {
  readonly records: number;
  readonly bytes: number;
  /** Calls of PutRecordBatch. */
  readonly calls: number;
  /** Records that were sent again; each time counts. */
  readonly sentAgain: number;
}

/** How {@linkcode putAll} waits and reports. */
export interface PutAllOptions {
  readonly onProgress?: (progress: PutProgress) => void | Promise<void>;
  /** A pause after each batch, for a steady stream of records in place of all at once. */
  readonly everySeconds?: number;
  /** From 0 to 1; for tests. */
  readonly random?: () => number;
  readonly pauseMs?: (ms: number) => Promise<unknown>;
}

/**
 * Resolves when the stream has accepted every record. Throws a `RangeError` before anything is sent if
 * a record is too large, and an `Error` that says how many were accepted if the stream refuses some
 * eight times.
 */
export async function putAll(
  firehose: BatchTaker,
  streamName: string,
  records: readonly OutgoingRecord[],
  { onProgress, everySeconds = 0, random = Math.random, pauseMs = pause }: PutAllOptions = {},
): Promise<PutProgress> {
  checkSizes(records);
  let progress: PutProgress = { records: 0, bytes: 0, calls: 0, sentAgain: 0 };
  for await (const batch of batchesOf(records, ({ Data }) => Data.length)) {
    let left: readonly OutgoingRecord[] = batch;
    for (let tries = 1; left.length > 0; tries++) {
      const { failed, reason } = await putOnce(firehose, streamName, left);
      progress = {
        records: progress.records + left.length - failed.length,
        bytes: progress.bytes + bytesOf(left) - bytesOf(failed),
        calls: progress.calls + 1,
        sentAgain: progress.sentAgain + (tries > 1 ? left.length : 0),
      };
      await onProgress?.(progress);
      if (failed.length > 0 && tries === TRIES_MAX) {
        throw new Error(
          `${streamName} accepted ${progress.records} of ${records.length} records and refused ` +
            `${failed.length} of the next ${TRIES_MAX} times, at last with ${reason}. Wait a ` +
            "minute, then send the records that are left.",
        );
      }
      left = failed;
      // Full jitter: producers that were refused together do not return together.
      if (left.length > 0) await pauseMs(random() * backoffMs(tries));
    }
    if (everySeconds > 0) await pauseMs(everySeconds * 1000);
  }
  return progress;
}

/** The longest pause after so many tries. */
const backoffMs = (tries: number) => Math.min(PAUSE_MS_MAX, FIRST_PAUSE_MS * 2 ** (tries - 1));

/** Makes one call. Returns its records that were not accepted, and the reason. */
async function putOnce(
  firehose: BatchTaker,
  DeliveryStreamName: string,
  records: readonly OutgoingRecord[],
): Promise<{ failed: readonly OutgoingRecord[]; reason: string }> {
  try {
    const { RequestResponses = [] } = await firehose.send(
      new PutRecordBatchCommand({ DeliveryStreamName, Records: [...records] }),
    );
    const failed = failedEntries(records, RequestResponses);
    const { ErrorCode, ErrorMessage } = RequestResponses.find(({ ErrorCode }) => ErrorCode) ?? {};
    return { failed, reason: `${ErrorCode}: ${ErrorMessage}` };
  } catch (error) {
    // The whole call was throttled, also when the SDK repeated it: none of it was accepted.
    if (error instanceof Error && error.name === "ServiceUnavailableException") {
      return { failed: records, reason: `${error.name}: ${error.message}` };
    }
    throw error;
  }
}

/**
 * The records that an answer of PutRecordBatch refused. The answer has an entry for each record,
 * in their order.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const answer = [{ RecordId: "1" }, { ErrorCode: "ServiceUnavailableException" }];
 * assertEquals(failedEntries(["a", "b"], answer), ["b"]);
 * ```
 */
export function failedEntries<Sent>(
  sent: readonly Sent[],
  answer: readonly Pick<PutRecordBatchResponseEntry, "ErrorCode">[],
): Sent[] {
  return sent.filter((_, index) => answer[index]?.ErrorCode !== undefined);
}

/** Throws a `RangeError` that names the first record that is too large for any call. */
function checkSizes(records: readonly OutgoingRecord[]): void {
  const index = records.findIndex(({ Data }) => Data.length > RECORD_BYTES_MAX);
  if (index < 0) return;
  throw new RangeError(
    `record ${index} has ${records[index].Data.length} bytes; the most is ${RECORD_BYTES_MAX} ` +
      "(1,000 KiB)",
  );
}

/** The bytes of records together, before base64. */
export function bytesOf(records: readonly OutgoingRecord[]): number {
  return records.reduce((sum, { Data }) => sum + Data.length, 0);
}
