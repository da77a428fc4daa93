/**
 * The source of a copy: `x-amz-copy-source: /bucket/key?versionId=null`, percent-encoded.
 * @module
 */

import type { AccessRequest } from "../../access/caller.ts";
import type { Context } from "../../operation.ts";
import { checkVersion, invalidArgument, noSuchBucket } from "./errors.ts";
import { findObject, objectArn } from "./object.ts";
import type { S3State, StoredObject } from "./state.ts";

/** The object to copy from. */
export interface CopySource {
  readonly Bucket: string;
  readonly Key: string;
}

/** Reads the header. Throws InvalidArgument. */
export function parseCopySource(header: string): CopySource {
  // https://github.com/versity/versitygw/issues/1388 (2025-07).
  if (header === "") throw invalidSource("Invalid copy source bucket name", "x-amz-copy-source");
  const query = header.lastIndexOf("?versionId=");
  if (query >= 0) checkVersion(header.slice(query + "?versionId=".length));
  const match = /^\/?([^/]+)\/(.+)$/s.exec(decoded(query < 0 ? header : header.slice(0, query)));
  // AWS shows the header's name as its value (recorded 2026-02).
  if (!match) throw invalidSource("Invalid copy source object key", "x-amz-copy-source");
  return { Bucket: match[1], Key: match[2] };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidSource("Invalid copy source encoding.", text);
  }
}

const invalidSource = (message: string, header: string) =>
  invalidArgument(message, "x-amz-copy-source", header);

/** The access that reading the source needs. Throws NoSuchBucket. */
export function sourceAccess({ Bucket, Key }: CopySource, state: S3State): AccessRequest[] {
  if (!state.ownerOf(Bucket)) throw noSuchBucket(Bucket);
  return [{ action: "s3:GetObject", resource: objectArn(Bucket, Key) }];
}

/** The source object, in any region. Throws NoSuchKey. */
export function sourceOf(
  header: string,
  context: Context<S3State>,
): { readonly owner: S3State; readonly object: StoredObject; readonly from: CopySource } {
  const from = parseCopySource(header);
  const owner = context.state.ownerOf(from.Bucket);
  if (!owner) throw noSuchBucket(from.Bucket);
  return { owner, object: findObject(from, { ...context, state: owner }), from };
}
