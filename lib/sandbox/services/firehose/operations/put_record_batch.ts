/**
 * PutRecordBatch: accepts up to 500 records into the journal of a delivery stream, in one commit. A
 * quota or a fault may refuse some of them.
 * @module
 */

import type {
  PutRecordBatchInput,
  PutRecordBatchOutput,
  PutRecordBatchResponseEntry,
} from "@aws-sdk/client-firehose";
import { PutRecordBatch$ } from "../../../schemas/firehose.ts";
import type { Given, OperationDefinition } from "../../../operation.ts";
import { invalidArgument, SLOW_DOWN } from "../errors.ts";
import { joinedBytes } from "../joined_bytes.ts";
import { sum } from "../journal/slices.ts";
import { recordIds } from "../intake/record_ids.ts";
import { isEncrypted } from "./encryption.ts";
import { DELIVERY_STREAM_NAME, RECORD } from "../shapes.ts";
import type { FirehoseState } from "../state.ts";

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
  run: async ({ DeliveryStreamName, Records }, { state, nowMs, caller, failRecords = [] }) => {
    const stream = state.directPutStream(DeliveryStreamName);
    const sent = Records.map(({ Data }) => Data ?? new Uint8Array());
    const sentLengths = lengthsOf(sent);
    const admitted = without(
      failRecords,
      sent.length,
      state.puts.admit(stream, sentLengths, nowMs),
    );
    const taken = admitted ? sent.filter((_, index) => admitted[index]) : sent;
    const lengths = admitted ? lengthsOf(taken) : sentLengths;
    const data = joinedBytes(taken, sum(lengths));
    const count = taken.length;
    const entry = { arrivalMs: nowMs, bufferedMs: nowMs, data, lengths };
    const seq = count > 0 ? await state.accept(stream, entry) : 0;
    state.noticeReturned(stream, caller, taken);
    const answerMs = state.options.clock.nowMs();
    const put = { records: count, bytes: data.length, arrivalMs: nowMs, answerMs };
    state.puts.recordPutRecordBatch(stream, put);
    const ids = recordIds(count, seq, state.random).map((RecordId) => ({ RecordId }));
    return {
      FailedPutCount: sent.length - count,
      Encrypted: isEncrypted(stream),
      RequestResponses: admitted ? answersOf(admitted, ids) : ids,
    };
  },
};

/** Bytes of each record. Throws InvalidArgumentException if they are too many together. */
function lengthsOf(records: readonly Uint8Array[]): Uint32Array {
  const lengths = new Uint32Array(records.length);
  for (let index = 0; index < records.length; index++) lengths[index] = records[index].length;
  if (sum(lengths) <= BATCH_BYTES_MAX) return lengths;
  throw invalidArgument(
    `The total size of the records exceeds the maximum allowed size of ${BATCH_BYTES_MAX} bytes.`,
  );
}

/** The same without the records at some places; undefined if all are accepted. */
function without(
  places: readonly number[],
  count: number,
  admitted: readonly boolean[] | undefined,
): readonly boolean[] | undefined {
  if (!places.some((place) => place < count)) return admitted;
  return Array.from(
    { length: count },
    (_, place) => admitted?.[place] !== false && !places.includes(place),
  );
}

/** In the order of the request: ids of the records that were taken, errors of the others. */
function answersOf(
  admitted: readonly boolean[],
  ids: readonly PutRecordBatchResponseEntry[],
): PutRecordBatchResponseEntry[] {
  const rest = ids.values();
  return admitted.map((isTaken) => isTaken ? rest.next().value ?? SLOW_DOWN : SLOW_DOWN);
}
