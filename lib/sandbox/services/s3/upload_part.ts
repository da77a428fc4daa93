/**
 * UploadPart and UploadPartCopy: a part of an upload, from a request or from another object.
 * @module
 */

import type {
  UploadPartCopyOutput,
  UploadPartCopyRequest,
  UploadPartOutput,
  UploadPartRequest,
} from "@aws-sdk/client-s3";
import { UploadPart$, UploadPartCopy$ } from "../../schemas/s3.ts";
import type { Checksum, ChecksumAlgorithm } from "../../checksums.ts";
import type { VerifiedBody } from "../../verified_body.ts";
import type { Given } from "../../operation.ts";
import type { FinishedBody } from "../../ports/object_store.ts";
import { checkSourceConditions } from "./conditions.ts";
import { parseCopySource, sourceAccess, sourceOf } from "./copy_source.ts";
import { s3Operation } from "./define.ts";
import { invalidArgument, invalidRequest } from "./errors.ts";
import { uploadOf } from "./multipart_upload.ts";
import {
  checksumMembers,
  checkUploadSize,
  commitBody,
  lastModified,
  objectArn,
  quoted,
  storeCopy,
  storeSummedBody,
} from "./object.ts";
import type { ByteRange } from "./range.ts";
import type { S3State } from "./state.ts";
import type { Part, Upload } from "./uploads.ts";

const PART_NUMBER_MAX = 10_000;

type Named = "Bucket" | "Key" | "PartNumber" | "UploadId";
type PartInput = Omit<Given<UploadPartRequest, Named>, "Body"> & { readonly Body: VerifiedBody };

export const UploadPart = s3Operation<PartInput, UploadPartOutput>({
  schema: UploadPart$,
  reads: ["Body", "PartNumber", "UploadId"],
  access: ({ Bucket, Key }, { state }) => {
    state.bucket(Bucket);
    return [{ action: "s3:PutObject", resource: objectArn(Bucket, Key) }];
  },
  run: async (input, { state, headers, nowMs }) => {
    checkPartNumber(input.PartNumber);
    checkUploadSize(headers);
    const upload = uploadOf(input, state);
    checkAlgorithm(upload.algorithm, input.Body.claimed);
    const { body, checksum, sum } = await storeSummedBody(state, input.Body, sumAlgorithm(upload));
    const given = input.Body.claimed === undefined ? undefined : checksum;
    const part = await savePart(input, { body, checksum: given, sum }, { state, nowMs });
    const { ChecksumType: _, ...members } = checksumMembers(part.checksum);
    return { ETag: quoted(part), ServerSideEncryption: "AES256", ...members };
  },
});

type PartCopyInput = Given<UploadPartCopyRequest, Named | "CopySource">;

export const UploadPartCopy = s3Operation<PartCopyInput, UploadPartCopyOutput>({
  schema: UploadPartCopy$,
  reads: [
    "CopySource",
    "CopySourceIfMatch",
    "CopySourceIfModifiedSince",
    "CopySourceIfNoneMatch",
    "CopySourceIfUnmodifiedSince",
    "CopySourceRange",
    "PartNumber",
    "UploadId",
  ],
  access: ({ Bucket, Key, CopySource }, { state }) => {
    state.bucket(Bucket);
    return [
      ...sourceAccess(parseCopySource(CopySource), state),
      { action: "s3:PutObject", resource: objectArn(Bucket, Key) },
    ];
  },
  run: async (input, context) => {
    const { state, nowMs } = context;
    checkPartNumber(input.PartNumber);
    const upload = uploadOf(input, state);
    const { owner, object } = sourceOf(input.CopySource, context);
    checkSourceConditions(input, object, context.nowMs);
    const [start, end] = copyRange(input.CopySourceRange, object.sizeBytes);
    const { body, checksum } = await storeCopy(
      state,
      [owner.bodies.stream(object.file, start, end)],
      sumAlgorithm(upload),
    );
    const shown = upload.algorithm ? checksum : undefined;
    const part = await savePart(input, { body, checksum: shown, sum: checksum }, { state, nowMs });
    const { ChecksumType: _, ...members } = checksumMembers(part.checksum);
    return {
      CopyPartResult: { ETag: quoted(part), LastModified: lastModified(part), ...members },
      ServerSideEncryption: "AES256",
    };
  },
});

/** The algorithm of the parts' checksums from which the object's is computed. */
const sumAlgorithm = ({ algorithm }: Upload): ChecksumAlgorithm => algorithm ?? "crc64nvme";

function checkPartNumber(number: number): void {
  if (Number.isInteger(number) && number >= 1 && number <= PART_NUMBER_MAX) return;
  throw invalidArgument(
    `Part number must be an integer between 1 and ${PART_NUMBER_MAX}, inclusive`,
    "partNumber",
    String(number),
  );
}

/** Refuses a part without the checksum algorithm that the upload was created with. */
function checkAlgorithm(
  wanted: ChecksumAlgorithm | undefined,
  found: ChecksumAlgorithm | undefined,
): void {
  if (!wanted || wanted === found) return;
  throw invalidRequest(
    `Checksum Type mismatch occurred, expected checksum Type: ${wanted}, ` +
      `actual checksum Type: ${found ?? "null"}`,
  );
}

function savePart(
  input: { readonly Bucket: string; readonly Key: string } & {
    readonly UploadId: string;
    readonly PartNumber: number;
  },
  { body, ...checksums }: {
    readonly body: FinishedBody;
    readonly checksum: Checksum | undefined;
    readonly sum: Checksum;
  },
  { state, nowMs }: { readonly state: S3State; readonly nowMs: number },
): Promise<Part> {
  return commitBody(state, body, () => {
    const { id } = uploadOf(input, state);
    const { file, sizeBytes, md5Hex: etag } = body;
    const number = input.PartNumber;
    const part = { number, file, sizeBytes, etag, modifiedMs: nowMs, ...checksums };
    state.bodies.keep(body);
    state.uploads.savePart(id, part);
    return part;
  });
}

/** Reads `bytes=first-last`, the only accepted form; absent means all of the source. */
function copyRange(range: string | undefined, sizeBytes: number): ByteRange {
  if (range === undefined) return [0, sizeBytes];
  const match = /^bytes=(\d+)-(\d+)$/.exec(range);
  const [start, last] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || last < start) {
    throw invalidArgument(
      "The x-amz-copy-source-range value must be of the form bytes=first-last where first and " +
        "last are the zero-based offsets of the first and last bytes to copy",
      "x-amz-copy-source-range",
      range,
    );
  }
  if (start >= sizeBytes) {
    throw invalidRequest("The specified copy range is invalid for the source object size");
  }
  if (last >= sizeBytes) {
    throw invalidArgument(
      `Range specified is not valid for source object of size: ${sizeBytes}`,
      "x-amz-copy-source-range",
      range,
    );
  }
  return [start, last + 1];
}
