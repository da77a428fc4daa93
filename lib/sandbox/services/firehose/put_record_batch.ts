/**
 * PutRecordBatch: accepts up to 500 records into the journal of a delivery stream, all or none.
 * @module
 */

import { Buffer } from "node:buffer";
import {
  PutRecordBatch$,
  type PutRecordBatchInput,
  type PutRecordBatchOutput,
} from "@aws-sdk/client-firehose";
import type { Given, OperationDefinition } from "../../operation.ts";
import { invalidArgument } from "./errors.ts";
import type { Entry } from "./journal.ts";
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
  run: async ({ DeliveryStreamName, Records }, { state, nowMs }) => {
    const stream = state.activeStream(DeliveryStreamName);
    const entry = entryOf(Records, nowMs);
    await state.accept(stream, entry);
    state.record(stream.name, {
      IncomingBytes: entry.data.length,
      IncomingRecords: Records.length,
      IncomingPutRequests: 1,
      "PutRecordBatch.Bytes": entry.data.length,
      "PutRecordBatch.Records": Records.length,
      "PutRecordBatch.Requests": 1,
    });
    const RequestResponses = recordIds(Records.length, state.random).map((RecordId) => ({
      RecordId,
    }));
    return { FailedPutCount: 0, Encrypted: isEncrypted(stream), RequestResponses };
  },
};

function entryOf(records: PutRecordBatchInput["Records"] & object, arrivalMs: number): Entry {
  const lengths = Uint32Array.from(records, ({ Data }) => Data?.length ?? 0);
  const bytes = lengths.reduce((sum, length) => sum + length, 0);
  if (bytes > BATCH_BYTES_MAX) {
    throw invalidArgument(
      `The total size of the records exceeds the maximum allowed size of ${BATCH_BYTES_MAX} bytes.`,
    );
  }
  const data = joined(records.map(({ Data }) => Data ?? new Uint8Array()), bytes);
  return { arrivalMs, bufferedMs: arrivalMs, data, lengths };
}

/** `parts` as one; they mostly are, one after the other in the memory of their request. */
function joined(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  const [{ buffer, byteOffset }] = parts;
  let end = byteOffset;
  for (const part of parts) {
    if (part.buffer !== buffer || part.byteOffset !== end) return Buffer.concat(parts, bytes);
    end += part.length;
  }
  return new Uint8Array(buffer, byteOffset, bytes);
}
