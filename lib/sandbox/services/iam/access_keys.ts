/**
 * Access keys of users: CreateAccessKey, ListAccessKeys, UpdateAccessKey, DeleteAccessKey,
 * GetAccessKeyLastUsed.
 * @module
 */

import type {
  CreateAccessKeyRequest,
  CreateAccessKeyResponse,
  DeleteAccessKeyRequest,
  GetAccessKeyLastUsedRequest,
  GetAccessKeyLastUsedResponse,
  ListAccessKeysRequest,
  ListAccessKeysResponse,
  UpdateAccessKeyRequest,
} from "@aws-sdk/client-iam";
import {
  CreateAccessKey$,
  DeleteAccessKey$,
  GetAccessKeyLastUsed$,
  ListAccessKeys$,
  UpdateAccessKey$,
} from "../../schemas/iam.ts";
import type { AccessRequest, Caller } from "../../access/caller.ts";
import type { MemberConstraint } from "../../constraints.ts";
import type { Context, Given, OperationDefinition } from "../../operation.ts";
import { callersUserName } from "./callers_user.ts";
import type { AccessKey } from "./entities.ts";
import { limitExceeded, noSuchEntity } from "./errors.ts";
import { onUser } from "./named_access.ts";
import { EXISTING_USER_NAME, MARKER, MAX_ITEMS, pageOf, required, wholeSeconds } from "./shapes.ts";
import type { IamState } from "./state.ts";

/**
 * Maximum number of access keys of a user.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const KEYS_PER_USER_MAX = 2;

const KEY_ID: MemberConstraint = { length: [16, 128], pattern: "[\\w]+" };

/** The named user, else the calling one; undefined for the root user. Throws ValidationError. */
function userNameOf(named: string | undefined, caller: Caller): string | undefined {
  return named ?? callersUserName(caller);
}

/** The access to the keys of the named user, else of the calling one. */
function keyAccess(
  action: string,
  named: string | undefined,
  { state, caller }: Pick<Context<IamState>, "state" | "caller">,
): AccessRequest[] {
  const name = userNameOf(named, caller);
  if (name === undefined) return [{ action: `iam:${action}`, resource: caller.arn }];
  return [onUser(action, name, state)];
}

export const CreateAccessKey: OperationDefinition<
  CreateAccessKeyRequest,
  CreateAccessKeyResponse,
  IamState
> = {
  schema: CreateAccessKey$,
  constraints: { UserName: EXISTING_USER_NAME },
  access: ({ UserName }, context) => keyAccess("CreateAccessKey", UserName, context),
  run: ({ UserName }, { state, caller, nowMs }) =>
    state.change(() => {
      const name = userNameOf(UserName, caller);
      const userName = name === undefined ? undefined : state.user(name).userName;
      const owned = state.all("key").filter((key) => key.userName === userName);
      if (owned.length >= KEYS_PER_USER_MAX) {
        throw limitExceeded(`Cannot exceed quota for AccessKeysPerUser: ${KEYS_PER_USER_MAX}`);
      }
      const key: AccessKey = {
        accessKeyId: state.newId("AKIA"),
        secretAccessKey: state.newSecret(),
        userName,
        status: "Active",
        createMs: nowMs,
      };
      state.save("key", key.accessKeyId, key);
      return {
        AccessKey: {
          UserName: userName,
          AccessKeyId: key.accessKeyId,
          Status: key.status,
          SecretAccessKey: key.secretAccessKey,
          CreateDate: wholeSeconds(nowMs),
        },
      };
    }),
};

export const ListAccessKeys: OperationDefinition<
  ListAccessKeysRequest,
  ListAccessKeysResponse,
  IamState
> = {
  schema: ListAccessKeys$,
  constraints: { UserName: EXISTING_USER_NAME, Marker: MARKER, MaxItems: MAX_ITEMS },
  access: ({ UserName }, context) => keyAccess("ListAccessKeys", UserName, context),
  run: (input, { state, caller }) => {
    const name = userNameOf(input.UserName, caller);
    const userName = name === undefined ? undefined : state.user(name).userName;
    const keys = state.all("key").filter((key) => key.userName === userName)
      .sort((a, b) => a.createMs - b.createMs);
    const { items, ...page } = pageOf(keys, ({ accessKeyId }) => accessKeyId, input);
    return {
      AccessKeyMetadata: items.map((key) => ({
        UserName: userName,
        AccessKeyId: key.accessKeyId,
        Status: key.status,
        CreateDate: wholeSeconds(key.createMs),
      })),
      ...page,
    };
  },
};

export const UpdateAccessKey: OperationDefinition<
  Given<UpdateAccessKeyRequest, "AccessKeyId" | "Status">,
  void,
  IamState
> = {
  schema: UpdateAccessKey$,
  constraints: {
    UserName: EXISTING_USER_NAME,
    AccessKeyId: required(KEY_ID),
    Status: { required: true, enum: ["Active", "Inactive"] },
  },
  access: ({ UserName }, context) => keyAccess("UpdateAccessKey", UserName, context),
  run: ({ UserName, AccessKeyId, Status }, { state, caller }) =>
    state.change(() => {
      const key = ownedKey(state, AccessKeyId, userNameOf(UserName, caller));
      const status = Status === "Active" ? "Active" : "Inactive";
      state.save("key", AccessKeyId, { ...key, status });
    }),
};

export const DeleteAccessKey: OperationDefinition<
  Given<DeleteAccessKeyRequest, "AccessKeyId">,
  void,
  IamState
> = {
  schema: DeleteAccessKey$,
  constraints: { UserName: EXISTING_USER_NAME, AccessKeyId: required(KEY_ID) },
  access: ({ UserName }, context) => keyAccess("DeleteAccessKey", UserName, context),
  run: ({ UserName, AccessKeyId }, { state, caller }) =>
    state.change(() => {
      ownedKey(state, AccessKeyId, userNameOf(UserName, caller));
      state.remove("key", AccessKeyId);
    }),
};

export const GetAccessKeyLastUsed: OperationDefinition<
  Given<GetAccessKeyLastUsedRequest, "AccessKeyId">,
  GetAccessKeyLastUsedResponse,
  IamState
> = {
  schema: GetAccessKeyLastUsed$,
  constraints: { AccessKeyId: required(KEY_ID) },
  access: ({ AccessKeyId }, { state }) => {
    const userName = state.key(AccessKeyId)?.userName;
    if (userName === undefined) return [{ action: "iam:GetAccessKeyLastUsed", resource: "*" }];
    return [onUser("GetAccessKeyLastUsed", userName, state)];
  },
  run: ({ AccessKeyId }, { state }) => {
    const key = state.key(AccessKeyId);
    if (!key) throw noSuchKey(AccessKeyId);
    const use = state.lastUse(AccessKeyId);
    return {
      UserName: key.userName,
      AccessKeyLastUsed: {
        LastUsedDate: use && wholeSeconds(use.usedMs),
        ServiceName: use?.service ?? "N/A",
        Region: use?.region ?? "N/A",
      },
    };
  },
};

const noSuchKey = (accessKeyId: string) =>
  noSuchEntity(`The Access Key with id ${accessKeyId} cannot be found.`);

function ownedKey(state: IamState, accessKeyId: string, name: string | undefined): AccessKey {
  const userName = name === undefined ? undefined : state.user(name).userName;
  const key = state.key(accessKeyId);
  if (key && key.userName === userName) return key;
  throw noSuchKey(accessKeyId);
}
