/**
 * Helpers of all operations on objects: names, ETags, stored headers, and bodies on their way into
 * files.
 * @module
 */

import { type Checksum, type ChecksumAlgorithm, type Digest, digestOf } from "../../checksums.ts";
import { accessDeniedText } from "../../access/access_denied.ts";
import type { VerifiedBody } from "../../verified_body.ts";
import { AwsError } from "../../errors.ts";
import type { Context } from "../../operation.ts";
import type { FinishedBody } from "../../ports/object_store.ts";
import { NotSynced } from "../../store/database.ts";
import { innerConditions } from "./condition_keys.ts";
import { noSuchKey } from "./errors.ts";
import type { ObjectHeaders } from "./object_headers.ts";
import type { S3State, StoredObject } from "./state.ts";

/** The ARN of a bucket. */
export const bucketArn = (name: string) => `arn:aws:s3:::${name}`;
/** The ARN of an object. */
export const objectArn = (bucket: string, key: string) => `arn:aws:s3:::${bucket}/${key}`;

/** An ETag as it stands in a header. */
export const quoted = ({ etag }: Pick<StoredObject, "etag">) => `"${etag}"`;

/** The time of an object's last change, in whole seconds as S3 has it. */
export const lastModified = ({ modifiedMs }: Pick<StoredObject, "modifiedMs">): Date =>
  new WholeSecond(Math.floor(modifiedMs / 1000) * 1000);

/**
 * A time as S3 writes it in XML, with zero milliseconds. The SDK's serializer removes one `.000`.
 */
