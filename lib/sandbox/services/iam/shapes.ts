/**
 * Constraints of IAM's members, and its entities as the API shows them.
 * @module
 */

import type { Role as RoleShape, Tag, User as UserShape } from "@aws-sdk/client-iam";
import type { MemberConstraint } from "../../constraints.ts";
import { listPage } from "../../list_pages.ts";
import type { Role, User } from "./entities.ts";
import { invalidInput, limitExceeded } from "./errors.ts";
import { type Principals, shownTrustPolicy } from "./trust.ts";

const NAME_PATTERN = "[\\w+=,.@-]+";
/** The name of a new user. */
export const USER_NAME: MemberConstraint = { length: [1, 64], pattern: NAME_PATTERN };
/** The name of a user that exists, which the model allows more characters. */
export const EXISTING_USER_NAME: MemberConstraint = { length: [1, 128], pattern: NAME_PATTERN };
export const ROLE_NAME: MemberConstraint = { length: [1, 64], pattern: NAME_PATTERN };
export const POLICY_NAME: MemberConstraint = { length: [1, 128], pattern: NAME_PATTERN };
export const POLICY_ARN: MemberConstraint = { length: [20, 2048] };
export const PATH: MemberConstraint = {
  length: [1, 512],
  pattern: "(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)",
};
/** The paths of policies, which the model allows fewer characters. */
export const POLICY_PATH: MemberConstraint = {
  length: [1, 512],
  pattern: "((/[A-Za-z0-9\\.,\\+@=_-]+)*)/",
};
/** The beginning of a path, in lists of users and roles. */
export const PATH_PREFIX: MemberConstraint = {
  length: [1, 512],
  pattern: "\\u002F[\\u0021-\\u007F]*",
};
export const DOCUMENT: MemberConstraint = {
  length: [1, 131_072],
  pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+",
};
export const ROLE_DESCRIPTION: MemberConstraint = {
  length: [0, 1_000],
  pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*",
};
export const MARKER: MemberConstraint = { length: [1, 1_000] };
export const MAX_ITEMS: MemberConstraint = { range: [1, 1_000] };
const TAG_KEY: MemberConstraint = {
  length: [1, 128],
  pattern: "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+",
};
export const TAG_KEYS: MemberConstraint = { length: [0, 50], item: TAG_KEY };
export const TAGS: MemberConstraint = {
  length: [0, 50],
  item: {
    members: {
      Key: { required: true, ...TAG_KEY },
      Value: { required: true, length: [0, 256], pattern: "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*" },
    },
  },
};
export const required = (constraint: MemberConstraint): MemberConstraint => ({
  ...constraint,
  required: true,
});

export function userShape(user: User): UserShape {
  return {
    Path: user.path,
    UserName: user.userName,
    UserId: user.id,
    Arn: user.arn,
    CreateDate: wholeSeconds(user.createMs),
    ...shownTags(user.tags),
  };
}

/** A role as CreateRole shows it. The trust policy is URL-encoded, as IAM sends all documents. */
export function roleShape(role: Role, principals: Principals): RoleShape {
  return {
    Path: role.path,
    RoleName: role.roleName,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: wholeSeconds(role.createMs),
    AssumeRolePolicyDocument: urlEncoded(shownTrustPolicy(role, principals)),
    ...(role.description === undefined ? {} : { Description: role.description }),
    ...shownTags(role.tags),
  };
}

/** RFC 3986 percent-encoding, which IAM uses for policy documents. */
export function urlEncoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Tags, sorted by key: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUserTags.html */
export function tagList(tags: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
    .sort((a, b) => (a.Key < b.Key ? -1 : 1));
}

/** The key of a tag in a list. */
export const tagKey = ({ Key = "" }: Tag): string => Key;

/** `Tags` as a member, absent if there are none. */
export function shownTags(tags: Readonly<Record<string, string>>): { Tags?: Tag[] } {
  return Object.keys(tags).length === 0 ? {} : { Tags: tagList(tags) };
}

/**
 * Tags by key. Throws InvalidInput if a key occurs twice, where keys are compared without case, or
 * begins with `aws:` (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html).
 */
export function tagRecord(tags: readonly Tag[] = []): Record<string, string> {
  const keys = new Set(tags.map(({ Key }) => Key?.toLowerCase()));
  if (keys.size < tags.length) {
    throw invalidInput("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
  }
  if (tags.some(({ Key = "" }) => /^aws:/i.test(Key))) {
    throw invalidInput("aws: prefixed tag key names are not allowed for external use.");
  }
  return Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
}

const TAGS_MAX = 50;

/** Returns the tags. Throws LimitExceeded for too many. */
export function checkTagCount(tags: Record<string, string>): Record<string, string> {
  if (Object.keys(tags).length <= TAGS_MAX) return tags;
  throw limitExceeded("The number of tags has reached the maximum limit.");
}

/** IAM's dates have whole seconds. */
export function wholeSeconds(ms: number): Date {
  return new Date(Math.floor(ms / 1000) * 1000);
}

/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly IsTruncated: boolean;
  readonly Marker?: string;
}

const PAGE_ITEMS_DEFAULT = 100;

/**
 * The page of `items` from `Marker` on; `keyOf` is unique among them. Throws InvalidInput for a marker
 * that is not ours.
 */
export function pageOf<Item>(
  items: readonly Item[],
  keyOf: (item: Item, index: number) => string,
  { Marker, MaxItems = PAGE_ITEMS_DEFAULT }: {
    readonly Marker?: string | undefined;
    readonly MaxItems?: number | undefined;
  },
): Page<Item> {
  const page = listPage(items, keyOf, MaxItems, Marker);
  if (!page) throw invalidInput(`Invalid Marker: ${Marker}`);
  return {
    items: page.items,
    IsTruncated: page.marker !== undefined,
    ...(page.marker === undefined ? {} : { Marker: page.marker }),
  };
}
