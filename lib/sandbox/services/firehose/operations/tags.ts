/**
 * Tags of a delivery stream: TagDeliveryStream, UntagDeliveryStream, ListTagsForDeliveryStream.
 * @module
 */

import type {
  ListTagsForDeliveryStreamInput,
  ListTagsForDeliveryStreamOutput,
  Tag,
  TagDeliveryStreamInput,
  TagDeliveryStreamOutput,
  UntagDeliveryStreamInput,
  UntagDeliveryStreamOutput,
} from "@aws-sdk/client-firehose";
import {
  ListTagsForDeliveryStream$,
  TagDeliveryStream$,
  UntagDeliveryStream$,
} from "../../../schemas/firehose.ts";
import type { Given, OperationDefinition } from "../../../operation.ts";
import type { DeliveryStream } from "../delivery_stream.ts";
import { invalidArgument, limitExceeded, resourceInUse } from "../errors.ts";
import { DELIVERY_STREAM_NAME, TAG, TAG_KEY } from "../shapes.ts";
import type { FirehoseState } from "../state.ts";

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_TagDeliveryStream.html */
const TAGS_MAX = 50;
const TAGS_LISTED_MAX = 50;

type Tags = Readonly<Record<string, string>>;

export const TagDeliveryStream: OperationDefinition<
  Given<TagDeliveryStreamInput, "DeliveryStreamName" | "Tags">,
  TagDeliveryStreamOutput,
  FirehoseState
> = {
  schema: TagDeliveryStream$,
  constraints: {
    DeliveryStreamName: DELIVERY_STREAM_NAME,
    Tags: { required: true, length: [1, 50], item: TAG },
  },
  access: ({ DeliveryStreamName }, { state }) => [
    { action: "firehose:TagDeliveryStream", resource: state.streamArn(DeliveryStreamName) },
  ],
  run: async ({ DeliveryStreamName, Tags }, { state }) => {
    await state.update(DeliveryStreamName, (stream) => {
      refuseDeleting(stream, state);
      return { ...stream, tags: taggedWith(stream.tags, Tags) };
    });
    return {};
  },
};

export const UntagDeliveryStream: OperationDefinition<
  Given<UntagDeliveryStreamInput, "DeliveryStreamName" | "TagKeys">,
  UntagDeliveryStreamOutput,
  FirehoseState
> = {
  schema: UntagDeliveryStream$,
  constraints: {
    DeliveryStreamName: DELIVERY_STREAM_NAME,
    TagKeys: { required: true, length: [1, 50], item: TAG_KEY },
  },
  access: ({ DeliveryStreamName }, { state }) => [
    { action: "firehose:UntagDeliveryStream", resource: state.streamArn(DeliveryStreamName) },
  ],
  run: async ({ DeliveryStreamName, TagKeys }, { state }) => {
    await state.update(DeliveryStreamName, (stream) => {
      refuseDeleting(stream, state);
      const kept = Object.entries(stream.tags).filter(([key]) => !TagKeys.includes(key));
      return { ...stream, tags: Object.fromEntries(kept) };
    });
    return {};
  },
};

export const ListTagsForDeliveryStream: OperationDefinition<
  Given<ListTagsForDeliveryStreamInput, "DeliveryStreamName">,
  ListTagsForDeliveryStreamOutput,
  FirehoseState
> = {
  schema: ListTagsForDeliveryStream$,
  constraints: {
    DeliveryStreamName: DELIVERY_STREAM_NAME,
    ExclusiveStartTagKey: TAG_KEY,
    Limit: { range: [1, TAGS_LISTED_MAX] },
  },
  access: ({ DeliveryStreamName }, { state }) => [
    { action: "firehose:ListTagsForDeliveryStream", resource: state.streamArn(DeliveryStreamName) },
  ],
  run: (input, { state }) => {
    const { ExclusiveStartTagKey: start, Limit = TAGS_LISTED_MAX } = input;
    const tags = Object.entries(state.stream(input.DeliveryStreamName).tags)
      .map(([Key, Value]) => ({ Key, Value }))
      .sort((a, b) => a.Key < b.Key ? -1 : 1)
      .filter(({ Key }) => start === undefined || Key > start);
    return { Tags: tags.slice(0, Limit), HasMoreTags: tags.length > Limit };
  },
};

/** `tags` with `added`: the last value of a key counts. Throws for a tag that AWS refuses. */
export function taggedWith(tags: Tags, added: readonly Tag[]): Tags {
  const valueless = added.find(({ Value }) => Value === undefined);
  // Refused with nothing changed (captured); the text is ours.
  if (valueless) throw invalidArgument(`The tag ${valueless.Key} has no value.`);
  const merged = { ...tags, ...Object.fromEntries(added.map(({ Key, Value }) => [Key, Value])) };
  if (Object.keys(merged).length > TAGS_MAX) {
    // The text is ours: AWS's is not known.
    throw limitExceeded(`A delivery stream can have ${TAGS_MAX} tags at most.`);
  }
  return merged;
}

function refuseDeleting({ name, status }: DeliveryStream, { options }: FirehoseState): void {
  if (status !== "DELETING") return;
  throw resourceInUse(
    `Firehose ${name} under account ${options.accountId} is in the DELETING state.`,
  );
}
