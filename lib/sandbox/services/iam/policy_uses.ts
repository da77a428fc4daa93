/**
 * Who uses a managed policy, and its tags: ListEntitiesForPolicy, TagPolicy, UntagPolicy,
 * ListPolicyTags.
 * @module
 */

import type {
  ListEntitiesForPolicyRequest,
  ListEntitiesForPolicyResponse,
  ListPolicyTagsRequest,
  ListPolicyTagsResponse,
  TagPolicyRequest,
  UntagPolicyRequest,
} from "@aws-sdk/client-iam";
import {
  ListEntitiesForPolicy$,
  ListPolicyTags$,
  TagPolicy$,
  UntagPolicy$,
} from "../../schemas/iam.ts";
import type { Given, OperationDefinition } from "../../operation.ts";
import { noSuchPolicy } from "./errors.ts";
import { onPolicy } from "./named_access.ts";
import { findPolicy } from "./policies.ts";
import {
  checkTagCount,
  MARKER,
  MAX_ITEMS,
  pageOf,
  PATH,
  POLICY_ARN,
  required,
  TAG_KEYS,
  tagKey,
  tagList,
  tagRecord,
  TAGS,
} from "./shapes.ts";
import type { IamState } from "./state.ts";

export const ListEntitiesForPolicy: OperationDefinition<
  Given<ListEntitiesForPolicyRequest, "PolicyArn">,
  ListEntitiesForPolicyResponse,
  IamState
> = {
  schema: ListEntitiesForPolicy$,
  constraints: {
    PolicyArn: required(POLICY_ARN),
    EntityFilter: { enum: ["User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"] },
    PathPrefix: PATH,
    PolicyUsageFilter: { enum: ["PermissionsPolicy", "PermissionsBoundary"] },
    Marker: MARKER,
    MaxItems: MAX_ITEMS,
  },
  access: ({ PolicyArn }) => [onPolicy("ListEntitiesForPolicy", PolicyArn)],
  run: (input, { state }) => {
    const { PolicyArn, EntityFilter, PathPrefix = "/", PolicyUsageFilter } = input;
    const { arn } = findPolicy(state, PolicyArn);
    const isUsed = ({ attached, path }: { readonly attached: string[]; readonly path: string }) =>
      // There are no permissions boundaries, so no user or role has a policy as one.
      PolicyUsageFilter !== "PermissionsBoundary" && attached.includes(arn) &&
      path.startsWith(PathPrefix);
    const users = (EntityFilter ?? "User") === "User" ? state.all("user").filter(isUsed) : [];
    const roles = (EntityFilter ?? "Role") === "Role" ? state.all("role").filter(isUsed) : [];
    const { items, ...page } = pageOf(
      [...users, ...roles],
      // Users come first.
      (entity) => ("userName" in entity ? `1${entity.arn}` : `2${entity.arn}`),
      input,
    );
    return {
      PolicyGroups: [],
      PolicyUsers: items.flatMap((entity) =>
        "userName" in entity ? [{ UserName: entity.userName, UserId: entity.id }] : []
      ),
      PolicyRoles: items.flatMap((entity) =>
        "roleName" in entity ? [{ RoleName: entity.roleName, RoleId: entity.id }] : []
      ),
      ...page,
    };
  },
};

export const TagPolicy: OperationDefinition<
  Given<TagPolicyRequest, "PolicyArn" | "Tags">,
  void,
  IamState
> = {
  schema: TagPolicy$,
  constraints: { PolicyArn: required(POLICY_ARN), Tags: required(TAGS) },
  access: ({ PolicyArn }) => [onPolicy("TagPolicy", PolicyArn)],
  run: ({ PolicyArn, Tags }, { state }) => {
    const added = tagRecord(Tags);
    return changeTags(state, PolicyArn, (tags) => checkTagCount({ ...tags, ...added }));
  },
};

export const UntagPolicy: OperationDefinition<
  Given<UntagPolicyRequest, "PolicyArn" | "TagKeys">,
  void,
  IamState
> = {
  schema: UntagPolicy$,
  constraints: { PolicyArn: required(POLICY_ARN), TagKeys: required(TAG_KEYS) },
  access: ({ PolicyArn }) => [onPolicy("UntagPolicy", PolicyArn)],
  run: ({ PolicyArn, TagKeys }, { state }) =>
    changeTags(
      state,
      PolicyArn,
      (tags) => Object.fromEntries(Object.entries(tags).filter(([key]) => !TagKeys.includes(key))),
    ),
};

export const ListPolicyTags: OperationDefinition<
  Given<ListPolicyTagsRequest, "PolicyArn">,
  ListPolicyTagsResponse,
  IamState
> = {
  schema: ListPolicyTags$,
  constraints: { PolicyArn: required(POLICY_ARN), Marker: MARKER, MaxItems: MAX_ITEMS },
  access: ({ PolicyArn }) => [onPolicy("ListPolicyTags", PolicyArn)],
  run: (input, { state }) => {
    const { items, ...page } = pageOf(
      tagList(findPolicy(state, input.PolicyArn).tags),
      tagKey,
      input,
    );
    return { Tags: [...items], ...page };
  },
};

type Tags = Record<string, string>;

function changeTags(state: IamState, arn: string, change: (tags: Tags) => Tags): Promise<void> {
  return state.change(() => {
    const policy = state.policy(arn);
    if (!policy) throw noSuchPolicy(arn);
    state.save("policy", arn, { ...policy, tags: change(policy.tags) });
  });
}
