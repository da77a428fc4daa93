/**
 * CompleteMultipartUpload: joins the parts to one object without copying them. Follows "Uploading
 * and copying objects using multipart upload"
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html).
 * @module
 */

import type {
  CompletedPart,
  CompleteMultipartUploadOutput,
  CompleteMultipartUploadRequest,
} from "@aws-sdk/client-s3";
import { CompleteMultipartUpload$ } from "../../schemas/s3.ts";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { type Checksum, type ChecksumAlgorithm, combinedCrc, isCrc } from "../../checksums.ts";
import { AwsError } from "../../errors.ts";
import type { Given } from "../../operation.ts";
import { checkNoConflict, checkWriteConditions, checkWriteForm, unquoted } from "./conditions.ts";
import { s3Operation } from "./define.ts";
import { badDigest, invalidRequest, malformedXml } from "./errors.ts";
import { uploadOf } from "./multipart_upload.ts";
import { checksumMembers, objectArn, quoted } from "./object.ts";
import { type ChecksumType, compositeOf } from "./part_checksums.ts";
import type { S3State } from "./state.ts";
import type { Part, Upload } from "./uploads.ts";

/** Minimum size of a part, except the last one, in bytes. */
const PART_BYTES_MIN = 5 * 1024 * 1024;

type CompleteInput = Given<CompleteMultipartUploadRequest, "Bucket" | "Key" | "UploadId">;

export const CompleteMultipartUpload = s3Operation<CompleteInput, CompleteMultipartUploadOutput>({
  schema: CompleteMultipartUpload$,
  reads: ["ChecksumType", "IfMatch", "IfNoneMatch", "MpuObjectSize", "MultipartUpload", "UploadId"],
  // Its x-amz-checksum-* headers are for the object, not for this request's body.
  checksumsOf: "object",
  access: ({ Bucket, Key }, { state }) => {
    state.bucket(Bucket);
    return [{ action: "s3:PutObject", resource: objectArn(Bucket, Key) }];
  },
  run: async (input, { state, nowMs }) => {
    const { Bucket, Key } = input;
    const repeated = answerAgain(input, state);
    if (repeated) return repeated;
    checkWriteForm(input);
    const upload = uploadOf(input, state);
    checkType(input, upload);
    const listed = input.MultipartUpload?.Parts ?? [];
    const parts = chosenParts(listed, upload, state);
    checkSize(input.MpuObjectSize, parts);
    const checksum = await checksumOf(upload, parts);
    const etag = etagOf(parts);
    const answer = {
      Location: `http://${Bucket}.s3.${state.region}.amazonaws.com/${encodeURIComponent(Key)}`,
      Bucket,
      Key,
      ETag: quoted({ etag }),
      ServerSideEncryption: "AES256",
      ...checksumMembers(checksum),
    } as const;
    await state.database.commit(() => {
      const current = uploadOf(input, state);
      checkUnchanged(current, parts, state);
      checkClaim(input, checksum);
      const existing = state.findObject(Bucket, Key);
      checkWriteConditions(input, existing);
      checkNoConflict(input, existing, current);
      state.insertObject({
        ...upload.headers,
        bucket: Bucket,
        key: Key,
        body: state.bodies.join(parts),
        etag,
        checksum,
        parts: parts.map(({ sizeBytes }) => sizeBytes),
        ...(checksum.type === "COMPOSITE" ? { partSums: parts.map(({ sum }) => sum.value) } : {}),
      });
      state.uploads.remove(upload.id, parts);
      state.uploads.remember({
        ...{ id: upload.id, bucket: Bucket, key: Key, completedMs: nowMs, answer },
        parts: parts.map((part) => [part.number, part.etag]),
      });
    });
    return answer;
  },
});

/**
 * The first answer, for a client that lost it and sends the same request again. S3 answers so for
 * some time; with other parts the upload does not exist any more (assumed).
 */
