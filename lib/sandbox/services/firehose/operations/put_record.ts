/**
 * PutRecord: accepts one record into the journal of a delivery stream.
 * @module
 */

import type { PutRecordInput, PutRecordOutput } from "@aws-sdk/client-firehose";
import { PutRecord$ } from "../../../schemas/firehose.ts";
import type { Given, OperationDefinition } from "../../../operation.ts";
import { slowDown } from "../errors.ts";
import { isEncrypted } from "./encryption.ts";
import { DELIVERY_STREAM_NAME, RECORD } from "../shapes.ts";
import { recordIds } from "../intake/record_ids.ts";
import type { FirehoseState } from "../state.ts";

export const PutRecord: OperationDefinition<
  Given<PutRecordInput, "DeliveryStreamName" | "Record">,
  PutRecordOutput,
  FirehoseState
> = {
  schema: PutRecord$,
  constraints: {
    DeliveryStreamName: DELIVERY_STREAM_NAME,
    Record: { required: true, ...RECORD },
  },
  access: ({ DeliveryStreamName }, { state }) => [
    { action: "firehose:PutRecord", resource: state.streamArn(DeliveryStreamName) },
  ],
  run: async ({ DeliveryStreamName, Record }, { state, nowMs, caller }) => {
    const stream = state.directPutStream(DeliveryStreamName);
    const data = Record.Data ?? new Uint8Array();
    if (state.puts.admit(stream, [data.length], nowMs)) throw slowDown();
    const seq = await state.accept(stream, { arrivalMs: nowMs, bufferedMs: nowMs, data });
    state.noticeReturned(stream, caller, [data]);
    const answerMs = state.options.clock.nowMs();
    const put = { records: 1, bytes: data.length, arrivalMs: nowMs, answerMs };
    state.puts.recordPutRecord(stream, put);
    const [RecordId] = recordIds(1, seq, state.random);
    return { RecordId, Encrypted: isEncrypted(stream) };
  },
};
