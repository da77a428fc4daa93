/**
 * Firehose: Direct PUT delivery streams to S3.
 * @module
 */

import { bind, operationTable, type Service } from "../../operation.ts";
import { CreateDeliveryStream } from "./operations/create_delivery_stream.ts";
import { DeleteDeliveryStream } from "./operations/delete_delivery_stream.ts";
import { DescribeDeliveryStream } from "./operations/describe_delivery_stream.ts";
import {
  StartDeliveryStreamEncryption,
  StopDeliveryStreamEncryption,
} from "./operations/encryption.ts";
import { ListDeliveryStreams } from "./operations/list_delivery_streams.ts";
import { PutRecord } from "./operations/put_record.ts";
import { PutRecordBatch } from "./operations/put_record_batch.ts";
import type { FirehoseState } from "./state.ts";
import {
  ListTagsForDeliveryStream,
  TagDeliveryStream,
  UntagDeliveryStream,
} from "./operations/tags.ts";
import { UpdateDestination } from "./operations/update_destination.ts";

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