function answerAgain(
  { Bucket, Key, UploadId, MultipartUpload }: CompleteInput,
  { uploads }: S3State,
): CompleteMultipartUploadOutput | undefined {
  const completed = uploads.find(UploadId) ? undefined : uploads.findCompleted(UploadId);
  if (completed?.bucket !== Bucket || completed.key !== Key) return undefined;
  const listed = MultipartUpload?.Parts ?? [];
  const isSame = Array.isArray(listed) && listed.length === completed.parts.length &&
    completed.parts.every(([number, etag], index) =>
      listed[index].PartNumber === number && unquoted(String(listed[index].ETag ?? "")) === etag
    );
  return isSame ? completed.answer : undefined;
}

/** Texts and order recorded 2026-02: `null` is the mode of an upload without an algorithm. */
function checkType({ ChecksumType }: CompleteInput, { checksumType }: Upload): void {
  if (ChecksumType === undefined || ChecksumType === checksumType) return;
  throw invalidRequest(
    `The upload was created using the ${
      checksumType ?? null
    } checksum mode. The complete request ` +
      "must use the same checksum mode.",
  );
}

/** The parts that the request lists, in its order. Throws InvalidPart, InvalidPartOrder, … */
function chosenParts(
  listed: readonly CompletedPart[],
  upload: Upload,
  { uploads }: S3State,
): Part[] {
  if (!Array.isArray(listed)) throw malformedXml();
  if (listed.length === 0) throw invalidRequest("You must specify at least one part");
  const numbers = partNumbers(listed, upload);
  const uploaded = new Map(
    uploads.parts(upload.id, 0, 10_000).map((part) => [part.number, part] as const),
  );
  const parts = listed.map((entry, index) => {
    const part = uploaded.get(numbers[index]);
    if (!part || part.etag !== unquoted(String(entry.ETag ?? ""))) {
      throw invalidPart(upload, numbers[index], String(entry.ETag ?? ""));
    }
    checkPartChecksum(entry, part, upload);
    return part;
  });
  checkPartSizes(parts);
  return parts;
}

/** The numbers of the listed parts, which must ascend. */
function partNumbers(listed: readonly CompletedPart[], { id }: Upload): number[] {
  const numbers = listed.map(({ PartNumber }) => {
    if (typeof PartNumber !== "number" || !Number.isInteger(PartNumber)) throw malformedXml();
    return PartNumber;
  });
  const isAscending = numbers.every((number, index) => index === 0 || number > numbers[index - 1]);
  if (isAscending) return numbers;
  throw new AwsError(
    "InvalidPartOrder",
    400,
    "The list of parts was not in ascending order. Parts must be ordered by part number.",
    { fields: { UploadId: id } },
  );
}

/** Throws EntityTooSmall. Only the last part may be small. */
function checkPartSizes(parts: readonly Part[]): void {
  const small = parts.slice(0, -1).find(({ sizeBytes }) => sizeBytes < PART_BYTES_MIN);
  if (!small) return;
  throw new AwsError(
    "EntityTooSmall",
    400,
    "Your proposed upload is smaller than the minimum allowed size",
    {
      fields: {
        ETag: small.etag,
        MinSizeAllowed: String(PART_BYTES_MIN),
        PartNumber: String(small.number),
        ProposedSize: String(small.sizeBytes),
      },
    },
  );
}

const invalidPart = ({ id }: Upload, number: number, etag: string) =>
  new AwsError(
    "InvalidPart",
    400,
    "One or more of the specified parts could not be found.  The part may not have been " +
      "uploaded, or the specified entity tag may not match the part's entity tag.",
    { fields: { UploadId: id, PartNumber: String(number), ETag: unquoted(etag) } },
  );

/**
 * A composite checksum needs the checksum of every part. A given one must be that of the part, and
 * an upload without an algorithm takes none (recorded 2026-02).
 */
