/**
 * PutRecordBatch: accepts up to 500 records into the journal of a delivery stream, all or none.
 * @module
 */

import { Buffer } from "node:buffer";
import {
  PutRecordBatch$,
  type PutRecordBatchInput,
  type PutRecordBatchOutput,
  type PutRecordBatchResponseEntry,
} from "@aws-sdk/client-firehose";
import type { Given, OperationDefinition } from "../../operation.ts";
import { invalidArgument, SLOW_DOWN } from "./errors.ts";
import { recordIds } from "./record_ids.ts";
import { isEncrypted } from "./encryption.ts";
import { DELIVERY_STREAM_NAME, RECORD } from "./shapes.ts";
import type { FirehoseState } from "./state.ts";

/** https://docs.aws.amazon.com/firehose/latest/dev/limits.html; bytes before base64. */
const BATCH_RECORDS_MAX = 500;
const BATCH_BYTES_MAX = 4 * 1024 * 1024;

export const PutRecordBatch: OperationDefinition<
  Given<PutRecordBatchInput, "DeliveryStreamName" | "Records">,
  PutRecordBatchOutput,
  FirehoseState
> = {
  schema: PutRecordBatch$,
  constraints: {
    DeliveryStreamName: DELIVERY_STREAM_NAME,
    Records: { required: true, length: [1, BATCH_RECORDS_MAX], item: RECORD },
  },
  access: ({ DeliveryStreamName }, { state }) => [
    { action: "firehose:PutRecordBatch", resource: state.streamArn(DeliveryStreamName) },
  ],
  run: async ({ DeliveryStreamName, Records }, { state, nowMs, caller }) => {
    const stream = state.activeStream(DeliveryStreamName);
    const lengths = lengthsOf(Records);
    const admitted = state.puts.admit(stream, lengths, nowMs);
    const accepted = admitted ? Records.filter((_, index) => admitted[index]) : Records;
    const entry = entryOf(accepted, nowMs, admitted ? undefined : lengths);
    const count = entry.lengths.length;
    if (count > 0) await state.accept(stream, entry);
    state.noticeReturned(stream, caller, accepted.map(({ Data }) => Data ?? new Uint8Array()));
    const answerMs = state.options.clock.nowMs();
    const put = { records: count, bytes: entry.data.length, arrivalMs: nowMs, answerMs };
    state.puts.recordPutRecordBatch(stream, put);
    const taken = recordIds(count, state.random).map((RecordId) => ({ RecordId }));
    return {
      FailedPutCount: Records.length - count,
      Encrypted: isEncrypted(stream),
      RequestResponses: admitted ? answersOf(admitted, taken) : taken,
    };
  },
};

type Records = PutRecordBatchInput["Records"] & object;

/** Bytes of each record. Throws InvalidArgumentException if they are too many together. */
function lengthsOf(records: Records): Uint32Array {
  const lengths = Uint32Array.from(records, ({ Data }) => Data?.length ?? 0);
  if (lengths.reduce((sum, length) => sum + length, 0) <= BATCH_BYTES_MAX) return lengths;
  throw invalidArgument(
    `The total size of the records exceeds the maximum allowed size of ${BATCH_BYTES_MAX} bytes.`,
  );
}

function entryOf(records: Records, arrivalMs: number, lengths = lengthsOf(records)) {
  const bytes = lengths.reduce((sum, length) => sum + length, 0);
  const data = joined(records.map(({ Data }) => Data ?? new Uint8Array()), bytes);
  return { arrivalMs, bufferedMs: arrivalMs, data, lengths };
}

/** In the order of the request: ids of the records that were taken, errors of the others. */
function answersOf(
  admitted: readonly boolean[],
  taken: readonly PutRecordBatchResponseEntry[],
): PutRecordBatchResponseEntry[] {
  const ids = taken.values();
  return admitted.map((isTaken) => isTaken ? ids.next().value ?? SLOW_DOWN : SLOW_DOWN);
}

/** `parts` as one; they mostly are, one after the other in the memory of their request. */
function joined(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  if (parts.length === 0) return new Uint8Array();
  const [{ buffer, byteOffset }] = parts;
  let end = byteOffset;
  for (const part of parts) {
    if (part.buffer !== buffer || part.byteOffset !== end) return Buffer.concat(parts, bytes);
    end += part.length;
  }
  return new Uint8Array(buffer, byteOffset, bytes);
}