class WholeSecond extends Date {
  override toISOString(): string {
    return super.toISOString().replace("Z", ".000Z");
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const KEY_BYTES_MAX = 1_024;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html */
const METADATA_BYTES_MAX = 2_048;
/** One PUT, one part and one copy take up to 5 GiB. */
export const PUT_BYTES_MAX = 5 * 1024 ** 3;

/** Throws KeyTooLongError. S3 answers it for reads too: s3fs-fuse's pull request 1602 meets it at HEAD. */
export function checkKey(key: string): void {
  const bytes = new TextEncoder().encode(key).length;
  if (bytes > KEY_BYTES_MAX) {
    throw new AwsError("KeyTooLongError", 400, "Your key is too long", {
      fields: { Size: String(bytes), MaxSizeAllowed: String(KEY_BYTES_MAX) },
    });
  }
}

/** Refuses an upload whose stated size is more than the maximum of one PUT. */
export function checkUploadSize(headers: Headers): void {
  const size = headers.get("x-amz-decoded-content-length") ?? headers.get("content-length");
  if (Number(size ?? 0) <= PUT_BYTES_MAX) return;
  throw new AwsError(
    "EntityTooLarge",
    400,
    "Your proposed upload exceeds the maximum allowed size",
    { fields: { ProposedSize: String(size), MaxSizeAllowed: String(PUT_BYTES_MAX) } },
  );
}

/** The members of a request that describe an object, besides its body. */
export interface HeaderInput {
  readonly ContentType?: string;
  readonly ContentEncoding?: string;
  readonly ContentDisposition?: string;
  readonly ContentLanguage?: string;
  readonly CacheControl?: string;
  /** Text, as S3 keeps it; a time from a caller in this process. */
  readonly Expires?: Date | string;
  readonly Metadata?: Record<string, string>;
}

/** The names in {@linkcode HeaderInput}, for operations that read all of them. */
export const HEADER_MEMBERS = [
  "ContentType",
  "ContentEncoding",
  "ContentDisposition",
  "ContentLanguage",
  "CacheControl",
  "Expires",
  "Metadata",
] as const;

/** The headers to store with an object. Throws MetadataTooLarge. */
export function keptHeaders(input: HeaderInput): ObjectHeaders {
  checkMetadata(input.Metadata ?? {});
  return {
    contentType: input.ContentType ?? "binary/octet-stream",
    contentEncoding: storedEncoding(input.ContentEncoding),
    contentDisposition: input.ContentDisposition,
    contentLanguage: input.ContentLanguage,
    cacheControl: input.CacheControl,
    expires: expiresText(input.Expires),
    metadata: input.Metadata,
  };
}

/** The text of the header Expires. */
export function expiresText(expires: Date | string | undefined): string | undefined {
  return expires instanceof Date ? expires.toUTCString() : expires;
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

/** Removes `aws-chunked`, which describes the transfer and not the object. The rest stays as sent. */
function storedEncoding(encoding: string | undefined): string | undefined {
  const kept = (encoding ?? "").split(",").filter((part) => part.trim() !== "aws-chunked").join(
    ",",
  );
  return kept.trim() === "" ? undefined : kept.trim();
}

/** Writes the body of a request. Its length and checksums are checked as it flows. */
export async function storeBody(
  { bodies }: S3State,
  { chunks, checksum }: VerifiedBody,
): Promise<{ readonly body: FinishedBody; readonly checksum: Checksum }> {
  const body = await bodies.write(chunks);
  return { body, checksum: await checksum() };
}

/**
 * The same, and computes the checksum `algorithm` as well, if it is not the one that is checked.
 */
export async function storeSummedBody(
  state: S3State,
  verified: VerifiedBody,
  algorithm: ChecksumAlgorithm,
): Promise<{ readonly body: FinishedBody; readonly checksum: Checksum; readonly sum: Checksum }> {
  if ((verified.claimed ?? "crc64nvme") === algorithm) {
    const { body, checksum } = await storeBody(state, verified);
    return { body, checksum, sum: checksum };
  }
  const { body, checksum: sum } = await storeCopy(state, [verified.chunks], algorithm);
  return { body, checksum: await verified.checksum(), sum };
}

/** Writes bytes of other objects, and computes their checksum. */
export async function storeCopy(
  { bodies }: S3State,
  bodiesInOrder: Iterable<AsyncIterable<Uint8Array>>,
  algorithm: ChecksumAlgorithm,
): Promise<{ readonly body: FinishedBody; readonly checksum: Checksum }> {
  const digest = digestOf(algorithm);
  const body = await bodies.write(summed(bodiesInOrder, digest));
  return { body, checksum: { algorithm, value: await digest.base64() } };
}

async function* summed(
  bodiesInOrder: Iterable<AsyncIterable<Uint8Array>>,
  digest: Digest,
): AsyncGenerator<Uint8Array> {
  for (const body of bodiesInOrder) {
    for await (const chunk of body) {
      digest.update(chunk);
      yield chunk;
    }
  }
}

/** Makes a body visible by `commit`. Removes the body if that fails. */
export async function commitBody<Result>(
  { bodies, database }: S3State,
  body: FinishedBody,
  commit: () => Result,
): Promise<Result> {
  try {
    return await database.commit(commit);
  } catch (error) {
    if (!(error instanceof NotSynced)) await bodies.discard(body);
    throw error;
  }
}

/** Checksum members as the SDK names them, such as `ChecksumCRC32`, and their type. */
export function checksumMembers(checksum: ObjectHeaders["checksum"]): Record<string, string> {
  if (!checksum) return {};
  return {
    [`Checksum${checksum.algorithm.toUpperCase()}`]: checksum.value,
    ChecksumType: checksum.type ?? "FULL_OBJECT",
  };
}

/** The object. Throws NoSuchKey, or AccessDenied for a caller that may not list the bucket. */
export function findObject(
  { Bucket, Key }: { readonly Bucket: string; readonly Key: string },
  context: Context<S3State>,
): StoredObject {
  const { state, caller } = context;
  const object = state.findObject(Bucket, Key);
  if (object) return object;
  const request = { action: "s3:ListBucket", resource: bucketArn(Bucket) };
  const conditions = innerConditions(request, context);
  const decision = state.access.decide(caller, { ...request, conditions });
  if (decision.allowed) throw noSuchKey(Key);
  throw new AwsError("AccessDenied", 403, accessDeniedText(caller, request, decision.reason));
}
