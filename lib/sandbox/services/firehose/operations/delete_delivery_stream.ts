/**
 * DeleteDeliveryStream: DELETING at first, removed later. Its waiting records are thrown away.
 * @module
 */

import type {
  DeleteDeliveryStreamInput,
  DeleteDeliveryStreamOutput,
} from "@aws-sdk/client-firehose";
import { DeleteDeliveryStream$ } from "../../../schemas/firehose.ts";
import type { Given, OperationDefinition } from "../../../operation.ts";
import { resourceInUse } from "../errors.ts";
import { DELIVERY_STREAM_NAME } from "../shapes.ts";
import type { FirehoseState } from "../state.ts";

export const DeleteDeliveryStream: OperationDefinition<
  // AllowForceDelete matters for the grants of KMS keys only, which the sandbox's streams never have.
  Given<DeleteDeliveryStreamInput, "DeliveryStreamName">,
  DeleteDeliveryStreamOutput,
  FirehoseState
> = {
  schema: DeleteDeliveryStream$,
  constraints: { DeliveryStreamName: DELIVERY_STREAM_NAME },
  access: ({ DeliveryStreamName }, { state }) => [
    { action: "firehose:DeleteDeliveryStream", resource: state.streamArn(DeliveryStreamName) },
  ],
  run: async ({ DeliveryStreamName }, { state }) => {
    const { accountId } = state.options;
    await state.delete(DeliveryStreamName, ({ name, status }) => {
      if (status !== "CREATING") return;
      throw resourceInUse(
        `Firehose ${name} under account ${accountId} cannot be deleted in CREATING state`,
      );
    });
    return {};
  },
};
