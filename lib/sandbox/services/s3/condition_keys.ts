/**
 * S3's own condition keys, for each action of a call. Follows "Actions, resources, and condition
 * keys for Amazon S3"
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html).
 * A key that says nothing here (access points, access grants, tags of a bucket without ABAC) is
 * missing, as on AWS.
 * @module
 */

import type { AccessRequest, ConditionContext } from "../../access/caller.ts";
import { callConditions, requestTagConditions } from "../../access/call_conditions.ts";
import { resourceTagConditions } from "../../access/resource_tags.ts";
import type { Context, ServiceCall, SignatureFacts } from "../../operation.ts";
import type { S3State } from "./state.ts";
import { type Tags, tagsOfHeader } from "./tags.ts";

/**
 * All condition keys of an access that an operation decides itself, in the middle of a call: of a
 * key of DeleteObjects, for example.
 */
export function innerConditions(
  request: AccessRequest,
  { state, ...context }: Context<S3State>,
): ConditionContext {
  return {
    ...callConditions(context),
    ...s3Conditions(state, request, { operation: "", input: {}, context }),
  };
}

/** S3's own condition keys of one access that a call needs. */
export function s3Conditions(
  state: S3State,
  { action, resource }: AccessRequest,
  { operation, input, context }: ServiceCall,
): ConditionContext {
  const { headers, nowMs, signature } = context;
  return {
    ...signatureConditions(signature, nowMs),
    "s3:ResourceAccount": state.accountId,
    ...headerConditions(headers),
    ...(action === "s3:PutObject"
      ? { "s3:ObjectCreationOperation": String(!PARTS.has(operation)) }
      : {}),
    ...(WRITES.has(action) ? writeConditions(headers) : {}),
    ...(action === "s3:CreateBucket" ? bucketConditions(input.CreateBucketConfiguration) : {}),
    ...(action === "s3:TagResource"
      ? requestTagConditions(Object(input.CreateBucketConfiguration))
      : {}),
    ...(NEW_TAGS.has(action) ? newTagConditions(input) : {}),
    ...(EXISTING_TAGS.has(action) ? existingTagConditions(state, resource) : {}),
  };
}

/** Operations that write a part of an object and not the object (documented with the key). */
const PARTS: ReadonlySet<string> = new Set(
  ["CreateMultipartUpload", "UploadPart", "UploadPartCopy"],
);
const WRITES: ReadonlySet<string> = new Set(["s3:PutObject", "s3:DeleteObject"]);
const NEW_TAGS: ReadonlySet<string> = new Set(["s3:PutObject", "s3:PutObjectTagging"]);
const EXISTING_TAGS: ReadonlySet<string> = new Set(
  ["s3:GetObject", "s3:GetObjectTagging", "s3:PutObjectTagging", "s3:DeleteObjectTagging"],
);

function signatureConditions(
  { place, version, signedMs }: SignatureFacts,
  nowMs: number,
): ConditionContext {
  return {
    "s3:authType": place === "header" ? "REST-HEADER" : "REST-QUERY-STRING",
    "s3:signatureversion": version === 4 ? "AWS4-HMAC-SHA256" : "AWS",
    ...(signedMs === undefined ? {} : { "s3:signatureAge": String(Math.max(0, nowMs - signedMs)) }),
  };
}

/** Headers that are condition keys of the same name: `s3:x-amz-acl`. */
const HEADER_KEYS = ("x-amz-acl x-amz-bucket-namespace x-amz-content-sha256 x-amz-copy-source " +
  "x-amz-grant-full-control x-amz-grant-read x-amz-grant-read-acp x-amz-grant-write " +
  "x-amz-grant-write-acp x-amz-metadata-directive x-amz-object-ownership " +
  "x-amz-server-side-encryption x-amz-server-side-encryption-aws-kms-key-id " +
  "x-amz-server-side-encryption-customer-algorithm x-amz-storage-class " +
  "x-amz-website-redirect-location").split(" ");

function headerConditions(headers: Headers): ConditionContext {
  return Object.fromEntries(HEADER_KEYS.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[`s3:${name}`, value] as const];
  }));
}

function writeConditions(headers: Headers): ConditionContext {
  return Object.fromEntries(["if-match", "if-none-match"].flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[`s3:${name}`, value] as const];
  }));
}

function bucketConditions(configuration: unknown): ConditionContext {
  const given: Readonly<Record<string, unknown>> = Object(configuration);
  return {
    ...(typeof given.LocationConstraint === "string"
      ? { "s3:LocationConstraint": given.LocationConstraint }
      : {}),
    ...requestTagConditions(given),
  };
}

/** Tags that the call would set: of a header, or of a body. */
function newTagConditions({ Tagging }: ServiceCall["input"]): ConditionContext {
  const tags = newTags(Tagging);
  const keys = Object.keys(tags);
  if (keys.length === 0) return {};
  return {
    ...Object.fromEntries(keys.map((key) => [`s3:RequestObjectTag/${key}`, tags[key]])),
    "s3:RequestObjectTagKeys": keys,
  };
}

function newTags(tagging: unknown): Tags {
  if (typeof tagging === "string") return tagsOfHeader(tagging) ?? {};
  const { TagSet } = Object(tagging);
  if (!Array.isArray(TagSet)) return {};
  return Object.fromEntries(TagSet.map((tag) => [String(tag?.Key), String(tag?.Value)]));
}

function existingTagConditions(state: S3State, resource: string): ConditionContext {
  const [, bucket = "", key = ""] = /^arn:aws:s3:::([^/]+)\/(.+)$/s.exec(resource) ?? [];
  const tags = state.ownerOf(bucket)?.findObject(bucket, key)?.tags ?? {};
  return resourceTagConditions(tags, ["s3:ExistingObjectTag/"]);
}
