/**
 * Users: CreateUser, GetUser, ListUsers, DeleteUser.
 * @module
 */

import type {
  CreateUserRequest,
  CreateUserResponse,
  DeleteUserRequest,
  GetUserRequest,
  GetUserResponse,
  ListUsersRequest,
  ListUsersResponse,
} from "@aws-sdk/client-iam";
import { CreateUser$, DeleteUser$, GetUser$, ListUsers$ } from "../../schemas/iam.ts";
import type { Given, OperationDefinition } from "../../operation.ts";
import { callersUserName } from "./callers_user.ts";
import type { User } from "./entities.ts";
import { alreadyExists, deleteConflict, invalidInput } from "./errors.ts";
import { onUser, toCreate } from "./named_access.ts";
import {
  EXISTING_USER_NAME,
  MARKER,
  MAX_ITEMS,
  pageOf,
  PATH,
  PATH_PREFIX,
  required,
  tagRecord,
  TAGS,
  USER_NAME,
  userShape,
  wholeSeconds,
} from "./shapes.ts";
import type { IamState } from "./state.ts";

export const CreateUser: OperationDefinition<
  Given<CreateUserRequest, "UserName">,
  CreateUserResponse,
  IamState
> = {
  schema: CreateUser$,
  constraints: { UserName: required(USER_NAME), Path: PATH, Tags: TAGS },
  access: ({ UserName, Path = "/", Tags }, { state }) =>
    toCreate("User", state.arn("user", Path, UserName), { name: UserName, tags: Tags }),
  run: ({ UserName, Path = "/", Tags, PermissionsBoundary }, { state, nowMs }) =>
    state.change(() => {
      if (PermissionsBoundary !== undefined) {
        throw invalidInput("The sandbox does not support PermissionsBoundary.");
      }
      if (state.has("user", UserName)) {
        throw alreadyExists(`User with name ${UserName} already exists.`);
      }
      const user: User = {
        userName: UserName,
        path: Path,
        id: state.newId("AIDA"),
        arn: state.arn("user", Path, UserName),
        createMs: nowMs,
        tags: tagRecord(Tags),
        inline: {},
        attached: [],
      };
      state.save("user", UserName.toLowerCase(), user);
      return { User: userShape(user) };
    }),
};

export const GetUser: OperationDefinition<GetUserRequest, GetUserResponse, IamState> = {
  schema: GetUser$,
  constraints: { UserName: EXISTING_USER_NAME },
  access: ({ UserName }, { state, caller }) => {
    const name = UserName ?? callersUserName(caller);
    if (name === undefined) return [{ action: "iam:GetUser", resource: caller.arn }];
    return [onUser("GetUser", name, state)];
  },
  run: ({ UserName }, { state, caller }) => {
    const name = UserName ?? callersUserName(caller);
    if (name !== undefined) return { User: userShape(state.user(name)) };
    return {
      User: {
        Path: "/",
        UserName: undefined,
        UserId: caller.userId,
        Arn: caller.arn,
        CreateDate: wholeSeconds(0),
      },
    };
  },
};

export const ListUsers: OperationDefinition<ListUsersRequest, ListUsersResponse, IamState> = {
  schema: ListUsers$,
  constraints: { Marker: MARKER, MaxItems: MAX_ITEMS, PathPrefix: PATH_PREFIX },
  access: (_, { state }) => [{ action: "iam:ListUsers", resource: state.arn("user", "/", "") }],
  run: (input, { state }) => {
    const users = state.all("user").filter(({ path }) => path.startsWith(input.PathPrefix ?? "/"));
    const { items, ...page } = pageOf(users, ({ userName }) => userName.toLowerCase(), input);
    return { Users: items.map((user) => ({ ...userShape(user), Tags: undefined })), ...page };
  },
};

export const DeleteUser: OperationDefinition<
  Given<DeleteUserRequest, "UserName">,
  void,
  IamState
> = {
  schema: DeleteUser$,
  constraints: { UserName: required(EXISTING_USER_NAME) },
  access: ({ UserName }, { state }) => [onUser("DeleteUser", UserName, state)],
  run: ({ UserName }, { state }) =>
    state.change(() => {
      const user = state.user(UserName);
      if (user.attached.length > 0) throw deleteConflict("must detach all policies");
      if (Object.keys(user.inline).length > 0) throw deleteConflict("must delete policies");
      if (state.all("key").some(({ userName }) => userName === user.userName)) {
        throw deleteConflict("must delete access keys");
      }
      state.remove("user", UserName.toLowerCase());
    }),
};
