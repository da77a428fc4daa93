/**
 * Versions of managed policies: CreatePolicyVersion, GetPolicyVersion, ListPolicyVersions,
 * SetDefaultPolicyVersion, DeletePolicyVersion. The default version is in force.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html
 * @module
 */

import type {
  CreatePolicyVersionRequest,
  CreatePolicyVersionResponse,
  DeletePolicyVersionRequest,
  GetPolicyVersionRequest,
  GetPolicyVersionResponse,
  ListPolicyVersionsRequest,
  ListPolicyVersionsResponse,
  PolicyVersion as VersionShape,
  SetDefaultPolicyVersionRequest,
} from "@aws-sdk/client-iam";
import {
  CreatePolicyVersion$,
  DeletePolicyVersion$,
  GetPolicyVersion$,
  ListPolicyVersions$,
  SetDefaultPolicyVersion$,
} from "../../schemas/iam.ts";
import type { MemberConstraint } from "../../constraints.ts";
import { AwsError } from "../../errors.ts";
import type { Given, OperationDefinition } from "../../operation.ts";
import type { ManagedPolicy, PolicyVersion } from "./entities.ts";
import { limitExceeded, noSuchEntity, noSuchPolicy } from "./errors.ts";
import { onPolicy } from "./named_access.ts";
import { checkManagedDocument, findPolicy } from "./policies.ts";
import {
  DOCUMENT,
  MARKER,
  MAX_ITEMS,
  pageOf,
  POLICY_ARN,
  required,
  urlEncoded,
  wholeSeconds,
} from "./shapes.ts";
import type { IamState } from "./state.ts";

const VERSIONS_MAX = 5;

const VERSION_ID: MemberConstraint = {
  required: true,
  pattern: "v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?",
};

function versionOf(policy: ManagedPolicy, versionId: string): PolicyVersion {
  const version = policy.versions.find((other) => other.versionId === versionId);
  if (version) return version;
  throw noSuchEntity(
    `Policy ${policy.arn} version ${versionId} does not exist or is not attachable.`,
  );
}

/** A policy that can be changed: one of the account's. Throws NoSuchEntity. */
function ownPolicy(state: IamState, arn: string): ManagedPolicy {
  const policy = state.policy(arn);
  if (!policy) throw noSuchPolicy(arn);
  return policy;
}

function versionShape(policy: ManagedPolicy, version: PolicyVersion): VersionShape {
  return {
    VersionId: version.versionId,
    IsDefaultVersion: version.versionId === policy.defaultVersionId,
    CreateDate: wholeSeconds(version.createMs),
  };
}

export const CreatePolicyVersion: OperationDefinition<
  Given<CreatePolicyVersionRequest, "PolicyArn" | "PolicyDocument">,
  CreatePolicyVersionResponse,
  IamState
> = {
  schema: CreatePolicyVersion$,
  constraints: { PolicyArn: required(POLICY_ARN), PolicyDocument: required(DOCUMENT) },
  access: ({ PolicyArn }) => [onPolicy("CreatePolicyVersion", PolicyArn)],
  run: ({ PolicyArn, PolicyDocument, SetAsDefault }, { state, nowMs }) =>
    state.change(() => {
      const policy = ownPolicy(state, PolicyArn);
      checkManagedDocument(state, PolicyDocument);
      if (policy.versions.length >= VERSIONS_MAX) {
        throw limitExceeded(
          `A managed policy can have up to ${VERSIONS_MAX} versions. Before you create a new ` +
            "version, you must delete an existing version.",
        );
      }
      const versionId = `v${policy.lastVersion + 1}`;
      const version = { versionId, document: PolicyDocument, createMs: nowMs };
      const changed: ManagedPolicy = {
        ...policy,
        versions: [...policy.versions, version],
        lastVersion: policy.lastVersion + 1,
        ...(SetAsDefault ? { document: PolicyDocument, defaultVersionId: versionId } : {}),
      };
      state.save("policy", PolicyArn, changed);
      return { PolicyVersion: versionShape(changed, version) };
    }),
};

export const GetPolicyVersion: OperationDefinition<
  Given<GetPolicyVersionRequest, "PolicyArn" | "VersionId">,
  GetPolicyVersionResponse,
  IamState
> = {
  schema: GetPolicyVersion$,
  constraints: { PolicyArn: required(POLICY_ARN), VersionId: VERSION_ID },
  access: ({ PolicyArn }) => [onPolicy("GetPolicyVersion", PolicyArn)],
  run: ({ PolicyArn, VersionId }, { state }) => {
    const policy = findPolicy(state, PolicyArn);
    const version = versionOf(policy, VersionId);
    return {
      PolicyVersion: {
        Document: urlEncoded(version.document),
        ...versionShape(policy, version),
      },
    };
  },
};

export const ListPolicyVersions: OperationDefinition<
  Given<ListPolicyVersionsRequest, "PolicyArn">,
  ListPolicyVersionsResponse,
  IamState
> = {
  schema: ListPolicyVersions$,
  constraints: { PolicyArn: required(POLICY_ARN), Marker: MARKER, MaxItems: MAX_ITEMS },
  access: ({ PolicyArn }) => [onPolicy("ListPolicyVersions", PolicyArn)],
  run: (input, { state }) => {
    const policy = findPolicy(state, input.PolicyArn);
    const { items, ...page } = pageOf(
      policy.versions.toReversed(),
      ({ versionId }) => versionId,
      input,
    );
    return { Versions: items.map((version) => versionShape(policy, version)), ...page };
  },
};

export const SetDefaultPolicyVersion: OperationDefinition<
  Given<SetDefaultPolicyVersionRequest, "PolicyArn" | "VersionId">,
  void,
  IamState
> = {
  schema: SetDefaultPolicyVersion$,
  constraints: { PolicyArn: required(POLICY_ARN), VersionId: VERSION_ID },
  access: ({ PolicyArn }) => [onPolicy("SetDefaultPolicyVersion", PolicyArn)],
  run: ({ PolicyArn, VersionId }, { state }) =>
    state.change(() => {
      const policy = ownPolicy(state, PolicyArn);
      const { document } = versionOf(policy, VersionId);
      state.save("policy", PolicyArn, { ...policy, document, defaultVersionId: VersionId });
    }),
};

export const DeletePolicyVersion: OperationDefinition<
  Given<DeletePolicyVersionRequest, "PolicyArn" | "VersionId">,
  void,
  IamState
> = {
  schema: DeletePolicyVersion$,
  constraints: { PolicyArn: required(POLICY_ARN), VersionId: VERSION_ID },
  access: ({ PolicyArn }) => [onPolicy("DeletePolicyVersion", PolicyArn)],
  run: ({ PolicyArn, VersionId }, { state }) =>
    state.change(() => {
      const policy = ownPolicy(state, PolicyArn);
      const version = versionOf(policy, VersionId);
      if (VersionId === policy.defaultVersionId) {
        throw new AwsError("DeleteConflict", 409, "Cannot delete the default version of a policy.");
      }
      const versions = policy.versions.filter((other) => other !== version);
      state.save("policy", PolicyArn, { ...policy, versions });
    }),
};
