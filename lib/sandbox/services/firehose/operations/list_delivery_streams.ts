/**
 * ListDeliveryStreams: names in lexical order, page by page.
 * @module
 */

import type { ListDeliveryStreamsInput, ListDeliveryStreamsOutput } from "@aws-sdk/client-firehose";
import { ListDeliveryStreams$ } from "../../../schemas/firehose.ts";
import type { OperationDefinition } from "../../../operation.ts";
import { DELIVERY_STREAM_NAME } from "../shapes.ts";
import type { FirehoseState } from "../state.ts";

const LIMIT_DEFAULT = 10;

export const ListDeliveryStreams: OperationDefinition<
  ListDeliveryStreamsInput,
  ListDeliveryStreamsOutput,
  FirehoseState
> = {
  schema: ListDeliveryStreams$,
  constraints: {
    Limit: { range: [1, 10_000] },
    DeliveryStreamType: {
      enum: ["DirectPut", "KinesisStreamAsSource", "MSKAsSource", "DatabaseAsSource"],
    },
    ExclusiveStartDeliveryStreamName: { ...DELIVERY_STREAM_NAME, required: undefined },
  },
  access: () => [{ action: "firehose:ListDeliveryStreams", resource: "*" }],
  run: (input, { state, nowMs }) => {
    const { Limit = LIMIT_DEFAULT, ExclusiveStartDeliveryStreamName: start } = input;
    const { DeliveryStreamType = "DirectPut" } = input;
    const names = state.streams()
      .map(({ name }) => name)
      .filter((name) =>
        DeliveryStreamType === "DirectPut" && (start === undefined || name > start)
      );
    state.record(undefined, {
      "ListDeliveryStreams.Requests": 1,
      "ListDeliveryStreams.Latency": state.options.clock.nowMs() - nowMs,
    });
    return {
      DeliveryStreamNames: names.slice(0, Limit),
      HasMoreDeliveryStreams: names.length > Limit,
    };
  },
};
