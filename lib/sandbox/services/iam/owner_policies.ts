/**
 * Policies and tags of users and roles: the same ten operations exist for both, as PutUserPolicy
 * and PutRolePolicy for example.
 * @module
 */

import type { Tag } from "@aws-sdk/client-iam";
import {
  AttachRolePolicy$,
  AttachUserPolicy$,
  DeleteRolePolicy$,
  DeleteUserPolicy$,
  DetachRolePolicy$,
  DetachUserPolicy$,
  GetRolePolicy$,
  GetUserPolicy$,
  ListAttachedRolePolicies$,
  ListAttachedUserPolicies$,
  ListRolePolicies$,
  ListRoleTags$,
  ListUserPolicies$,
  ListUserTags$,
  PutRolePolicy$,
  PutUserPolicy$,
  TagRole$,
  TagUser$,
  UntagRole$,
  UntagUser$,
} from "../../schemas/iam.ts";
import type { StaticOperationSchema } from "@smithy/types";
import type { AccessRequest } from "../../access/caller.ts";
import type { Constraints, MemberConstraint } from "../../constraints.ts";
import { AwsError } from "../../errors.ts";
import { bind, type BoundOperation } from "../../operation.ts";
import type { PolicyOwner } from "./entities.ts";
import { limitExceeded, noSuchEntity, noSuchPolicy } from "./errors.ts";
import { onRole, onUser } from "./named_access.ts";
import {
  checkTagCount,
  DOCUMENT,
  EXISTING_USER_NAME,
  MARKER,
  MAX_ITEMS,
  pageOf,
  POLICY_ARN,
  POLICY_NAME,
  POLICY_PATH,
  required,
  ROLE_NAME,
  TAG_KEYS,
  tagKey,
  tagList,
  tagRecord,
  TAGS,
  urlEncoded,
} from "./shapes.ts";
import type { IamState } from "./state.ts";

/** Quotas. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const ATTACHED_MAX = 10;
const INLINE_BYTES_MAX = { user: 2_048, role: 10_240 } as const;

/** All members of these operations. The constraints of each operation say which it requires. */
interface OwnerInput {
  readonly UserName?: string;
  readonly RoleName?: string;
  readonly PolicyName: string;
  readonly PolicyDocument: string;
  readonly PolicyArn: string;
  readonly Tags: Tag[];
  readonly TagKeys: string[];
  readonly PathPrefix?: string;
  readonly Marker?: string;
  readonly MaxItems?: number;
}

/** The differences between users and roles. */
interface OwnerKind {
  readonly kind: "user" | "role";
  /** `User` or `Role`, as in the operations' names. */
  readonly label: "User" | "Role";
  readonly name: MemberConstraint;
  readonly on: (action: string, name: string, state: IamState) => AccessRequest;
  readonly schemas: Readonly<Record<OwnerAction, StaticOperationSchema>>;
}

type OwnerAction =
  | "put"
  | "get"
  | "list"
  | "delete"
  | "attach"
  | "detach"
  | "listAttached"
  | "tag"
  | "untag"
  | "listTags";

const USERS: OwnerKind = {
  kind: "user",
  label: "User",
  name: EXISTING_USER_NAME,
  on: onUser,
  schemas: {
    put: PutUserPolicy$,
    get: GetUserPolicy$,
    list: ListUserPolicies$,
    delete: DeleteUserPolicy$,
    attach: AttachUserPolicy$,
    detach: DetachUserPolicy$,
    listAttached: ListAttachedUserPolicies$,
    tag: TagUser$,
    untag: UntagUser$,
    listTags: ListUserTags$,
  },
};

const ROLES: OwnerKind = {
  kind: "role",
  label: "Role",
  name: ROLE_NAME,
  on: onRole,
  schemas: {
    put: PutRolePolicy$,
    get: GetRolePolicy$,
    list: ListRolePolicies$,
    delete: DeleteRolePolicy$,
    attach: AttachRolePolicy$,
    detach: DetachRolePolicy$,
    listAttached: ListAttachedRolePolicies$,
    tag: TagRole$,
    untag: UntagRole$,
    listTags: ListRoleTags$,
  },
};

/** All twenty operations, bound to `state`. */
export function ownerOperations(state: IamState): BoundOperation[] {
  return [USERS, ROLES].flatMap((kind) => operationsOf(kind, state));
}

