/**
 * Managed policies: CreatePolicy, GetPolicy, ListPolicies, DeletePolicy. Their versions are in
 * `policy_versions.ts`.
 * @module
 */

import type {
  CreatePolicyRequest,
  CreatePolicyResponse,
  DeletePolicyRequest,
  GetPolicyRequest,
  GetPolicyResponse,
  ListPoliciesRequest,
  ListPoliciesResponse,
  Policy as PolicyShape,
} from "@aws-sdk/client-iam";
import { CreatePolicy$, DeletePolicy$, GetPolicy$, ListPolicies$ } from "../../schemas/iam.ts";
import { AwsError } from "../../errors.ts";
import type { Given, OperationDefinition } from "../../operation.ts";
import { firstVersion, type ManagedPolicy } from "./entities.ts";
import { alreadyExists, limitExceeded, noSuchPolicy } from "./errors.ts";
import { AWS_MANAGED_POLICIES } from "./managed_policies.ts";
import { onPolicy, toCreate } from "./named_access.ts";
import {
  DOCUMENT,
  MARKER,
  MAX_ITEMS,
  pageOf,
  POLICY_ARN,
  POLICY_NAME,
  POLICY_PATH,
  required,
  shownTags,
  tagList,
  tagRecord,
  TAGS,
  wholeSeconds,
} from "./shapes.ts";
import type { IamState } from "./state.ts";

/** Characters of a document, white space not counted. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const POLICY_SIZE_MAX = 6_144;

/** Checks a managed policy's document. Throws MalformedPolicyDocument, or LimitExceeded for its size. */
export function checkManagedDocument(state: IamState, document: string): void {
  state.permissions.checkDocument(document, "managed");
  if (document.replace(/\s/g, "").length > POLICY_SIZE_MAX) {
    throw limitExceeded(`Cannot exceed quota for PolicySize: ${POLICY_SIZE_MAX}`);
  }
}

/** What every answer about a policy has. The description is GetPolicy's only. */
function policyShape(state: IamState, policy: ManagedPolicy): PolicyShape {
  return {
    PolicyName: policy.policyName,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: state.attachments(policy.arn),
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    CreateDate: wholeSeconds(policy.createMs),
    UpdateDate: wholeSeconds(policy.versions[policy.versions.length - 1].createMs),
  };
}

/** A policy of the account, or one of AWS's own. Throws NoSuchEntity. */
export function findPolicy(state: IamState, arn: string): ManagedPolicy {
  const own = state.policy(arn);
  if (own) return own;
  const document = AWS_MANAGED_POLICIES.get(arn);
  if (document === undefined) throw noSuchPolicy(arn);
  const [, path = "/", policyName = ""] = /:policy(\/(?:.*\/)?)([^/]+)$/.exec(arn) ?? [];
  const id = "ANPAAWSMANAGEDPOLICY";
  return { policyName, path, id, arn, ...firstVersion(document, 0), createMs: 0, tags: {} };
}

export const CreatePolicy: OperationDefinition<
  Given<CreatePolicyRequest, "PolicyName" | "PolicyDocument">,
  CreatePolicyResponse,
  IamState
> = {
  schema: CreatePolicy$,
  constraints: {
    PolicyName: required(POLICY_NAME),
    PolicyDocument: required(DOCUMENT),
    Path: POLICY_PATH,
    Description: { length: [0, 1_000] },
    Tags: TAGS,
  },
  access: ({ PolicyName, Path = "/", Tags }, { state }) =>
    toCreate("Policy", state.arn("policy", Path, PolicyName), { name: PolicyName, tags: Tags }),
  run: ({ PolicyName, PolicyDocument, Path = "/", Description, Tags }, { state, nowMs }) =>
    state.change(() => {
      const arn = state.arn("policy", Path, PolicyName);
      if (state.has("policy", arn)) {
        throw alreadyExists(
          `A policy called ${PolicyName} already exists. Duplicate names are not allowed.`,
        );
      }
      checkManagedDocument(state, PolicyDocument);
      const policy: ManagedPolicy = {
        policyName: PolicyName,
        path: Path,
        id: state.newId("ANPA"),
        arn,
        ...firstVersion(PolicyDocument, nowMs),
        description: Description,
        createMs: nowMs,
        tags: tagRecord(Tags),
      };
      state.save("policy", arn, policy);
      return { Policy: { ...policyShape(state, policy), ...shownTags(policy.tags) } };
    }),
};

export const GetPolicy: OperationDefinition<
  Given<GetPolicyRequest, "PolicyArn">,
  GetPolicyResponse,
  IamState
> = {
  schema: GetPolicy$,
  constraints: { PolicyArn: required(POLICY_ARN) },
  access: ({ PolicyArn }) => [onPolicy("GetPolicy", PolicyArn)],
  run: ({ PolicyArn }, { state }) => {
    const policy = findPolicy(state, PolicyArn);
    const { description: Description, tags } = policy;
    return { Policy: { ...policyShape(state, policy), Description, Tags: tagList(tags) } };
  },
};

export const ListPolicies: OperationDefinition<
  ListPoliciesRequest,
  ListPoliciesResponse,
  IamState
> = {
  schema: ListPolicies$,
  constraints: {
    Scope: { enum: ["All", "AWS", "Local"] },
    PolicyUsageFilter: { enum: ["PermissionsPolicy", "PermissionsBoundary"] },
    PathPrefix: POLICY_PATH,
    Marker: MARKER,
    MaxItems: MAX_ITEMS,
  },
  access: (_, { state }) => [
    { action: "iam:ListPolicies", resource: state.arn("policy", "/", "") },
  ],
  run: (input, { state }) => {
    const { Scope = "All", PathPrefix = "/", OnlyAttached, PolicyUsageFilter } = input;
    // There are no permissions boundaries, so no policy is used as one.
    if (PolicyUsageFilter === "PermissionsBoundary") return { Policies: [], IsTruncated: false };
    const aws = [...AWS_MANAGED_POLICIES.keys()].map((arn) => findPolicy(state, arn));
    const policies = [
      ...(Scope === "AWS" ? [] : state.all("policy")),
      ...(Scope === "Local" ? [] : aws),
    ];
    const isAll = PathPrefix === "/" && !OnlyAttached;
    const chosen = isAll
      ? policies
      : policies.filter(({ arn, path }) =>
        path.startsWith(PathPrefix) && (!OnlyAttached || state.attachments(arn) > 0)
      );
    const { items, ...page } = pageOf(chosen, ({ arn }) => arn, input);
    return { Policies: items.map((policy) => policyShape(state, policy)), ...page };
  },
};

export const DeletePolicy: OperationDefinition<
  Given<DeletePolicyRequest, "PolicyArn">,
  void,
  IamState
> = {
  schema: DeletePolicy$,
  constraints: { PolicyArn: required(POLICY_ARN) },
  access: ({ PolicyArn }) => [onPolicy("DeletePolicy", PolicyArn)],
  run: ({ PolicyArn }, { state }) =>
    state.change(() => {
      const policy = state.policy(PolicyArn);
      if (!policy) throw noSuchPolicy(PolicyArn);
      if (state.attachments(PolicyArn) > 0) {
        throw new AwsError(
          "DeleteConflict",
          409,
          "Cannot delete a policy attached to entities.",
        );
      }
      if (policy.versions.length > 1) {
        throw new AwsError(
          "DeleteConflict",
          409,
          "This policy has more than one version. Before you delete a policy, you must delete " +
            "the policy's versions. The default version is deleted with the policy.",
        );
      }
      state.remove("policy", PolicyArn);
    }),
};
