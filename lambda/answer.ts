/**
 * One invocation, from the event to the response: transforms the batch, puts or writes the records
 * that the response has no room for, and logs. The calls to AWS are handed in.
 * @module
 */

import type { Buffer } from "node:buffer";
import type { LargeRecordPlace } from "./environment.ts";
import { assertEvent, type FirehoseTransformationResult } from "./event.ts";
import { objectKeyOf } from "./object_key.ts";
import { type EntryError, reingest, type ReingestParts } from "./reingest.ts";
import { summaryLine } from "./summary_line.ts";
import {
  type DirectWrite,
  type Failure,
  getSize,
  transform,
  type TransformOptions,
  withFailures,
} from "./transform.ts";

/** The function's calls to AWS, each tried once. */
export interface FunctionAws {
  /** PutRecordBatch, as {@linkcode ReingestParts} describes it. */
  readonly putRecordBatch: (
    deliveryStreamName: string,
    records: readonly Buffer[],
    signal: AbortSignal,
  ) => Promise<readonly EntryError[]>;
  readonly putObject: (
    object: { readonly bucket: string; readonly key: string; readonly body: Buffer },
    signal: AbortSignal,
  ) => Promise<void>;
}

/** What {@linkcode answer} needs. */
export interface AnswerParts extends Pick<ReingestParts, "pause" | "random" | "remainingMs"> {
  readonly options: TransformOptions;
  readonly largeRecords: LargeRecordPlace | undefined;
  readonly aws: FunctionAws;
  readonly log: Pick<Console, "log" | "warn">;
}

/**
 * Answers Firehose's transformation event. Logs one line for each failed record (its id and the
 * reason, never its data), AWS's errors of calls that failed, and one line for the batch. Rejects
 * with a `TypeError` for any other event.
 */
export async function answer(
  event: unknown,
  parts: AnswerParts,
): Promise<FirehoseTransformationResult> {
  assertEvent(event);
  const transformed = transform(event, parts.options);
  const streamName = streamNameOf(event.deliveryStreamArn);
  const written = await writeAll(transformed.writes, parts);
  const put = await reingest(transformed.reingest, {
    ...parts,
    putRecordBatch: (records, signal) => parts.aws.putRecordBatch(streamName, records, signal),
  });

  for (const error of put.errors) {
    parts.log.warn(`PutRecordBatch to ${streamName} failed: ${error}`);
  }
  const failures = [...transformed.failures, ...written, ...put.failures];
  for (const { recordId, reason } of failures) {
    parts.log.warn(`record ${JSON.stringify(recordId)} is ProcessingFailed: ${reason}`);
  }
  const response = withFailures(transformed.response, failures);
  parts.log.log(summaryLine({
    streamName,
    records: response.records.length,
    ok: response.records.filter(({ result }) => result === "Ok").length,
    putBack: put.accepted,
    inCalls: put.calls,
    merged: transformed.merged.length,
    written: transformed.writes.length - written.length,
    responseBytes: responseBytesOf(response),
  }));
  return response;
}

/** The name at the end of a delivery stream's ARN. */
function streamNameOf(deliveryStreamArn: string): string {
  return deliveryStreamArn.slice(deliveryStreamArn.lastIndexOf("/") + 1);
}

/** Time kept for putting records again and for the response. */
const RESERVE_MS = 5_000;

/** Writes the records to S3, one after the other. Gives those not written, with the reason. */
async function writeAll(writes: readonly DirectWrite[], parts: AnswerParts): Promise<Failure[]> {
  const failures: Failure[] = [];
  for (const record of writes) {
    const reason = await write(record, parts);
    if (reason !== undefined) {
      failures.push({
        recordId: record.recordId,
        reason: `it fits into no response, and is not in S3: ${reason}`,
      });
    }
  }
  return failures;
}

/** The reason why the record is not in S3; undefined if it is. */
async function write(
  record: DirectWrite,
  { largeRecords, aws, remainingMs }: AnswerParts,
): Promise<string | undefined> {
  if (!largeRecords) return "the function has no bucket for it";
  const key = objectKeyOf(largeRecords.prefix, record);
  if (key.reason !== undefined) return key.reason;
  const timeMs = remainingMs() - RESERVE_MS;
  if (timeMs <= 0) return "the function's time is over";
  try {
    const object = { bucket: largeRecords.bucket, key: key.value, body: record.bytes };
    await aws.putObject(object, AbortSignal.timeout(timeMs));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.name : "Error";
  }
}

/** The same as `getSize` of the response, faster: data is base64, one byte for each character. */
function responseBytesOf({ records }: FirehoseTransformationResult): number {
  const empty = records.map((record) => record.result === "Ok" ? { ...record, data: "" } : record);
  const data = records.map((record) => record.result === "Ok" ? record.data.length : 0);
  return getSize({ records: empty }) + data.reduce((sum, bytes) => sum + bytes, 0);
}
