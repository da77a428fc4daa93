/**
 * Tags of a function: TagResource, UntagResource, ListTags.
 * @module
 */

import type {
  ListTagsRequest,
  ListTagsResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from "@aws-sdk/client-lambda";
import { ListTags$, TagResource$, UntagResource$ } from "../../../schemas/lambda.ts";
import type { MemberConstraint } from "../../../constraints.ts";
import type { Given, OperationDefinition } from "../../../operation.ts";
import { invalidParameterValue, resourceNotFound } from "../errors.ts";
import { withRevision } from "../revisions.ts";
import type { LambdaState } from "../state.ts";

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-tags.html */
const TAGS_MAX = 50;
const KEY_CHARACTERS_MAX = 128;
const VALUE_CHARACTERS_MAX = 256;
const TAG_CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

const RESOURCE: MemberConstraint = {
  required: true,
  length: [1, 256],
  // As AWS printed it in November 2025.
  pattern: "arn:(aws[a-zA-Z-]*):lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:" +
    "\\d{12}:(function:[a-zA-Z0-9-_]+(:(\\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)|" +
    "code-signing-config:csc-[a-z0-9]{17}|event-source-mapping:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-" +
    "[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|capacity-provider:[a-zA-Z0-9-_]+)",
};

type Defined<Input, Output> = OperationDefinition<Input, Output, LambdaState>;

export const TagResource: Defined<Given<TagResourceRequest, "Resource" | "Tags">, void> = {
  schema: TagResource$,
  constraints: { Resource: RESOURCE, Tags: { required: true } },
  access: ({ Resource }) => [{ action: "lambda:TagResource", resource: Resource }],
  run: async ({ Resource, Tags }, { state }) => {
    if (Object.keys(Tags).length === 0) {
      functionTagged(Resource, state);
      throw invalidParameterValue("An error occurred and the request cannot be processed.");
    }
    await changeTags(Resource, state, (tags) => checkTags({ ...tags, ...Tags }));
  },
};

export const UntagResource: Defined<Given<UntagResourceRequest, "Resource" | "TagKeys">, void> = {
  schema: UntagResource$,
  constraints: { Resource: RESOURCE, TagKeys: { required: true } },
  access: ({ Resource }) => [{ action: "lambda:UntagResource", resource: Resource }],
  run: async ({ Resource, TagKeys }, { state }) => {
    await changeTags(Resource, state, (tags) => {
      const kept = Object.entries(tags).filter(([key]) => !TagKeys.includes(key));
      return Object.fromEntries(kept);
    });
  },
};

export const ListTags: Defined<Given<ListTagsRequest, "Resource">, ListTagsResponse> = {
  schema: ListTags$,
  constraints: { Resource: RESOURCE },
  access: ({ Resource }) => [{ action: "lambda:ListTags", resource: Resource }],
  run: ({ Resource }, { state }) => {
    const { tags } = state.function(functionTagged(Resource, state));
    return { Tags: { ...tags } };
  },
};

type Tags = Readonly<Record<string, string>>;

async function changeTags(
  resource: string,
  state: LambdaState,
  change: (tags: Tags) => Tags,
): Promise<void> {
  const revisionId = state.options.random.uuid();
  await state.update(
    functionTagged(resource, state),
    (fn) => withRevision({ ...fn, tags: change(fn.tags) }, undefined, revisionId),
  );
}

/**
 * Kinds of resources that AWS tags too, of which there are none here. The first two texts are AWS's
 * (recorded 2025-11), the others follow them.
 */
const OTHERS_TAGGED: Readonly<Record<string, string>> = {
  "event-source-mapping": "Event source mapping",
  "capacity-provider": "Capacity provider",
  "code-signing-config": "Code signing config",
  layer: "Layer",
};

/** The function of an ARN. Throws InvalidParameterValueException for a version or an alias. */
function functionTagged(resource: string, state: LambdaState) {
  const other = OTHERS_TAGGED[resource.split(":")[5]];
  if (other) throw resourceNotFound(`${other} not found: ${resource}`);
  const reference = state.reference(resource);
  if (reference.qualifier === undefined) return reference;
  throw invalidParameterValue(
    "Tags on function aliases and versions are not supported. Please specify a function ARN.",
  );
}

/**
 * `tags`, if a function can have them. Throws InvalidParameterValueException: the text about their
 * number is AWS's (recorded 2025-11), the other one is ours.
 */
export function checkTags(
  tags: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (Object.keys(tags).length > TAGS_MAX) {
    throw invalidParameterValue("Number of tags exceeds resource tag limit.");
  }
  for (const [key, value] of Object.entries(tags)) {
    const isRight = key.length >= 1 && key.length <= KEY_CHARACTERS_MAX &&
      value.length <= VALUE_CHARACTERS_MAX && !key.startsWith("aws:") &&
      TAG_CHARACTERS.test(key) && TAG_CHARACTERS.test(value);
    if (!isRight) throw invalidParameterValue(`The tag ${key} is not valid.`);
  }
  return tags;
}
