/**
 * CopyObject: copies an object, or changes the metadata of one by a copy onto itself. Follows
 * "Copying objects" (https://docs.aws.amazon.com/AmazonS3/latest/userguide/copy-object.html).
 * @module
 */

import type { CopyObjectOutput, CopyObjectRequest } from "@aws-sdk/client-s3";
import { CopyObject$ } from "../../schemas/s3.ts";
import type { Given } from "../../operation.ts";
import { checkSourceConditions, checkWriteConditions, checkWriteForm } from "./conditions.ts";
import { parseCopySource, sourceAccess, sourceOf } from "./copy_source.ts";
import { s3Operation } from "./define.ts";
import { invalidArgument, invalidRequest } from "./errors.ts";
import {
  checksumMembers,
  commitBody,
  HEADER_MEMBERS,
  keptHeaders,
  lastModified,
  objectArn,
  PUT_BYTES_MAX,
  quoted,
  storeCopy,
} from "./object.ts";
import { algorithmNamed } from "./part_checksums.ts";
import type { ObjectHeaders } from "./object_headers.ts";
import type { StoredObject } from "./state.ts";
import { tagsOfHeader } from "./tags.ts";

type CopyInput = Given<CopyObjectRequest, "Bucket" | "Key" | "CopySource">;

export const CopyObject = s3Operation<CopyInput, CopyObjectOutput>({
  schema: CopyObject$,
  reads: [
    "CopySource",
    "CopySourceIfMatch",
    "CopySourceIfModifiedSince",
    "CopySourceIfNoneMatch",
    "CopySourceIfUnmodifiedSince",
    "IfMatch",
    "IfNoneMatch",
    "MetadataDirective",
    "ServerSideEncryption",
    "StorageClass",
    "Tagging",
    "TaggingDirective",
    ...HEADER_MEMBERS,
  ],
  access: (input, { state }) => {
    state.bucket(input.Bucket);
    const resource = objectArn(input.Bucket, input.Key);
    const from = parseCopySource(input.CopySource);
    const isTagged = input.TaggingDirective === "REPLACE"
      ? input.Tagging !== undefined
      : Object.keys(state.ownerOf(from.Bucket)?.findObject(from.Bucket, from.Key)?.tags ?? {})
        .length > 0;
    return [
      ...sourceAccess(from, state),
      ...(isTagged && input.TaggingDirective !== "REPLACE"
        ? [{ action: "s3:GetObjectTagging", resource: objectArn(from.Bucket, from.Key) }]
        : []),
      { action: "s3:PutObject", resource },
      ...(isTagged ? [{ action: "s3:PutObjectTagging", resource }] : []),
    ];
  },
  run: async (input, context) => {
    const { state } = context;
    checkDirective("x-amz-metadata-directive", "metadata", input.MetadataDirective);
    checkDirective("x-amz-tagging-directive", "tagging", input.TaggingDirective);
    checkWriteForm(input);
    const { owner, object: source, from } = sourceOf(input.CopySource, context);
    checkSourceConditions(input, source, context.nowMs);
    if (source.sizeBytes > PUT_BYTES_MAX) {
      throw invalidRequest(
        "The specified copy source is larger than the maximum allowable size for a copy source: " +
          String(PUT_BYTES_MAX),
      );
    }
    const isSelf = from.Bucket === input.Bucket && from.Key === input.Key;
    if (isSelf && !changesItself(input)) throw copiesNothing();
    const kept = headersOfCopy(input, source);
    const algorithm = algorithmNamed(input.ChecksumAlgorithm) ??
      algorithmNamed(source.checksum?.algorithm) ?? "crc64nvme";
    const { body, checksum } = await storeCopy(
      state,
      [owner.bodies.stream(source.file, 0, source.sizeBytes)],
      algorithm,
    );
    const copy = await commitBody(state, body, () => {
      checkWriteConditions(input, state.findObject(input.Bucket, input.Key));
      return state.insertObject({
        bucket: input.Bucket,
        key: input.Key,
        body,
        ...kept,
        checksum,
      });
    });
    return {
      CopyObjectResult: {
        ETag: quoted(copy),
        LastModified: lastModified(copy),
        ...checksumMembers(checksum),
      },
      ServerSideEncryption: "AES256",
    };
  },
});

/** Naming a storage class or an encryption is enough, also that of the object (captured 2026-02). */
function changesItself({ MetadataDirective, StorageClass, ServerSideEncryption }: CopyInput) {
  return MetadataDirective === "REPLACE" || StorageClass !== undefined ||
    ServerSideEncryption !== undefined;
}

const copiesNothing = () =>
  invalidRequest(
    "This copy request is illegal because it is trying to copy an object to itself without " +
      "changing the object's metadata, storage class, website redirect location or encryption " +
      "attributes.",
  );

function checkDirective(header: string, word: string, directive: string | undefined): void {
  if (directive === undefined || directive === "COPY" || directive === "REPLACE") return;
  throw invalidArgument(`Unknown ${word} directive.`, header, directive);
}

/** The headers and tags of the source, or those of the request with the directive REPLACE. */
function headersOfCopy(input: CopyInput, source: StoredObject): ObjectHeaders {
  const { contentType, contentEncoding, contentDisposition, contentLanguage } = source;
  const { cacheControl, expires, metadata } = source;
  const ofSource = {
    contentType,
    contentEncoding,
    contentDisposition,
    contentLanguage,
    cacheControl,
    expires,
    metadata,
  };
  return {
    ...(input.MetadataDirective === "REPLACE" ? keptHeaders(input) : ofSource),
    tags: input.TaggingDirective === "REPLACE" ? tagsOfHeader(input.Tagging) : source.tags,
  };
}
