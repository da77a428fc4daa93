/**
 * Managed policies: CreatePolicy, GetPolicy, GetPolicyVersion, ListPolicies, DeletePolicy.
 * @module
 */

import {
  CreatePolicy$,
  type CreatePolicyRequest,
  type CreatePolicyResponse,
  DeletePolicy$,
  type DeletePolicyRequest,
  GetPolicy$,
  type GetPolicyRequest,
  type GetPolicyResponse,
  GetPolicyVersion$,
  type GetPolicyVersionRequest,
  type GetPolicyVersionResponse,
  ListPolicies$,
  type ListPoliciesRequest,
  type ListPoliciesResponse,
  type Policy as PolicyShape,
} from "@aws-sdk/client-iam";
import { AwsError } from "../../errors.ts";
import type { Given, OperationDefinition } from "../../operation.ts";
import type { ManagedPolicy } from "./entities.ts";
import { alreadyExists, noSuchEntity, noSuchPolicy } from "./errors.ts";
import { AWS_MANAGED_POLICIES } from "./managed_policies.ts";
import {
  DOCUMENT,
  MARKER,
  MAX_ITEMS,
  pageOf,
  PATH,
  POLICY_ARN,
  POLICY_NAME,
  required,
  tagList,
  tagRecord,
  TAGS,
  urlEncoded,
  wholeSeconds,
} from "./shapes.ts";
import type { IamState } from "./state.ts";

const VERSION = "v1";

function policyShape(state: IamState, policy: ManagedPolicy): PolicyShape {
  return {
    PolicyName: policy.policyName,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: VERSION,
    AttachmentCount: attachments(state, policy.arn),
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    Description: policy.description,
    CreateDate: wholeSeconds(policy.createMs),
    UpdateDate: wholeSeconds(policy.createMs),
  };
}

function attachments(state: IamState, arn: string): number {
  return [...state.all("user"), ...state.all("role")]
    .filter(({ attached }) => attached.includes(arn)).length;
}

/** A policy of the account, or one of AWS's own. */
function findPolicy(state: IamState, arn: string): ManagedPolicy {
  const own = state.policy(arn);
  if (own) return own;
  const document = AWS_MANAGED_POLICIES.get(arn);
  if (document === undefined) throw noSuchPolicy(arn);
  const [, path = "/", policyName = ""] = /:policy(\/(?:.*\/)?)([^/]+)$/.exec(arn) ?? [];
  return { policyName, path, id: "ANPAAWSMANAGEDPOLICY", arn, document, createMs: 0, tags: {} };
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
    Path: PATH,
    Description: { length: [0, 1_000] },
    Tags: TAGS,
  },
  access: ({ PolicyName, Path = "/" }, { state }) => [
    { action: "iam:CreatePolicy", resource: state.arn("policy", Path, PolicyName) },
  ],
  run: ({ PolicyName, PolicyDocument, Path = "/", Description, Tags }, { state, nowMs }) =>
    state.change(() => {
      const arn = state.arn("policy", Path, PolicyName);
      if (state.has("policy", arn)) {
        throw alreadyExists(
          `A policy called ${PolicyName} already exists. Duplicate names are not allowed.`,
        );
      }
      state.checkDocument(PolicyDocument, "identity");
      const policy: ManagedPolicy = {
        policyName: PolicyName,
        path: Path,
        id: state.newId("ANPA"),
        arn,
        document: PolicyDocument,
        description: Description,
        createMs: nowMs,
        tags: tagRecord(Tags),
      };
      state.save("policy", arn, policy);
      return { Policy: { ...policyShape(state, policy), Description: undefined } };
    }),
};

export const GetPolicy: OperationDefinition<
  Given<GetPolicyRequest, "PolicyArn">,
  GetPolicyResponse,
  IamState
> = {
  schema: GetPolicy$,
  constraints: { PolicyArn: required(POLICY_ARN) },
  access: ({ PolicyArn }) => [{ action: "iam:GetPolicy", resource: PolicyArn }],
  run: ({ PolicyArn }, { state }) => {
    const policy = findPolicy(state, PolicyArn);
    return { Policy: { ...policyShape(state, policy), Tags: tagList(policy.tags) } };
  },
};

export const GetPolicyVersion: OperationDefinition<
  Given<GetPolicyVersionRequest, "PolicyArn" | "VersionId">,
  GetPolicyVersionResponse,
  IamState
> = {
  schema: GetPolicyVersion$,
  constraints: {
    PolicyArn: required(POLICY_ARN),
    VersionId: { required: true, pattern: "v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?" },
  },
  access: ({ PolicyArn }) => [{ action: "iam:GetPolicyVersion", resource: PolicyArn }],
  run: ({ PolicyArn, VersionId }, { state }) => {
    const policy = findPolicy(state, PolicyArn);
    if (VersionId !== VERSION) {
      throw noSuchEntity(
        `Policy ${PolicyArn} version ${VersionId} does not exist or is not attachable.`,
      );
    }
    return {
      PolicyVersion: {
        Document: urlEncoded(policy.document),
        VersionId,
        IsDefaultVersion: true,
        CreateDate: wholeSeconds(policy.createMs),
      },
    };
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
    PathPrefix: { length: [1, 512] },
    Marker: MARKER,
    MaxItems: MAX_ITEMS,
  },
  access: (_, { state }) => [
    { action: "iam:ListPolicies", resource: state.arn("policy", "/", "") },
  ],
  run: (input, { state }) => {
    const { Scope = "All", PathPrefix = "/", OnlyAttached } = input;
    const aws = [...AWS_MANAGED_POLICIES.keys()].map((arn) => findPolicy(state, arn));
    const policies = [
      ...(Scope === "AWS" ? [] : state.all("policy")),
      ...(Scope === "Local" ? [] : aws),
    ].filter(({ arn, path }) =>
      path.startsWith(PathPrefix) && (!OnlyAttached || attachments(state, arn) > 0)
    );
    const { items, ...page } = pageOf(policies, input);
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
  access: ({ PolicyArn }) => [{ action: "iam:DeletePolicy", resource: PolicyArn }],
  run: ({ PolicyArn }, { state }) =>
    state.change(() => {
      if (!state.policy(PolicyArn)) throw noSuchPolicy(PolicyArn);
      if (attachments(state, PolicyArn) > 0) {
        throw new AwsError(
          "DeleteConflict",
          409,
          "Cannot delete a policy attached to entities.",
        );
      }
      state.remove("policy", PolicyArn);
    }),
};
