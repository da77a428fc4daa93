/**
 * Conditional requests: If-Match, If-None-Match, If-Modified-Since and If-Unmodified-Since, on
 * reads, on writes and on the source of a copy. Follows "Conditional requests"
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html).
 * @module
 */

import { AwsError } from "../../errors.ts";
import { noSuchKey, preconditionFailed } from "./errors.ts";
import { lastModified, quoted } from "./object.ts";
import type { StoredObject } from "./state.ts";

/** What a request wants to be true of an object. */
export interface ReadConditions {
  readonly IfMatch?: string;
  readonly IfNoneMatch?: string;
  readonly IfModifiedSince?: Date;
  readonly IfUnmodifiedSince?: Date;
}

/** The first condition that `object` does not meet, as AWS names it; undefined if it meets all. */
function unmet(conditions: ReadConditions, object: StoredObject): keyof ReadConditions | undefined {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
  const modifiedMs = lastModified(object).getTime();
  // If-Match beats If-Unmodified-Since, If-None-Match beats If-Modified-Since.
  if (IfMatch !== undefined) {
    if (!matches(IfMatch, object)) return "IfMatch";
  } else if (IfUnmodifiedSince && modifiedMs > IfUnmodifiedSince.getTime()) {
    return "IfUnmodifiedSince";
  }
  if (IfNoneMatch !== undefined) {
    if (matches(IfNoneMatch, object)) return "IfNoneMatch";
  } else if (IfModifiedSince && modifiedMs <= IfModifiedSince.getTime()) {
    return "IfModifiedSince";
  }
  return undefined;
}

const HEADERS: Readonly<Record<keyof ReadConditions, string>> = {
  IfMatch: "If-Match",
  IfNoneMatch: "If-None-Match",
  IfModifiedSince: "If-Modified-Since",
  IfUnmodifiedSince: "If-Unmodified-Since",
};

/** For reads. Throws PreconditionFailed, or the 304 that says that nothing is new. */
export function checkReadConditions(conditions: ReadConditions, object: StoredObject): void {
  const condition = unmet(conditions, object);
  if (condition === undefined) return;
  if (condition === "IfMatch" || condition === "IfUnmodifiedSince") {
    throw preconditionFailed(HEADERS[condition]);
  }
  throw new AwsError("NotModified", 304, "Not Modified", {
    headers: { etag: quoted(object), "last-modified": lastModified(object).toUTCString() },
  });
}

/** For the source of a copy, where every condition that is not met is PreconditionFailed. */
export function checkSourceConditions(
  conditions: {
    readonly CopySourceIfMatch?: string;
    readonly CopySourceIfNoneMatch?: string;
    readonly CopySourceIfModifiedSince?: Date;
    readonly CopySourceIfUnmodifiedSince?: Date;
  },
  source: StoredObject,
): void {
  const condition = unmet({
    IfMatch: conditions.CopySourceIfMatch,
    IfNoneMatch: conditions.CopySourceIfNoneMatch,
    IfModifiedSince: conditions.CopySourceIfModifiedSince,
    IfUnmodifiedSince: conditions.CopySourceIfUnmodifiedSince,
  }, source);
  if (condition) throw preconditionFailed(`x-amz-copy-source-${HEADERS[condition]}`);
}

/** What a write wants to be true of the object that it replaces. */
export interface WriteConditions {
  readonly Key: string;
  readonly IfMatch?: string;
  readonly IfNoneMatch?: string;
}

/** Refuses what S3 does not take as a condition of a write. */
export function checkWriteForm({ IfNoneMatch }: WriteConditions): void {
  if (IfNoneMatch === undefined || IfNoneMatch === "*") return;
  throw new AwsError(
    "NotImplemented",
    501,
    "A header you provided implies functionality that is not implemented",
    {
      fields: {
        Header: "If-None-Match",
        additionalMessage:
          "We don't accept the provided value of If-None-Match header for this API",
      },
    },
  );
}

/** For writes; in the commit of the write, so that nothing comes between. */
export function checkWriteConditions(
  { Key, IfMatch, IfNoneMatch }: WriteConditions,
  existing: StoredObject | undefined,
): void {
  if (IfNoneMatch === "*" && existing) throw preconditionFailed("If-None-Match");
  if (IfMatch === undefined) return;
  if (!existing) throw noSuchKey(Key);
  if (!matches(IfMatch, existing)) throw preconditionFailed("If-Match");
}

function matches(header: string, { etag }: StoredObject): boolean {
  return header.split(",").some((tag) => tag.trim() === "*" || unquoted(tag.trim()) === etag);
}

/** An ETag without its quotes. */
export const unquoted = (tag: string) => tag.replace(/^"|"$/g, "");
