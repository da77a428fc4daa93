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
import type { Upload } from "./uploads.ts";

/** Conditions of a request on the object that it reads. */
export interface ReadConditions {
  readonly IfMatch?: string;
  readonly IfNoneMatch?: string;
  readonly IfModifiedSince?: Date;
  readonly IfUnmodifiedSince?: Date;
}

/**
 * The first condition that `object` does not meet, as AWS names it; undefined if it meets all. An
 * If-Modified-Since that is later than `nowMs` is ignored (captured 2025-11).
 */
function unmet(
  conditions: ReadConditions,
  object: StoredObject,
  nowMs: number,
): keyof ReadConditions | undefined {
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
  } else if (IfModifiedSince && isSince(IfModifiedSince.getTime(), modifiedMs, nowMs)) {
    return "IfModifiedSince";
  }
  return undefined;
}

/** Whether a moment that has passed lies at or after the last change of an object. */
function isSince(sinceMs: number, modifiedMs: number, nowMs: number): boolean {
  return sinceMs >= modifiedMs && sinceMs <= nowMs;
}

const HEADERS: Readonly<Record<keyof ReadConditions, string>> = {
  IfMatch: "If-Match",
  IfNoneMatch: "If-None-Match",
  IfModifiedSince: "If-Modified-Since",
  IfUnmodifiedSince: "If-Unmodified-Since",
};

/** For reads. Throws PreconditionFailed, or the 304 that means "nothing is new". */
export function checkReadConditions(
  conditions: ReadConditions,
  object: StoredObject,
  nowMs: number,
): void {
  const condition = unmet(conditions, object, nowMs);
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
  nowMs: number,
): void {
  const condition = unmet(
    {
      IfMatch: conditions.CopySourceIfMatch,
      IfNoneMatch: conditions.CopySourceIfNoneMatch,
      IfModifiedSince: conditions.CopySourceIfModifiedSince,
      IfUnmodifiedSince: conditions.CopySourceIfUnmodifiedSince,
    },
    source,
    nowMs,
  );
  if (condition) throw preconditionFailed(`x-amz-copy-source-${HEADERS[condition]}`);
}

/** Conditions of a write on the object that it replaces. */
export interface WriteConditions {
  readonly Key: string;
  readonly IfMatch?: string;
  readonly IfNoneMatch?: string;
}

/**
 * Refuses conditions that S3 does not accept for a write: both at once, `If-Match: *`, and an
 * If-None-Match that is not `*` (texts captured 2026-02).
 */
export function checkWriteForm({ IfMatch, IfNoneMatch }: WriteConditions): void {
  if (IfMatch !== undefined && IfNoneMatch !== undefined) {
    throw unsupportedCondition(
      "If-Match,If-None-Match",
      "Multiple conditional request headers present in the request",
    );
  }
  if (IfMatch === "*") throw unsupportedValue("If-Match");
  if (IfNoneMatch !== undefined && IfNoneMatch !== "*") throw unsupportedValue("If-None-Match");
}

const unsupportedValue = (header: string) =>
  unsupportedCondition(
    header,
    `We don't accept the provided value of ${header} header for this API`,
  );

const unsupportedCondition = (Header: string, additionalMessage: string) =>
  new AwsError(
    "NotImplemented",
    501,
    "A header you provided implies functionality that is not implemented",
    { fields: { Header, additionalMessage } },
  );

/** For writes. Runs in the commit of the write, so that nothing comes between. */
export function checkWriteConditions(
  { Key, IfMatch, IfNoneMatch }: WriteConditions,
  existing: StoredObject | undefined,
): void {
  if (IfNoneMatch === "*" && existing) throw preconditionFailed("If-None-Match");
  if (IfMatch === undefined) return;
  if (!existing) throw noSuchKey(Key);
  if (!matches(IfMatch, existing)) throw preconditionFailed("If-Match");
}

/**
 * For CompleteMultipartUpload: a conditional request conflicts with a write or delete of its key
 * since the upload was created. Throws ConditionalRequestConflict (captured 2026-02).
 */
export function checkNoConflict(
  { Key, IfMatch, IfNoneMatch }: WriteConditions,
  existing: StoredObject | undefined,
  { replaces, isKeyDeleted }: Pick<Upload, "replaces" | "isKeyDeleted">,
): void {
  if (IfMatch !== undefined && existing?.file !== replaces) throw conflict("If-Match", Key);
  if (IfNoneMatch !== undefined && isKeyDeleted) throw conflict("If-None-Match", Key);
}

const conflict = (Condition: string, Key: string) =>
  new AwsError(
    "ConditionalRequestConflict",
    409,
    "The conditional request cannot succeed due to a conflicting operation against this resource.",
    { fields: { Condition, Key } },
  );

function matches(header: string, { etag }: StoredObject): boolean {
  return header.split(",").some((tag) => tag.trim() === "*" || unquoted(tag.trim()) === etag);
}

/** An ETag without its quotes. */
export const unquoted = (tag: string) => tag.replace(/^"|"$/g, "");
