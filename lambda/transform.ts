/**
 * The transform: decompresses a batch of records, reads their partition keys and answers each.
 * Pure: no clock, no network, no environment. What the notebooks explain, the tests check and the
 * deployed function runs is this module.
 * @module
 */

import { Buffer } from "node:buffer";
import { parseDocument, toLine } from "./document.ts";
import type { JsonObject } from "./document.ts";
import type {
  FirehoseTransformationEvent,
  FirehoseTransformationEventRecord,
  FirehoseTransformationResult,
  FirehoseTransformationResultRecord,
  PartitionKeys,
} from "./event.ts";
import { gunzip } from "./gunzip.ts";
import type { Outcome } from "./outcome.ts";
import { partitionKeysOf } from "./partition_keys.ts";
import { base64Size, getSize, RESPONSE_BYTES_MAX } from "./size.ts";

export { getSize, RESPONSE_BYTES_MAX } from "./size.ts";

/**
 * Bytes of one decompressed document. Base64 makes 4 bytes of 3, so a larger one would not fit into
 * a response even alone.
 */
export const DOCUMENT_BYTES_MAX = Math.floor(RESPONSE_BYTES_MAX / 4) * 3;

export interface TransformOptions {
  /** Bytes that the response may take on the wire; {@linkcode RESPONSE_BYTES_MAX} by default. */
  readonly responseBytesMax?: number;
  /** Bytes that one record may decompress to; {@linkcode DOCUMENT_BYTES_MAX} by default. */
  readonly documentBytesMax?: number;
  /** Reads a document's partition keys; {@linkcode partitionKeysOf} by default. */
  readonly partitionKeysOf?: (document: JsonObject) => Outcome<PartitionKeys>;
}

export interface Transformed {
  /** What the function answers: one record for each of the event's, in the event's order. */
  readonly response: FirehoseTransformationResult;
  /** Records whose original bytes must go back to the delivery stream. Always empty so far. */
  readonly reingest: readonly FirehoseTransformationEventRecord[];
  /** Why records are `ProcessingFailed`. Names no data, so that it can be logged. */
  readonly failures: readonly Failure[];
}

export interface Failure {
  readonly recordId: string;
  readonly reason: string;
}

/**
 * Answers every record exactly once, whatever its bytes, with a response that never takes more than
 * `responseBytesMax`. Records are `Ok` as long as there is room; one that finds none is
 * `ProcessingFailed`, so that it can be redriven from the error output prefix (rejected as a whole,
 * the response would fail the whole batch), and smaller ones after it may still be `Ok`.
 *
 * Throws a `RangeError` where not even the shortest answers fit: with Lambda's own limits that
 * cannot be, because the event that asks for them is longer than they are.
 */
export function transform(
  event: FirehoseTransformationEvent,
  options: TransformOptions = {},
): Transformed {
  const { responseBytesMax = RESPONSE_BYTES_MAX, documentBytesMax = DOCUMENT_BYTES_MAX } = options;
  const keysOf = options.partitionKeysOf ?? partitionKeysOf;

  const failedRecords = event.records.map(({ recordId }) => failedRecord(recordId));
  let responseBytes = getSize({ records: failedRecords });
  if (responseBytes > responseBytesMax) {
    throw new RangeError(
      `${event.records.length} records cannot be answered in ${responseBytesMax} bytes`,
    );
  }

  const failures: Failure[] = [];
  const records = event.records.map((record, index): FirehoseTransformationResultRecord => {
    const fail = (reason: string) => {
      failures.push({ recordId: record.recordId, reason });
      return failedRecords[index];
    };
    const line = readLine(record.data, documentBytesMax, keysOf);
    if (line.reason !== undefined) return fail(line.reason);

    const { bytes, partitionKeys } = line.value;
    const answer = okRecord(record.recordId, partitionKeys);
    // The room for its failure is kept for every record, and given back here.
    const added = getSize(answer) + base64Size(bytes.length) - getSize(failedRecords[index]);
    if (responseBytes + added > responseBytesMax) {
      return fail(`the response has no room left: it may take ${responseBytesMax} bytes`);
    }
    responseBytes += added;
    return { ...answer, data: bytes.toString("base64") };
  });
  return { response: { records }, reingest: [], failures };
}

interface Line {
  /** The document and its line feed. */
  readonly bytes: Buffer;
  readonly partitionKeys: PartitionKeys;
}

function readLine(
  data: string,
  documentBytesMax: number,
  keysOf: (document: JsonObject) => Outcome<PartitionKeys>,
): Outcome<Line> {
  // What is not base64 is skipped here; then the gzip data that is left does not match its checksum.
  const bytes = gunzip(Buffer.from(data, "base64"), documentBytesMax);
  if (bytes.reason !== undefined) return bytes;
  const document = parseDocument(bytes.value);
  if (document.reason !== undefined) return document;
  const partitionKeys = keysOf(document.value);
  if (partitionKeys.reason !== undefined) return partitionKeys;
  return { value: { bytes: toLine(bytes.value), partitionKeys: partitionKeys.value } };
}

const failedRecord = (recordId: string) => ({ recordId, result: "ProcessingFailed" }) as const;

const okRecord = (recordId: string, partitionKeys: PartitionKeys) =>
  ({ recordId, result: "Ok", data: "", metadata: { partitionKeys } }) as const;
