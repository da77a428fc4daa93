/**
 * Firehose: Direct PUT delivery streams to S3.
 * @module
 */

import { bind, operationTable, type Service } from "../../operation.ts";
import { CreateDeliveryStream } from "./create_delivery_stream.ts";
import { DeleteDeliveryStream } from "./delete_delivery_stream.ts";
import { DescribeDeliveryStream } from "./describe_delivery_stream.ts";
import { StartDeliveryStreamEncryption, StopDeliveryStreamEncryption } from "./encryption.ts";
import { ListDeliveryStreams } from "./list_delivery_streams.ts";
import { PutRecord } from "./put_record.ts";
import { PutRecordBatch } from "./put_record_batch.ts";
import type { FirehoseState } from "./state.ts";
import { ListTagsForDeliveryStream, TagDeliveryStream, UntagDeliveryStream } from "./tags.ts";
import { UpdateDestination } from "./update_destination.ts";

/** Firehose's table of operations on `state`. */
export function firehoseService(state: FirehoseState): Service {
  return {
    signingName: "firehose",
    protocol: { kind: "awsJson", version: "1.1", targetPrefix: "Firehose_20150804" },
    operations: operationTable([
      bind(CreateDeliveryStream, state),
      bind(DescribeDeliveryStream, state),
      bind(ListDeliveryStreams, state),
      bind(UpdateDestination, state),
      bind(DeleteDeliveryStream, state),
      bind(PutRecord, state),
      bind(PutRecordBatch, state),
      bind(TagDeliveryStream, state),
      bind(UntagDeliveryStream, state),
      bind(ListTagsForDeliveryStream, state),
      bind(StartDeliveryStreamEncryption, state),
      bind(StopDeliveryStreamEncryption, state),
    ]),
  };
}
