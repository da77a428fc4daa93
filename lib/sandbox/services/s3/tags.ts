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
export const OBJECT_TAGS_MAX = 10;
export const BUCKET_TAGS_MAX = 50;
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Checks a set of tags. Throws InvalidTag, or BadRequest for more than `countMax`. */
export function tagsOf(list: readonly Tag[], countMax: number): Tags {
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
      throw invalidTag("System tags cannot be added/updated by requester", {});
    }
    if (Object.hasOwn(tags, Key)) {
      throw invalidTag("Cannot provide multiple Tags with the same key", { TagKey: Key });
    }
    tags[Key] = Value;
  }
  if (list.length > countMax) {
    const what = countMax === OBJECT_TAGS_MAX ? "Object tags" : "Bucket tag count";
    throw new AwsError("BadRequest", 400, `${what} cannot be greater than ${countMax}`);
  }
  return tags;
}

const invalidTag = (message: string, fields: Readonly<Record<string, string>>) =>
  new AwsError("InvalidTag", 400, message, { fields });

/** The tags of a `<Tagging>` body. Throws MalformedXML if there is none. */
export function tagsOfBody(tagging: Tagging | undefined, countMax: number): Tags {
  if (!Array.isArray(tagging?.TagSet)) throw malformedXml();
  return tagsOf(tagging.TagSet, countMax);
}

/** The tags of an `x-amz-tagging` header: `a=1&b=2`, form-encoded. */
export function tagsOfHeader(header: string | undefined): Tags | undefined {
  if (header === undefined || header === "") return undefined;
  const list = [...new URLSearchParams(header)].map(([Key, Value]) => ({ Key, Value }));
  if (new Set(list.map(({ Key }) => Key)).size < list.length) {
    throw invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters " +
        "without tag name duplicates.",
      "x-amz-tagging",
      header,
    );
  }
  return tagsOf(list, OBJECT_TAGS_MAX);
}

/** Tags as a list, for answers. */
export function tagSet(tags: Tags): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
