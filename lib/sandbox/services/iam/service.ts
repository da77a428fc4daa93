/**
 * IAM, as far as a Firehose pipeline needs it: users, access keys, roles, policies, tags.
 * @module
 */

import { bind, operationTable, type Service } from "../../operation.ts";
import {
  CreateAccessKey,
  DeleteAccessKey,
  GetAccessKeyLastUsed,
  ListAccessKeys,
  UpdateAccessKey,
} from "./access_keys.ts";
import { ListGroupsForUser } from "./groups.ts";
import { ListInstanceProfilesForRole } from "./instance_profiles.ts";
import { ownerOperations } from "./owner_policies.ts";
import { CreatePolicy, DeletePolicy, GetPolicy, ListPolicies } from "./policies.ts";
import { ListEntitiesForPolicy, ListPolicyTags, TagPolicy, UntagPolicy } from "./policy_uses.ts";
import {
  CreatePolicyVersion,
  DeletePolicyVersion,
  GetPolicyVersion,
  ListPolicyVersions,
  SetDefaultPolicyVersion,
} from "./policy_versions.ts";
import { CreateRole, DeleteRole, GetRole, ListRoles, UpdateAssumeRolePolicy } from "./roles.ts";
import { SimulateCustomPolicy, SimulatePrincipalPolicy } from "./simulate_policies.ts";
import type { IamState } from "./state.ts";
import { CreateUser, DeleteUser, GetUser, ListUsers } from "./users.ts";

/** IAM's table of operations on `state`. */
export function iamService(state: IamState): Service {
  return {
    signingName: "iam",
    protocol: {
      kind: "query",
      version: "2010-05-08",
      xmlNamespace: "https://iam.amazonaws.com/doc/2010-05-08/",
      hidesValues: true,
    },
    operations: operationTable([
      bind(CreateUser, state),
      bind(GetUser, state),
      bind(ListUsers, state),
      bind(DeleteUser, state),
      bind(CreateAccessKey, state),
      bind(ListAccessKeys, state),
      bind(UpdateAccessKey, state),
      bind(DeleteAccessKey, state),
      bind(GetAccessKeyLastUsed, state),
      bind(ListGroupsForUser, state),
      bind(CreateRole, state),
      bind(GetRole, state),
      bind(ListRoles, state),
      bind(UpdateAssumeRolePolicy, state),
      bind(DeleteRole, state),
      bind(ListInstanceProfilesForRole, state),
      bind(CreatePolicy, state),
      bind(GetPolicy, state),
      bind(GetPolicyVersion, state),
      bind(ListPolicies, state),
      bind(DeletePolicy, state),
      bind(CreatePolicyVersion, state),
      bind(ListPolicyVersions, state),
      bind(SetDefaultPolicyVersion, state),
      bind(DeletePolicyVersion, state),
      bind(ListEntitiesForPolicy, state),
      bind(TagPolicy, state),
      bind(UntagPolicy, state),
      bind(ListPolicyTags, state),
      bind(SimulatePrincipalPolicy, state),
      bind(SimulateCustomPolicy, state),
      ...ownerOperations(state),
    ]),
  };
}
