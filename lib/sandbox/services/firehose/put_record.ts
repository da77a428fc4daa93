/**
 * PutRecord: accepts one record into the journal of a delivery stream.
 * @module
 */

import { PutRecord$, type PutRecordInput, type PutRecordOutput } from "@aws-sdk/client-firehose";
import type { Given, OperationDefinition } from "../../operation.ts";
import { isEncrypted } from "./encryption.ts";
import { DELIVERY_STREAM_NAME, RECORD } from "./shapes.ts";
import { recordIds } from "./record_ids.ts";
import type { FirehoseState } from "./state.ts";

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
  run: async ({ DeliveryStreamName, Record }, { state, nowMs }) => {
    const stream = state.activeStream(DeliveryStreamName);
    const data = Record.Data ?? new Uint8Array();
    await state.accept(stream, { arrivalMs: nowMs, bufferedMs: nowMs, data });
    state.record(stream.name, {
      IncomingBytes: data.length,
      IncomingRecords: 1,
      IncomingPutRequests: 1,
      "PutRecord.Bytes": data.length,
      "PutRecord.Requests": 1,
    });
    const [RecordId] = recordIds(1, state.random);
    return { RecordId, Encrypted: isEncrypted(stream) };
  },
};
