/**
 * Objects: PutObject, GetObject, HeadObject, DeleteObject, DeleteObjects.
 * @module
 */

import {
  DeleteObject$,
  type DeleteObjectOutput,
  type DeleteObjectRequest,
  DeleteObjects$,
  type DeleteObjectsOutput,
  type DeleteObjectsRequest,
  GetObject$,
  type GetObjectRequest,
  HeadObject$,
  type HeadObjectRequest,
  PutObject$,
  type PutObjectOutput,
  type PutObjectRequest,
} from "@aws-sdk/client-s3";
import { AwsError } from "../../errors.ts";
import type { VerifiedBody } from "../../http/body.ts";
import type { Context, Given, OperationDefinition } from "../../operation.ts";
import type { StoredBody } from "../../store/object_files.ts";
import { bucketArn } from "./buckets.ts";
import { invalidArgument, noSuchKey, notImplemented, preconditionFailed } from "./errors.ts";
import type { ObjectHeaders, S3State, StoredObject } from "./state.ts";

type Defined<Input, Output> = OperationDefinition<Input, Output, S3State>;

/** The ARN of an object. */
export const objectArn = (bucket: string, key: string) => `arn:aws:s3:::${bucket}/${key}`;

const KEY_BYTES_MAX = 1_024;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html */
const METADATA_BYTES_MAX = 2_048;
/** One PUT takes up to 5 GiB. */
const PUT_BYTES_MAX = 5 * 1024 ** 3;

type PutInput = Omit<Given<PutObjectRequest, "Bucket" | "Key">, "Body"> & {
  readonly Body: VerifiedBody;
};