function operationsOf(owners: OwnerKind, state: IamState): BoundOperation[] {
  const { kind, label } = owners;
  const nameOf = (input: OwnerInput) => (kind === "user" ? input.UserName : input.RoleName) ?? "";
  const ownerOf = (input: OwnerInput): PolicyOwner =>
    kind === "user" ? state.user(nameOf(input)) : state.role(nameOf(input));
  const save = (input: OwnerInput, changed: Partial<PolicyOwner>) => {
    const id = nameOf(input).toLowerCase();
    if (kind === "user") state.save("user", id, { ...state.user(id), ...changed });
    else state.save("role", id, { ...state.role(id), ...changed });
  };
  const operation = (
    action: OwnerAction,
    constraints: Constraints,
    run: (input: OwnerInput) => unknown,
  ): BoundOperation => {
    const schema = owners.schemas[action];
    return bind<OwnerInput, unknown, IamState>({
      schema,
      constraints: { [`${label}Name`]: required(owners.name), ...constraints },
      access: (input) => [{
        ...owners.on(schema[2], nameOf(input), state),
        ...(action === "attach" || action === "detach"
          ? { conditions: { "iam:PolicyARN": input.PolicyArn } }
          : {}),
      }],
      run,
    }, state);
  };
  const noInline = (name: string) =>
    noSuchEntity(`The ${kind} policy with name ${name} cannot be found.`);
  const paging = { Marker: MARKER, MaxItems: MAX_ITEMS };

  return [
    operation(
      "put",
      { PolicyName: required(POLICY_NAME), PolicyDocument: required(DOCUMENT) },
      (input) =>
        state.change(() => {
          const owner = ownerOf(input);
          state.permissions.checkDocument(input.PolicyDocument);
          const inline = { ...owner.inline, [input.PolicyName]: input.PolicyDocument };
          // White space does not count.
          const bytes = Object.values(inline).join("").replace(/\s/g, "").length;
          if (bytes > INLINE_BYTES_MAX[kind]) {
            throw limitExceeded(
              `Maximum policy size of ${INLINE_BYTES_MAX[kind]} bytes exceeded for ${kind} ` +
                nameOf(input),
            );
          }
          save(input, { inline });
        }),
    ),
    operation("get", { PolicyName: required(POLICY_NAME) }, (input) => {
      const document = ownerOf(input).inline[input.PolicyName];
      if (document === undefined) throw noInline(input.PolicyName);
      return {
        [`${label}Name`]: nameOf(input),
        PolicyName: input.PolicyName,
        PolicyDocument: urlEncoded(document),
      };
    }),
    operation("list", paging, (input) => {
      const { items, ...page } = pageOf(Object.keys(ownerOf(input).inline).sort(), String, input);
      return { PolicyNames: items, ...page };
    }),
    operation("delete", { PolicyName: required(POLICY_NAME) }, (input) =>
      state.change(() => {
        const { [input.PolicyName]: removed, ...inline } = ownerOf(input).inline;
        if (removed === undefined) throw noInline(input.PolicyName);
        save(input, { inline });
      })),
    operation("attach", { PolicyArn: required(POLICY_ARN) }, (input) =>
      state.change(() => {
        const { attached } = ownerOf(input);
        if (!input.PolicyArn.startsWith("arn:")) {
          throw new AwsError("ValidationError", 400, "Invalid ARN:  Could not be parsed!");
        }
        if (state.managedDocument(input.PolicyArn) === undefined) {
          throw noSuchEntity(`Policy ${input.PolicyArn} does not exist or is not attachable.`);
        }
        if (attached.includes(input.PolicyArn)) return;
        if (attached.length >= ATTACHED_MAX) {
          throw limitExceeded(`Cannot exceed quota for PoliciesPer${label}: ${ATTACHED_MAX}`);
        }
        save(input, { attached: [...attached, input.PolicyArn] });
      })),
    operation("detach", { PolicyArn: required(POLICY_ARN) }, (input) =>
      state.change(() => {
        const { attached } = ownerOf(input);
        if (!attached.includes(input.PolicyArn)) throw noSuchPolicy(input.PolicyArn);
        save(input, { attached: attached.filter((arn) => arn !== input.PolicyArn) });
      })),
    operation("listAttached", { ...paging, PathPrefix: POLICY_PATH }, (input) => {
      const { PathPrefix = "/" } = input;
      const attached = ownerOf(input).attached.filter((arn) =>
        arn.slice(arn.indexOf(":policy/") + ":policy".length).startsWith(PathPrefix)
      );
      const { items, ...page } = pageOf(attached, String, input);
      const policies = items.map((PolicyArn) => ({
        PolicyName: PolicyArn.split("/").at(-1),
        PolicyArn,
      }));
      return { AttachedPolicies: policies, ...page };
    }),
    operation("tag", { Tags: required(TAGS) }, (input) =>
      state.change(() => {
        const tags = { ...ownerOf(input).tags, ...tagRecord(input.Tags) };
        save(input, { tags: checkTagCount(tags) });
      })),
    operation("untag", { TagKeys: required(TAG_KEYS) }, (input) =>
      state.change(() => {
        const kept = Object.entries(ownerOf(input).tags)
          .filter(([key]) => !input.TagKeys.includes(key));
        save(input, { tags: Object.fromEntries(kept) });
      })),
    operation("listTags", paging, (input) => {
      const { items, ...page } = pageOf(tagList(ownerOf(input).tags), tagKey, input);
      return { Tags: items, ...page };
    }),
  ];
}
