/**
 * Tags of a log group: TagResource, UntagResource, ListTagsForResource, and the older TagLogGroup,
 * UntagLogGroup and ListTagsLogGroup, which name a log group where the others have its ARN. Terraform's
 * AWS provider 1.60 reads each log group with the older ones.
 * @module
 */

import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  ListTagsLogGroupRequest,
  ListTagsLogGroupResponse,
  TagLogGroupRequest,
  TagResourceRequest,
  UntagLogGroupRequest,
  UntagResourceRequest,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  ListTagsForResource$,
  ListTagsLogGroup$,
  TagLogGroup$,
  TagResource$,
  UntagLogGroup$,
  UntagResource$,
} from "../../schemas/logs.ts";
import { AwsError } from "../../errors.ts";
import type { Given, OperationDefinition } from "../../operation.ts";
import { invalidParameter } from "./errors.ts";
import type { LogGroup } from "./log_groups.ts";
import { GROUP_NAME, groupAccess, nameInArn, required, RESOURCE_ARN, TAGS } from "./shapes.ts";
import type { LogsState } from "./state.ts";

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TagResource.html */
const TAGS_MAX = 50;

// The text is ours: AWS's is not known.
const TOO_MANY_TAGS = `A resource can have ${TAGS_MAX} tags at most.`;

const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Throws InvalidParameterException for a tag with other characters than a tag may have. */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) {
    if (key.startsWith("aws:") || !TAG_TEXT.test(key) || !TAG_TEXT.test(value)) {
      // The text is ours: AWS's is not known.
      throw invalidParameter(`The tag '${key}' has characters that a tag can't have.`);
    }
  }
}

export const TagResource: OperationDefinition<
  Given<TagResourceRequest, "resourceArn" | "tags">,
  void,
  LogsState
> = {
  schema: TagResource$,
  constraints: { resourceArn: RESOURCE_ARN, tags: required(TAGS) },
  access: ({ resourceArn }) => [{ action: "logs:TagResource", resource: resourceArn }],
  run: async ({ resourceArn, tags }, { state }) => {
    checkTags(tags);
    await state.change(() => {
      const group = taggedGroup(state, resourceArn);
      const merged = { ...group.tags, ...tags };
      if (Object.keys(merged).length > TAGS_MAX) {
        throw new AwsError("TooManyTagsException", 400, TOO_MANY_TAGS, {
          fields: { resourceName: resourceArn },
        });
      }
      state.groups.update({ ...group, tags: merged });
    });
  },
};

export const TagLogGroup: OperationDefinition<
  Given<TagLogGroupRequest, "logGroupName" | "tags">,
  void,
  LogsState
> = {
  schema: TagLogGroup$,
  constraints: { logGroupName: required(GROUP_NAME), tags: required(TAGS) },
  access: ({ logGroupName }, context) => groupAccess("TagLogGroup", logGroupName, context),
  run: async ({ logGroupName, tags }, { state }) => {
    checkTags(tags);
    await state.change(() => {
      const group = state.group(logGroupName);
      const merged = { ...group.tags, ...tags };
      // Its model (2014-03-28) has no TooManyTagsException.
      if (Object.keys(merged).length > TAGS_MAX) throw invalidParameter(TOO_MANY_TAGS);
      state.groups.update({ ...group, tags: merged });
    });
  },
};

export const UntagResource: OperationDefinition<
  Given<UntagResourceRequest, "resourceArn" | "tagKeys">,
  void,
  LogsState
> = {
  schema: UntagResource$,
  constraints: {
    resourceArn: RESOURCE_ARN,
    tagKeys: { required: true, length: [0, TAGS_MAX], item: { length: [1, 128] } },
  },
  access: ({ resourceArn }) => [{ action: "logs:UntagResource", resource: resourceArn }],
  run: ({ resourceArn, tagKeys }, { state }) =>
    state.change(() => {
      removeTags(state, taggedGroup(state, resourceArn), tagKeys);
    }),
};

export const UntagLogGroup: OperationDefinition<
  Given<UntagLogGroupRequest, "logGroupName" | "tags">,
  void,
  LogsState
> = {
  schema: UntagLogGroup$,
  constraints: {
    logGroupName: required(GROUP_NAME),
    tags: { required: true, length: [1, Number.MAX_SAFE_INTEGER], item: { length: [1, 128] } },
  },
  access: ({ logGroupName }, context) => groupAccess("UntagLogGroup", logGroupName, context),
  run: ({ logGroupName, tags }, { state }) =>
    state.change(() => {
      removeTags(state, state.group(logGroupName), tags);
    }),
};

function removeTags(state: LogsState, group: LogGroup, keys: readonly string[]): void {
  const kept = Object.entries(group.tags).filter(([key]) => !keys.includes(key));
  state.groups.update({ ...group, tags: Object.fromEntries(kept) });
}

export const ListTagsForResource: OperationDefinition<
  Given<ListTagsForResourceRequest, "resourceArn">,
  ListTagsForResourceResponse,
  LogsState
> = {
  schema: ListTagsForResource$,
  constraints: { resourceArn: RESOURCE_ARN },
  access: ({ resourceArn }) => [{ action: "logs:ListTagsForResource", resource: resourceArn }],
  run: ({ resourceArn }, { state }) => ({ tags: { ...taggedGroup(state, resourceArn).tags } }),
};

export const ListTagsLogGroup: OperationDefinition<
  Given<ListTagsLogGroupRequest, "logGroupName">,
  ListTagsLogGroupResponse,
  LogsState
> = {
  schema: ListTagsLogGroup$,
  constraints: { logGroupName: required(GROUP_NAME) },
  access: ({ logGroupName }, context) => groupAccess("ListTagsLogGroup", logGroupName, context),
  run: ({ logGroupName }, { state }) => ({ tags: { ...state.group(logGroupName).tags } }),
};

function taggedGroup(state: LogsState, resourceArn: string): LogGroup {
  const name = nameInArn(resourceArn);
  // The text is ours: AWS's is not known.
  if (name === undefined) throw invalidParameter(`'${resourceArn}' is not a log group's ARN.`);
  return state.group(name);
}
