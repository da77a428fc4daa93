/**
 * GetObject and HeadObject: ranges, parts, conditions, and the headers that were put.
 * @module
 */

import type { GetObjectRequest, HeadObjectRequest } from "@aws-sdk/client-s3";
import { GetObject$, HeadObject$ } from "../../schemas/s3.ts";
import { AwsError } from "../../errors.ts";
import { checkHeaderText } from "../../header_text.ts";
import type { Context, Given } from "../../operation.ts";
import { checkReadConditions } from "./conditions.ts";
import { s3Operation } from "./define.ts";
import { checkVersion, invalidRequest } from "./errors.ts";
import { mimeText } from "./mime_text.ts";
import {
  checksumMembers,
  expiresText,
  findObject,
  lastModified,
  objectArn,
  quoted,
} from "./object.ts";
import type { ObjectHeaders } from "./object_headers.ts";
import { type ByteRange, parseRange } from "./range.ts";
import type { S3State, StoredObject } from "./state.ts";

type GetInput = Given<GetObjectRequest, "Bucket" | "Key">;
type HeadInput = Given<HeadObjectRequest, "Bucket" | "Key">;

const READS = [
  "ChecksumMode",
  "IfMatch",
  "IfModifiedSince",
  "IfNoneMatch",
  "IfUnmodifiedSince",
  "PartNumber",
  "Range",
  "ResponseCacheControl",
  "ResponseContentDisposition",
  "ResponseContentEncoding",
  "ResponseContentLanguage",
  "ResponseContentType",
  "ResponseExpires",
  "VersionId",
] as const;

const access = ({ Bucket, Key }: GetInput | HeadInput, { state }: Context<S3State>) => {
  state.bucket(Bucket);
  return [{ action: "s3:GetObject", resource: objectArn(Bucket, Key) }];
};

export const GetObject = s3Operation<GetInput, Record<string, unknown>>({
  schema: GetObject$,
  reads: READS,
  access,
  run: (input, context) => {
    const { object, selected } = find(input, context);
    const [start, end] = selected.range ?? [0, object.sizeBytes];
    return {
      ...headersOf(object, input, selected),
      Body: context.state.bodies.read(object.file, start, end),
    };
  },
});

export const HeadObject = s3Operation<HeadInput, Record<string, unknown>>({
  schema: HeadObject$,
  reads: READS,
  access,
  run: (input, context) => {
    const { object, selected } = find(input, context);
    return headersOf(object, input, selected);
  },
});

/** The selected bytes of an object: all, a range, or one of the parts it was uploaded in. */
interface Selected {
  readonly range?: ByteRange;
  readonly partNumber?: number;
}

/** Headers of the answer that the request can set, and their parameters. */
const OVERRIDES = [
  ["ResponseCacheControl", "response-cache-control"],
  ["ResponseContentDisposition", "response-content-disposition"],
  ["ResponseContentEncoding", "response-content-encoding"],
  ["ResponseContentLanguage", "response-content-language"],
  ["ResponseContentType", "response-content-type"],
] as const;

/** Throws InvalidArgument for a value that no header can hold. */
function checkOverrides(input: GetInput | HeadInput): void {
  for (const [member, parameter] of OVERRIDES) checkHeaderText(parameter, input[member] ?? "");
  checkHeaderText("response-expires", expiresText(input.ResponseExpires) ?? "");
}

function find(input: GetInput | HeadInput, context: Context<S3State>) {
  checkVersion(input.VersionId);
  checkOverrides(input);
  const object = findObject(input, context);
  checkReadConditions(input, object, context.nowMs);
  if (input.PartNumber === undefined) {
    const selected: Selected = { range: parseRange(input.Range, object.sizeBytes) };
    return { object, selected };
  }
  if (input.Range !== undefined) {
    throw invalidRequest("Cannot specify both Range header and partNumber query parameter");
  }
  const { PartNumber: partNumber } = input;
  const selected: Selected = { range: partRange(object, partNumber), partNumber };
  return { object, selected };
}

/** The bytes of a part. An object that was put as a whole has one part. */
function partRange({ parts, sizeBytes }: StoredObject, partNumber: number): ByteRange {
  const sizes = parts ?? [sizeBytes];
  if (!(partNumber >= 1 && partNumber <= sizes.length)) {
    throw new AwsError("InvalidPartNumber", 416, "The requested partnumber is not satisfiable", {
      fields: { ActualPartCount: String(sizes.length), PartNumberRequested: String(partNumber) },
    });
  }
  const start = sizes.slice(0, partNumber - 1).reduce((sum, size) => sum + size, 0);
  return [start, start + sizes[partNumber - 1]];
}

function headersOf(
  object: StoredObject,
  input: GetInput | HeadInput,
  selected: Selected,
): Record<string, unknown> {
  const { range, partNumber } = selected;
  const [start, end] = range ?? [0, object.sizeBytes];
  const tags = Object.keys(object.tags ?? {}).length;
  return {
    AcceptRanges: "bytes",
    ContentLength: end - start,
    ContentType: input.ResponseContentType ?? object.contentType,
    ContentEncoding: input.ResponseContentEncoding ?? object.contentEncoding,
    ContentDisposition: input.ResponseContentDisposition ?? object.contentDisposition,
    ContentLanguage: input.ResponseContentLanguage ?? object.contentLanguage,
    CacheControl: input.ResponseCacheControl ?? object.cacheControl,
    Expires: expiresText(input.ResponseExpires) ?? object.expires,
    ETag: quoted(object),
    LastModified: lastModified(object),
    Metadata: Object.fromEntries(
      Object.entries(object.metadata ?? {}).map(([name, value]) => [name, mimeText(value)]),
    ),
    ServerSideEncryption: "AES256",
    ...(tags > 0 ? { TagCount: tags } : {}),
    ...(partNumber !== undefined && object.parts ? { PartsCount: object.parts.length } : {}),
    // A part without bytes has no range.
    ...(range && end > start
      ? { ContentRange: `bytes ${start}-${end - 1}/${object.sizeBytes}` }
      : {}),
    ...(input.ChecksumMode?.toUpperCase() === "ENABLED"
      ? checksumMembers(checksumOf(object, selected))
      : {}),
  };
}

/**
 * The checksum of what is selected: of the whole object, also if a range covers it, or of a part of
 * an object with a COMPOSITE checksum (captured 2026-02). S3 knows no other.
 */
function checksumOf(
  { checksum, partSums, sizeBytes }: StoredObject,
  { range, partNumber }: Selected,
): ObjectHeaders["checksum"] {
  if (checksum?.type === "COMPOSITE" && partNumber !== undefined) {
    const value = partSums?.[partNumber - 1];
    return value === undefined ? undefined : { ...checksum, value };
  }
  const isWhole = !range || range[1] - range[0] === sizeBytes;
  return isWhole ? checksum : undefined;
}
