/**
 * Tags of buckets and objects, and the checks of S3 on them. Follows "Categorizing your objects
 * using tags" (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html).
 * @module
 */

import type { Tag, Tagging } from "@aws-sdk/client-s3";
import { AwsError } from "../../errors.ts";
import { invalidArgument, malformedXml } from "./errors.ts";

/** Tags by key. */
export type Tags = Readonly<Record<string, string>>;

const KEY_CHARACTERS_MAX = 128;
const VALUE_CHARACTERS_MAX = 256;
const OBJECT_TAGS_MAX = 10;
const BUCKET_TAGS_MAX = 50;
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** What gets tags: a bucket that is there, one that is created, or an object. */
export type Tagged = "bucket" | "new bucket" | "object";

/** For a key that begins with `aws:` each of the three has its own text (recorded 2026-02). */
const SYSTEM_TAG: Readonly<Record<Tagged, string>> = {
  "bucket": "System tags cannot be added/updated by requester",
  "new bucket": 'User-defined tag keys can\'t start with "aws:". This prefix is reserved for ' +
    'system tags. Remove "aws:" from your tag keys and try again.',
  "object": "Your TagKey cannot be prefixed with aws:",
};

/** Checks a set of tags. Throws InvalidTag, or BadRequest for too many. */
export function tagsOf(list: readonly Tag[], tagged: Tagged): Tags {
  const countMax = tagged === "object" ? OBJECT_TAGS_MAX : BUCKET_TAGS_MAX;
  const tags: Record<string, string> = {};
  for (const { Key, Value } of list) {
    if (typeof Key !== "string" || typeof Value !== "string") throw malformedXml();
    if (Key === "" || Key.length > KEY_CHARACTERS_MAX || !ALLOWED.test(Key)) {
      throw invalidTag("The TagKey you have provided is invalid", { TagKey: Key });
    }
    if (Value.length > VALUE_CHARACTERS_MAX || !ALLOWED.test(Value)) {
      throw invalidTag("The TagValue you have provided is invalid", {
        TagKey: Key,
        TagValue: Value,
      });
    }
    if (Key.toLowerCase().startsWith("aws:")) {
      throw invalidTag(SYSTEM_TAG[tagged], tagged === "new bucket" ? {} : { TagKey: Key });
    }
    if (Object.hasOwn(tags, Key)) {
      throw invalidTag("Cannot provide multiple Tags with the same key", { TagKey: Key });
    }
    tags[Key] = Value;
  }
  if (list.length > countMax) {
    const what = tagged === "object" ? "Object tags" : "Bucket tag count";
    throw new AwsError("BadRequest", 400, `${what} cannot be greater than ${countMax}`);
  }
  return tags;
}

const invalidTag = (message: string, fields: Readonly<Record<string, string>>) =>
  new AwsError("InvalidTag", 400, message, { fields });

/**
 * The tags of a `<Tagging>` body; one without a TagSet has none (recorded 2026-02). Throws
 * MalformedXML if there is no body.
 */
export function tagsOfBody(tagging: Tagging | undefined, tagged: Tagged): Tags {
  const list = tagging && (tagging.TagSet ?? []);
  if (!Array.isArray(list)) throw malformedXml();
  return tagsOf(list, tagged);
}

/** The tags of an `x-amz-tagging` header: `a=1&b=2`, form-encoded. */
export function tagsOfHeader(header: string | undefined): Tags | undefined {
  if (header === undefined || header === "") return undefined;
  const list = [...new URLSearchParams(header)].map(([Key, Value]) => ({ Key, Value }));
  const isForm = header.split("&").every((pair) => pair.split("=").length <= 2);
  if (!isForm || new Set(list.map(({ Key }) => Key)).size < list.length) {
    throw invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters " +
        "without tag name duplicates.",
      "x-amz-tagging",
      header,
    );
  }
  return tagsOf(list, "object");
}

/** Tags as a list, for answers. */
export function tagSet(tags: Tags): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