export const PutObject: Defined<PutInput, PutObjectOutput> = {
  schema: PutObject$,
  constraints: {},
  access: ({ Bucket, Key }, { state }) => {
    state.bucket(Bucket);
    return [{ action: "s3:PutObject", resource: objectArn(Bucket, Key) }];
  },
  run: async (input, { state }) => {
    const { Bucket, Key } = input;
    refuseUnsupported(input);
    checkKey(Key);
    if (input.ContentLength !== undefined && input.ContentLength > PUT_BYTES_MAX) {
      throw new AwsError(
        "EntityTooLarge",
        400,
        "Your proposed upload exceeds the maximum allowed size",
        {
          fields: {
            ProposedSize: String(input.ContentLength),
            MaxSizeAllowed: String(PUT_BYTES_MAX),
          },
        },
      );
    }
    checkMetadata(input.Metadata ?? {});
    if (input.IfNoneMatch !== undefined && input.IfNoneMatch !== "*") {
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
    const body = await storeBody(state, input.Body);
    const checksum = await input.Body.checksum();
    await state.database.commit(() => {
      checkWriteConditions(input, state.findObject(Bucket, Key));
      state.insertObject({
        bucket: Bucket,
        key: Key,
        body,
        contentType: input.ContentType ?? "binary/octet-stream",
        contentEncoding: storedEncoding(input.ContentEncoding),
        contentDisposition: input.ContentDisposition,
        contentLanguage: input.ContentLanguage,
        cacheControl: input.CacheControl,
        metadata: input.Metadata,
        checksum,
      });
    }).catch(async (error) => {
      await state.files.remove(body.file);
      throw error;
    });
    return {
      ETag: etag(body),
      ServerSideEncryption: "AES256",
      ...checksumMembers(checksum),
    };
  },
};

/** Settings of a put that would change what is stored, and that the sandbox does not have. */
const UNSUPPORTED: readonly (readonly [keyof PutObjectRequest, string, readonly string[]])[] = [
  ["ACL", "x-amz-acl", ["private", "bucket-owner-full-control"]],
  ["ServerSideEncryption", "x-amz-server-side-encryption", ["AES256"]],
  ["StorageClass", "x-amz-storage-class", ["STANDARD"]],
  ["SSECustomerAlgorithm", "x-amz-server-side-encryption-customer-algorithm", []],
  ["SSEKMSKeyId", "x-amz-server-side-encryption-aws-kms-key-id", []],
  ["Tagging", "x-amz-tagging", []],
  ["WebsiteRedirectLocation", "x-amz-website-redirect-location", []],
  ["ObjectLockMode", "x-amz-object-lock-mode", []],
  ["ObjectLockLegalHoldStatus", "x-amz-object-lock-legal-hold", []],
  ["WriteOffsetBytes", "x-amz-write-offset-bytes", []],
  ["GrantFullControl", "x-amz-grant-full-control", []],
  ["GrantRead", "x-amz-grant-read", []],
  ["Expires", "expires", []],
];

function refuseUnsupported(input: Omit<PutObjectRequest, "Body">): void {
  const given: Omit<PutObjectRequest, "Body"> & { Body?: undefined } = {
    ...input,
    Body: undefined,
  };
  for (const [member, header, accepted] of UNSUPPORTED) {
    const value = given[member];
    if (value !== undefined && !accepted.includes(String(value))) throw notImplemented(header);
  }
}

function checkKey(key: string): void {
  const bytes = new TextEncoder().encode(key).length;
  if (bytes > KEY_BYTES_MAX) {
    throw new AwsError("KeyTooLongError", 400, "Your key is too long", {
      fields: { Size: String(bytes), MaxSizeAllowed: String(KEY_BYTES_MAX) },
    });
  }
}

function checkMetadata(metadata: Readonly<Record<string, string>>): void {
  const size = Object.entries(metadata).flat().join("").length;
  if (size > METADATA_BYTES_MAX) {
    throw new AwsError(
      "MetadataTooLarge",
      400,
      "Your metadata headers exceed the maximum allowed metadata size",
      { fields: { Size: String(size), MaxSizeAllowed: String(METADATA_BYTES_MAX) } },
    );
  }
}

function checkWriteConditions(
  { Key, IfMatch, IfNoneMatch }: PutInput,
  existing: StoredObject | undefined,
): void {
  if (IfNoneMatch === "*" && existing) throw preconditionFailed("If-None-Match");
  if (IfMatch === undefined) return;
  if (!existing) throw noSuchKey(Key);
  if (unquoted(IfMatch) !== existing.md5Hex) throw preconditionFailed("If-Match");
}

/** `aws-chunked` is how the body came, not what it is. */
function storedEncoding(encoding: string | undefined): string | undefined {
  const kept = (encoding ?? "").split(",").map((part) => part.trim())
    .filter((part) => part !== "" && part !== "aws-chunked");
  return kept.length === 0 ? undefined : kept.join(",");
}

async function storeBody(state: S3State, body: VerifiedBody): Promise<StoredBody> {
  const writer = await state.files.create();
  try {
    for await (const chunk of body.stream) await writer.write(chunk);
  } catch (error) {
    await writer.discard();
    throw error;
  }
  return await writer.finish();
}

// --- reading ----------------------------------------------------------------------------------

type GetInput = Given<GetObjectRequest, "Bucket" | "Key">;

export const GetObject: Defined<GetInput, Record<string, unknown>> = {
  schema: GetObject$,
  constraints: {},
  access: ({ Bucket, Key }, { state }) => {
    state.bucket(Bucket);
    return [{ action: "s3:GetObject", resource: objectArn(Bucket, Key) }];
  },
  run: (input, context) => {
    const object = existing(input, context);
    const range = parseRange(input.Range, object.sizeBytes);
    const [start, end] = range ?? [0, object.sizeBytes];
    return {
      ...headersOf(object, input, range),
      ...overrides(input),
      Body: context.state.files.read(object.file, start, end),
    };
  },
};

export const HeadObject: Defined<
  Given<HeadObjectRequest, "Bucket" | "Key">,
  Record<string, unknown>
> = {
  schema: HeadObject$,
  constraints: {},
  access: ({ Bucket, Key }, { state }) => {
    state.bucket(Bucket);
    return [{ action: "s3:GetObject", resource: objectArn(Bucket, Key) }];
  },
  run: (input, context) => {
    const object = existing(input, context);
    const range = parseRange(input.Range, object.sizeBytes);
    return { ...headersOf(object, input, range), ...overrides(input) };
  },
};

type ReadInput = Pick<
  GetInput,
  | "Bucket"
  | "Key"
  | "VersionId"
  | "PartNumber"
  | "IfMatch"
  | "IfNoneMatch"
  | "IfModifiedSince"
  | "IfUnmodifiedSince"
  | "SSECustomerAlgorithm"
>;

function existing(input: ReadInput, { state, caller }: Context<S3State>): StoredObject {
  if (input.VersionId !== undefined && input.VersionId !== "null") {
    throw invalidArgument("Invalid version id specified", "versionId", input.VersionId);
  }
  if (input.SSECustomerAlgorithm !== undefined) {
    throw notImplemented("x-amz-server-side-encryption-customer-algorithm");
  }
  const object = state.findObject(input.Bucket, input.Key);
  if (!object) {
    // Who may not list the bucket may not learn what is not in it.
    const listing = { action: "s3:ListBucket", resource: bucketArn(input.Bucket) };
    const decision = state.access.decide(caller, listing);
    if (decision.allowed) throw noSuchKey(input.Key);
    throw new AwsError(
      "AccessDenied",
      403,
      `User: ${caller.arn} is not authorized to perform: s3:ListBucket on resource: ` +
        `"${bucketArn(input.Bucket)}" ${decision.reason}`,
    );
  }
  checkReadConditions(input, object);
  return object;
}

/** If-Match beats If-Unmodified-Since, If-None-Match beats If-Modified-Since. */
function checkReadConditions(input: ReadInput, object: StoredObject): void {
  const modifiedMs = Math.floor(object.modifiedMs / 1000) * 1000;
  if (input.IfMatch !== undefined) {
    if (!etagMatches(input.IfMatch, object)) throw preconditionFailed("If-Match");
  } else if (input.IfUnmodifiedSince && modifiedMs > input.IfUnmodifiedSince.getTime()) {
    throw preconditionFailed("If-Unmodified-Since");
  }
  if (input.IfNoneMatch !== undefined) {
    if (etagMatches(input.IfNoneMatch, object)) throw notModified();
  } else if (input.IfModifiedSince && modifiedMs <= input.IfModifiedSince.getTime()) {
    throw notModified();
  }
}

const notModified = () => new AwsError("NotModified", 304, "Not Modified");

function etagMatches(header: string, { md5Hex }: StoredBody): boolean {
  return header.split(",").some((tag) => tag.trim() === "*" || unquoted(tag.trim()) === md5Hex);
}

const unquoted = (tag: string) => tag.replace(/^"|"$/g, "");
const etag = ({ md5Hex }: StoredBody) => `"${md5Hex}"`;

/**
 * The bytes from start (inclusive) to end (exclusive) that a Range header asks for. Nonsense is
 * ignored; what cannot be satisfied is 416.
 */
function parseRange(range: string | undefined, sizeBytes: number): [number, number] | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(range ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return undefined;
  const [first, last] = [match[1], match[2]];
  if (first === "") {
    const count = Number(last);
    if (count === 0 || sizeBytes === 0) throw unsatisfiable(range ?? "", sizeBytes);
    return [Math.max(0, sizeBytes - count), sizeBytes];
  }
  const start = Number(first);
  const end = last === "" ? sizeBytes : Math.min(Number(last) + 1, sizeBytes);
  if (last !== "" && Number(last) < start) return undefined;
  if (start >= sizeBytes) throw unsatisfiable(range ?? "", sizeBytes);
  return [start, end];
}

const unsatisfiable = (RangeRequested: string, sizeBytes: number) =>
  new AwsError("InvalidRange", 416, "The requested range is not satisfiable", {
    fields: { RangeRequested, ActualObjectSize: String(sizeBytes) },
  });

function headersOf(
  object: StoredObject,
  { ChecksumMode }: { readonly ChecksumMode?: string },
  range: [number, number] | undefined,
): Record<string, unknown> {
  const [start, end] = range ?? [0, object.sizeBytes];
  return {
    AcceptRanges: "bytes",
    ContentLength: end - start,
    ContentType: object.contentType,
    ContentEncoding: object.contentEncoding,
    ContentDisposition: object.contentDisposition,
    ContentLanguage: object.contentLanguage,
    CacheControl: object.cacheControl,
    ETag: etag(object),
    LastModified: new Date(Math.floor(object.modifiedMs / 1000) * 1000),
    Metadata: object.metadata ?? {},
    ServerSideEncryption: "AES256",
    ...(range ? { ContentRange: `bytes ${start}-${end - 1}/${object.sizeBytes}` } : {}),
    // Only for the whole object: the checksum of a part is not known.
    ...(ChecksumMode === "ENABLED" && !range ? checksumMembers(object.checksum) : {}),
  };
}

function overrides(input: Partial<GetObjectRequest>): Record<string, unknown> {
  const given = {
    ContentType: input.ResponseContentType,
    ContentEncoding: input.ResponseContentEncoding,
    ContentDisposition: input.ResponseContentDisposition,
    ContentLanguage: input.ResponseContentLanguage,
    CacheControl: input.ResponseCacheControl,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** Checksum members as the SDK names them: `ChecksumCRC32`, and that it covers the whole object. */
export function checksumMembers(checksum: ObjectHeaders["checksum"]): Record<string, string> {
  if (!checksum) return {};
  return {
    [`Checksum${checksum.algorithm.toUpperCase()}`]: checksum.value,
    ChecksumType: "FULL_OBJECT",
  };
}

// --- deleting ---------------------------------------------------------------------------------

export const DeleteObject: Defined<
  Given<DeleteObjectRequest, "Bucket" | "Key">,
  DeleteObjectOutput
> = {
  schema: DeleteObject$,
  constraints: {},
  access: ({ Bucket, Key }, { state }) => {
    state.bucket(Bucket);
    return [{ action: "s3:DeleteObject", resource: objectArn(Bucket, Key) }];
  },
  status: 204,
  run: async ({ Bucket, Key, VersionId }, { state }) => {
    if (VersionId !== undefined && VersionId !== "null") {
      throw invalidArgument("Invalid version id specified", "versionId", VersionId);
    }
    await state.database.commit(() => state.removeObject(Bucket, Key));
    return {};
  },
};

const DELETE_KEYS_MAX = 1_000;

export const DeleteObjects: Defined<
  Given<DeleteObjectsRequest, "Bucket" | "Delete">,
  DeleteObjectsOutput
> = {
  schema: DeleteObjects$,
  constraints: {},
  access: ({ Bucket, Delete }, { state }) => {
    state.bucket(Bucket);
    return (Delete?.Objects ?? []).map(({ Key = "" }) => ({
      action: "s3:DeleteObject",
      resource: objectArn(Bucket, Key),
    }));
  },
  run: async ({ Bucket, Delete }, { state, headers }) => {
    const hasDigest = [...headers.keys()].some((name) =>
      name === "content-md5" || name.startsWith("x-amz-checksum-")
    );
    if (!hasDigest) {
      throw new AwsError(
        "InvalidRequest",
        400,
        "Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
      );
    }
    const objects = Delete?.Objects ?? [];
    if (objects.length === 0 || objects.length > DELETE_KEYS_MAX) {
      throw new AwsError(
        "MalformedXML",
        400,
        "The XML you provided was not well-formed or did not validate against our published schema",
      );
    }
    await state.database.commit(() => {
      for (const { Key = "" } of objects) state.removeObject(Bucket, Key);
    });
    return Delete.Quiet ? {} : { Deleted: objects.map(({ Key }) => ({ Key })) };
  },
};
