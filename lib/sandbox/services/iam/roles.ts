/**
 * Roles: CreateRole, GetRole, ListRoles, UpdateAssumeRolePolicy, DeleteRole.
 * @module
 */

import type {
  CreateRoleRequest,
  CreateRoleResponse,
  DeleteRoleRequest,
  GetRoleRequest,
  GetRoleResponse,
  ListRolesRequest,
  ListRolesResponse,
  UpdateAssumeRolePolicyRequest,
} from "@aws-sdk/client-iam";
import {
  CreateRole$,
  DeleteRole$,
  GetRole$,
  ListRoles$,
  UpdateAssumeRolePolicy$,
} from "../../schemas/iam.ts";
import type { Given, OperationDefinition } from "../../operation.ts";
import type { Role } from "./entities.ts";
import { alreadyExists, deleteConflict, invalidInput } from "./errors.ts";
import { onRole, toCreate } from "./named_access.ts";
import {
  DOCUMENT,
  MARKER,
  MAX_ITEMS,
  pageOf,
  PATH,
  PATH_PREFIX,
  required,
  ROLE_DESCRIPTION,
  ROLE_NAME,
  roleShape,
  tagRecord,
  TAGS,
} from "./shapes.ts";
import type { IamState } from "./state.ts";

const SESSION_SECONDS_DEFAULT = 3_600;

export const CreateRole: OperationDefinition<
  Given<CreateRoleRequest, "RoleName" | "AssumeRolePolicyDocument">,
  CreateRoleResponse,
  IamState
> = {
  schema: CreateRole$,
  constraints: {
    RoleName: required(ROLE_NAME),
    AssumeRolePolicyDocument: required(DOCUMENT),
    Path: PATH,
    Description: ROLE_DESCRIPTION,
    MaxSessionDuration: { range: [3_600, 43_200] },
    Tags: TAGS,
  },
  access: ({ RoleName, Path = "/", Tags }, { state }) =>
    toCreate("Role", state.arn("role", Path, RoleName), { name: RoleName, tags: Tags }),
  run: (input, { state, nowMs }) =>
    state.change(() => {
      const { RoleName, AssumeRolePolicyDocument, Path = "/" } = input;
      if (input.PermissionsBoundary !== undefined) {
        throw invalidInput("The sandbox does not support PermissionsBoundary.");
      }
      if (state.has("role", RoleName)) {
        throw alreadyExists(`Role with name ${RoleName} already exists.`);
      }
      const trustedIds = state.permissions.checkTrustPolicy(AssumeRolePolicyDocument);
      const role: Role = {
        roleName: RoleName,
        path: Path,
        id: state.newId("AROA"),
        arn: state.arn("role", Path, RoleName),
        createMs: nowMs,
        trustPolicy: AssumeRolePolicyDocument,
        trustedIds,
        description: input.Description,
        maxSessionSeconds: input.MaxSessionDuration ?? SESSION_SECONDS_DEFAULT,
        tags: tagRecord(input.Tags),
        inline: {},
        attached: [],
      };
      state.save("role", RoleName.toLowerCase(), role);
      return { Role: roleShape(role, state) };
    }),
};

export const GetRole: OperationDefinition<
  Given<GetRoleRequest, "RoleName">,
  GetRoleResponse,
  IamState
> = {
  schema: GetRole$,
  constraints: { RoleName: required(ROLE_NAME) },
  access: ({ RoleName }, { state }) => [onRole("GetRole", RoleName, state)],
  run: ({ RoleName }, { state }) => {
    const role = state.role(RoleName);
    return {
      Role: {
        ...roleShape(role, state),
        MaxSessionDuration: role.maxSessionSeconds,
        RoleLastUsed: {},
      },
    };
  },
};

export const ListRoles: OperationDefinition<ListRolesRequest, ListRolesResponse, IamState> = {
  schema: ListRoles$,
  constraints: { Marker: MARKER, MaxItems: MAX_ITEMS, PathPrefix: PATH_PREFIX },
  access: (_, { state }) => [{ action: "iam:ListRoles", resource: state.arn("role", "/", "") }],
  run: (input, { state }) => {
    const roles = state.all("role").filter(({ path }) => path.startsWith(input.PathPrefix ?? "/"));
    const { items, ...page } = pageOf(roles, ({ roleName }) => roleName.toLowerCase(), input);
    return {
      Roles: items.map((role) => ({
        ...roleShape(role, state),
        MaxSessionDuration: role.maxSessionSeconds,
        Tags: undefined,
      })),
      ...page,
    };
  },
};

export const UpdateAssumeRolePolicy: OperationDefinition<
  Given<UpdateAssumeRolePolicyRequest, "RoleName" | "PolicyDocument">,
  void,
  IamState
> = {
  schema: UpdateAssumeRolePolicy$,
  constraints: { RoleName: required(ROLE_NAME), PolicyDocument: required(DOCUMENT) },
  access: ({ RoleName }, { state }) => [onRole("UpdateAssumeRolePolicy", RoleName, state)],
  run: ({ RoleName, PolicyDocument }, { state }) =>
    state.change(() => {
      const role = state.role(RoleName);
      const trustedIds = state.permissions.checkTrustPolicy(PolicyDocument);
      const changed = { ...role, trustPolicy: PolicyDocument, trustedIds };
      state.save("role", RoleName.toLowerCase(), changed);
    }),
};

export const DeleteRole: OperationDefinition<
  Given<DeleteRoleRequest, "RoleName">,
  void,
  IamState
> = {
  schema: DeleteRole$,
  constraints: { RoleName: required(ROLE_NAME) },
  access: ({ RoleName }, { state }) => [onRole("DeleteRole", RoleName, state)],
  run: ({ RoleName }, { state }) =>
    state.change(() => {
      const role = state.role(RoleName);
      if (role.attached.length > 0) throw deleteConflict("must detach all policies");
      if (Object.keys(role.inline).length > 0) throw deleteConflict("must delete policies");
      state.remove("role", RoleName.toLowerCase());
    }),
};
