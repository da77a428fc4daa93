/**
 * ListParts and ListMultipartUploads.
 * @module
 */

import type {
  ChecksumAlgorithm,
  ListMultipartUploadsOutput,
  ListMultipartUploadsRequest,
  ListPartsOutput,
  ListPartsRequest,
} from "@aws-sdk/client-s3";
import { ListMultipartUploads$, ListParts$ } from "../../schemas/s3.ts";
import type { Given } from "../../operation.ts";
import { s3Operation } from "./define.ts";
import { invalidArgument } from "./errors.ts";
import { commonPrefix, countFromZero, encoderOf, pageSize } from "./listing.ts";
import { uploadOf } from "./multipart_upload.ts";
import { bucketArn, checksumMembers, lastModified, objectArn, quoted } from "./object.ts";
import { ownerId, type S3State } from "./state.ts";
import type { Upload } from "./uploads.ts";

type PartsInput = Given<ListPartsRequest, "Bucket" | "Key" | "UploadId">;

export const ListParts = s3Operation<PartsInput, ListPartsOutput>({
  schema: ListParts$,
  reads: ["MaxParts", "PartNumberMarker", "UploadId"],
  access: ({ Bucket, Key }, { state }) => {
    state.bucket(Bucket);
    return [{ action: "s3:ListMultipartUploadParts", resource: objectArn(Bucket, Key) }];
  },
  run: (input, { state }) => {
    const upload = uploadOf(input, state);
    const limit = pageSize(input.MaxParts, "max-parts");
    const after = input.PartNumberMarker ?? "0";
    const marker = countFromZero(Number(after), "part-number-marker", after);
    const found = state.uploads.parts(upload.id, marker, limit + 1);
    const page = found.slice(0, limit);
    const isTruncated = limit > 0 && found.length > limit;
    return {
      Bucket: upload.bucket,
      Key: upload.key,
      UploadId: upload.id,
      PartNumberMarker: String(marker),
      NextPartNumberMarker: String(page.at(-1)?.number ?? 0),
      MaxParts: limit,
      IsTruncated: isTruncated,
      Parts: page.map((part) => {
        // Without an algorithm of the upload AWS shows no checksum of a part (recorded 2026-02).
        const stated = upload.algorithm ? part.checksum : undefined;
        const { ChecksumType: _, ...checksum } = checksumMembers(stated);
        return {
          PartNumber: part.number,
          LastModified: lastModified(part),
          ETag: quoted(part),
          Size: part.sizeBytes,
          ...checksum,
        };
      }),
      ...partiesOf(upload, state),
      StorageClass: "STANDARD",
      ...checksumKind(upload),
    };
  },
});

/** The form of an upload's id: two UUIDs (see multipart_upload.ts). */
const UPLOAD_ID = /^[0-9a-f]{64}$/;

type UploadsInput = Given<ListMultipartUploadsRequest, "Bucket">;

export const ListMultipartUploads = s3Operation<UploadsInput, ListMultipartUploadsOutput>({
  schema: ListMultipartUploads$,
  reads: ["Delimiter", "EncodingType", "KeyMarker", "MaxUploads", "Prefix", "UploadIdMarker"],
  access: ({ Bucket }, { state }) => {
    state.bucket(Bucket);
    return [{ action: "s3:ListBucketMultipartUploads", resource: bucketArn(Bucket) }];
  },
  run: (input, { state }) => {
    const { Bucket, KeyMarker = "", UploadIdMarker = "", Prefix = "", Delimiter = "" } = input;
    const encode = encoderOf(input.EncodingType);
    const limit = pageSize(input.MaxUploads, "max-uploads");
    if (KeyMarker !== "" && UploadIdMarker !== "" && !UPLOAD_ID.test(UploadIdMarker)) {
      throw invalidIdMarker(UploadIdMarker);
    }
    const marked = KeyMarker === "" ? undefined : state.uploads.find(UploadIdMarker);
    if (marked && marked.key !== KeyMarker) throw invalidIdMarker(UploadIdMarker);
    const page = uploadsPage(state, input, limit);
    const last = page.uploads.at(-1);
    return {
      Bucket,
      KeyMarker: encode(KeyMarker),
      UploadIdMarker,
      ...(Prefix === "" ? {} : { Prefix: encode(Prefix) }),
      ...(Delimiter === "" ? {} : { Delimiter: encode(Delimiter) }),
      MaxUploads: limit,
      IsTruncated: page.isTruncated,
      // AWS shows both always, on the last page too, and empty where a page has no upload: so no
      // page follows one that has only common prefixes (recorded 2026-02).
      NextKeyMarker: last ? encode(page.last) : "",
      NextUploadIdMarker: last?.key === page.last ? last.id : "",
      Uploads: page.uploads.map((upload) => ({
        UploadId: upload.id,
        Key: encode(upload.key),
        Initiated: lastModified({ modifiedMs: upload.initiatedMs }),
        StorageClass: "STANDARD",
        ...partiesOf(upload, state),
        ...checksumKind(upload),
      })),
      CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
      ...(input.EncodingType === undefined ? {} : { EncodingType: input.EncodingType }),
    };
  },
});

interface UploadsPage {
  readonly uploads: readonly Upload[];
  readonly prefixes: readonly string[];
  readonly isTruncated: boolean;
  /** The last key or common prefix of the page. */
  readonly last: string;
}

const invalidIdMarker = (marker: string) =>
  invalidArgument("Invalid uploadId marker", "upload-id-marker", marker);

/** Looks at all uploads after the marker: only few are under way. */
function uploadsPage(state: S3State, input: UploadsInput, limit: number): UploadsPage {
  const { Bucket, Prefix = "", Delimiter = "", KeyMarker = "", UploadIdMarker = "" } = input;
  const uploads: Upload[] = [];
  const prefixes: string[] = [];
  let last = "";
  for (const upload of state.uploads.after(Bucket, KeyMarker, UploadIdMarker)) {
    if (!upload.key.startsWith(Prefix)) continue;
    const common = commonPrefix(upload.key, Prefix, Delimiter);
    // A marker in a common prefix stands for all keys of it (captured 2026-02).
    const isListed = common !== undefined &&
      (KeyMarker.startsWith(common) || prefixes.includes(common));
    if (isListed) continue;
    if (uploads.length + prefixes.length >= limit) {
      return { uploads, prefixes, isTruncated: limit > 0, last };
    }
    last = common ?? upload.key;
    if (common === undefined) uploads.push(upload);
    else prefixes.push(common);
  }
  return { uploads, prefixes, isTruncated: false, last };
}

function partiesOf({ initiator }: Upload, { accountId }: S3State) {
  const Owner = { ID: ownerId(accountId) };
  return { Owner, Initiator: initiator ?? Owner };
}

function checksumKind({ algorithm, checksumType }: Upload) {
  if (!algorithm) return {};
  return {
    ChecksumAlgorithm: algorithm.toUpperCase() as ChecksumAlgorithm,
    ChecksumType: checksumType,
  };
}