function checkPartChecksum(entry: CompletedPart, part: Part, upload: Upload): void {
  const given = claimedIn(entry);
  if (upload.checksumType === "COMPOSITE" && !given) {
    throw invalidRequest(
      `The upload was created using a ${upload.algorithm} checksum. The complete request must ` +
        `include the checksum for each part. It was missing for part ${part.number} in the request.`,
    );
  }
  if (!given) return;
  if (!upload.algorithm) throw invalidPart(upload, part.number, part.etag);
  if (given.algorithm !== upload.algorithm && upload.checksumType === "COMPOSITE") {
    throw new AwsError(
      "BadDigest",
      400,
      `The ${given.algorithm} you specified for part ${part.number} did not match what we received.`,
    );
  }
  if (!part.checksum) return;
  if (given.algorithm !== part.checksum.algorithm || given.value !== part.checksum.value) {
    throw invalidPart(upload, part.number, part.etag);
  }
}

/** The checksum among the members of a part or of the request. */
function claimedIn(entry: CompletedPart): Checksum | undefined {
  const claimed: readonly (readonly [ChecksumAlgorithm, string | undefined])[] = [
    ["crc32", entry.ChecksumCRC32],
    ["crc32c", entry.ChecksumCRC32C],
    ["crc64nvme", entry.ChecksumCRC64NVME],
    ["sha1", entry.ChecksumSHA1],
    ["sha256", entry.ChecksumSHA256],
    ["sha512", entry.ChecksumSHA512],
    ["md5", entry.ChecksumMD5],
    ["xxhash64", entry.ChecksumXXHASH64],
    ["xxhash3", entry.ChecksumXXHASH3],
    ["xxhash128", entry.ChecksumXXHASH128],
  ];
  for (const [algorithm, value] of claimed) {
    if (value !== undefined) return { algorithm, value };
  }
  return undefined;
}

function checkSize(announced: number | undefined, parts: readonly Part[]): void {
  const size = parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (announced === undefined || announced === size) return;
  throw invalidRequest(
    `The provided 'x-amz-mp-object-size' header value ${announced} does not match what was ` +
      `computed: ${size}`,
  );
}

/** The object's checksum, computed from those of the parts without reading their bytes again. */
async function checksumOf(
  { checksumType, algorithm = "crc64nvme" }: Upload,
  parts: readonly Part[],
): Promise<Checksum & { readonly type: ChecksumType }> {
  if (checksumType === "COMPOSITE") {
    const value = await compositeOf(algorithm, parts.map(({ sum }) => sum));
    return { algorithm, value, type: "COMPOSITE" };
  }
  if (!isCrc(algorithm)) {
    throw new Error(`a full-object checksum of ${algorithm} was let in`);
  }
  const sums = parts.map(({ sum: { value }, sizeBytes }) => ({ value, sizeBytes }));
  return { algorithm, value: combinedCrc(algorithm, sums), type: "FULL_OBJECT" };
}

/**
 * Checks the checksum that the request states for the object. That of a composite one may lack the
 * number of parts, as minio-go sends it (seen on S3: minio/minio issue 19670 of 2024-05,
 * versity/versitygw pull request 1589 of 2025-10).
 */
function checkClaim(input: CompleteInput, checksum: Checksum): void {
  const claimed = claimedIn(input);
  if (!claimed || claimed.algorithm !== checksum.algorithm) return;
  const accepted = [checksum.value, checksum.value.replace(/-\d+$/, "")];
  if (!accepted.includes(claimed.value)) throw badDigest(claimed.algorithm);
}

/** The MD5 of the parts' MD5s and the number of parts, also for a single part. */
function etagOf(parts: readonly Part[]): string {
  const sum = createHash("md5");
  for (const { etag } of parts) sum.update(Buffer.from(etag, "hex"));
  return `${sum.digest("hex")}-${parts.length}`;
}

/** Throws InvalidPart if a part was replaced while the parts were read. */
function checkUnchanged(upload: Upload, parts: readonly Part[], { uploads }: S3State): void {
  const files = new Set(uploads.parts(upload.id, 0, 10_000).map(({ file }) => file));
  const gone = parts.find(({ file }) => !files.has(file));
  if (gone) throw invalidPart(upload, gone.number, gone.etag);
}
