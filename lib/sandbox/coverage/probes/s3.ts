/**
 * How S3's operations are called to learn what they do with each member of their input.
 * @module
 */

import { verifiedBody } from "../../http/body.ts";
import type { InputOf, Probe } from "../probe.ts";
import { ACCOUNT_ID, BUCKET, type Scene } from "../scene.ts";

const BYTES = new TextEncoder().encode("probed");
const SSE_S3 = { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }] };
const SSE_DEFAULT = "ServerSideEncryptionConfiguration.Rules[].ApplyServerSideEncryptionByDefault";
const SSE_ALGORITHMS = ["AES256", "aws:kms", "aws:kms:dsse"];
const BLOCK_ALL = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};
const OWNERSHIPS = ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"];
const OWNER_ENFORCED = { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] };
const TAGGING = { TagSet: [{ Key: "key", Value: "value" }] };
const LATER = new Date(Date.UTC(2100));

// --- what is there ----------------------------------------------------------------------------

function body(bytes: Uint8Array<ArrayBuffer> = BYTES) {
  const headers = new Headers({ "content-length": String(bytes.length) });
  return verifiedBody(new Blob([bytes]).stream(), { headers });
}

async function bucket(scene: Scene) {
  const Bucket = scene.unique("bucket");
  await scene.call("s3", "CreateBucket", { Bucket });
  return { Bucket };
}

/** A bucket with tags. */
async function tagged(scene: Scene) {
  const named = await bucket(scene);
  await scene.call("s3", "PutBucketTagging", { ...named, Tagging: TAGGING });
  return named;
}

/** A bucket with two objects in a folder each. */
async function filled(scene: Scene) {
  const named = await bucket(scene);
  for (const Key of ["a/1", "b/1"]) {
    await scene.call("s3", "PutObject", { ...named, Key, Body: body() });
  }
  return named;
}

async function object(scene: Scene) {
  const named = { Bucket: BUCKET, Key: scene.unique("object") };
  const ETag = String((await scene.call("s3", "PutObject", { ...named, Body: body() })).ETag);
  await scene.call("s3", "PutObjectTagging", { ...named, Tagging: TAGGING });
  return { named, ETag };
}

const ofObject = async (scene: Scene) => (await object(scene)).named;

async function upload(
  scene: Scene,
  named: { readonly Bucket: string; readonly Key: string } = {
    Bucket: BUCKET,
    Key: scene.unique("upload"),
  },
  more: object = {},
) {
  const { UploadId } = await scene.call("s3", "CreateMultipartUpload", { ...named, ...more });
  return { ...named, UploadId };
}

async function part(
  scene: Scene,
  of: Awaited<ReturnType<typeof upload>>,
  { number, bytes }: { readonly number: number; readonly bytes: number },
) {
  const part = { ...of, PartNumber: number, Body: body(new Uint8Array(bytes)) };
  const { ETag } = await scene.call("s3", "UploadPart", part);
  return { PartNumber: number, ETag };
}

/** An upload with two parts. */
async function parts(scene: Scene) {
  const named = await upload(scene);
  await part(scene, named, { number: 1, bytes: 1 });
  await part(scene, named, { number: 2, bytes: 1 });
  return named;
}

/** What completes an upload with one part. */
async function uploaded(scene: Scene, of?: Parameters<typeof upload>[1]) {
  const named = await upload(scene, of);
  return {
    ...named,
    MultipartUpload: { Parts: [await part(scene, named, { number: 1, bytes: 1 })] },
  };
}

/** The algorithms whose checksum a part may have. */
const ALGORITHMS = "CRC32 CRC32C CRC64NVME SHA1 SHA256 SHA512 MD5 XXHASH64 XXHASH3 XXHASH128".split(
  " ",
);

/** What completes an upload with an algorithm, and with the checksum of its part. */
async function summed(scene: Scene, algorithm: string) {
  const named = await upload(scene, undefined, { ChecksumAlgorithm: algorithm });
  const { CopyPartResult } = await scene.call("s3", "UploadPartCopy", {
    ...named,
    PartNumber: 1,
    CopySource: `${BUCKET}/${(await ofObject(scene)).Key}`,
  });
  return { ...named, MultipartUpload: { Parts: [{ PartNumber: 1, ...Object(CopyPartResult) }] } };
}

// --- calls ------------------------------------------------------------------------------------

const and = (inputOf: InputOf, more: object): InputOf => async (scene) => ({
  ...await inputOf(scene),
  ...more,
});

/** Calls that name the object's own ETag in `member`. */
const ownETag = (member: string, more: object = {}) => ({
  [member]: {
    own: async (scene: Scene) => {
      const { named, ETag } = await object(scene);
      return { ...named, ...more, [member]: ETag };
    },
  },
});

/** A list, whose marker is that of a first page with one item. */
function listed(
  operation: string,
  inputOf: InputOf,
  { limit, marker, next }: {
    readonly limit: string;
    readonly marker: string;
    readonly next: string;
  },
): Probe {
  return {
    input: inputOf,
    calls: {
      [marker]: {
        marker: async (scene) => {
          const input = { ...await inputOf(scene), [limit]: 1 };
          const output = await scene.call("s3", operation, input);
          return { ...input, [marker]: output[next] };
        },
      },
    },
  };
}

/** Values that make a difference, of members that many operations have. */
const COMMON_VALUES: NonNullable<Probe["values"]> = {
  ACL: ["private", "bucket-owner-full-control", "public-read"],
  ServerSideEncryption: ["AES256", "aws:kms"],
  StorageClass: ["STANDARD", "GLACIER"],
  BucketKeyEnabled: [false, true],
  ObjectOwnership: ["BucketOwnerEnforced", "ObjectWriter"],
  ObjectLockEnabledForBucket: [false, true],
  ExpectedBucketOwner: [ACCOUNT_ID],
  ExpectedSourceBucketOwner: [ACCOUNT_ID],
  RequestPayer: ["requester"],
  EncodingType: ["url"],
  OptionalObjectAttributes: [["RestoreStatus"]],
  VersionId: ["null"],
  Tagging: ["key=value"],
  IfUnmodifiedSince: [LATER],
  CopySourceIfUnmodifiedSince: [LATER],
  IfNoneMatch: ['"other"'],
  CopySourceIfNoneMatch: ['"other"'],
};

const AT_THE_DOOR = "read by the front door, which checks the body as it comes in";

/** What the front door reads of every request. */
const DOOR = ("ContentLength ContentMD5 ChecksumAlgorithm ChecksumCRC32 ChecksumCRC32C " +
  "ChecksumCRC64NVME ChecksumSHA1 ChecksumSHA256 ChecksumSHA512 ChecksumMD5 ChecksumXXHASH64 " +
  "ChecksumXXHASH3 ChecksumXXHASH128").split(" ");

const usual = {
  values: COMMON_VALUES,
  unread: Object.fromEntries(DOOR.map((name) => [name, AT_THE_DOOR])),
};

const PROBES: Readonly<Record<string, Probe>> = {
  CreateBucket: {
    input: (scene) => ({ Bucket: scene.unique("bucket") }),
    values: {
      "CreateBucketConfiguration.Tags": [TAGGING.TagSet],
      "CreateBucketConfiguration.LocationConstraint": ["eu-west-1"],
    },
  },
  HeadBucket: { input: bucket },
  ListBuckets: {
    ...listed("ListBuckets", and(bucket, { Bucket: undefined }), {
      limit: "MaxBuckets",
      marker: "ContinuationToken",
      next: "ContinuationToken",
    }),
    values: { BucketRegion: ["us-east-1"] },
  },
  GetBucketLocation: { input: bucket },
  GetBucketPolicy: { input: bucket, answersWith: "NoSuchBucketPolicy" },
  GetBucketPolicyStatus: { input: bucket, answersWith: "NoSuchBucketPolicy" },
  GetBucketCors: { input: bucket, answersWith: "NoSuchCORSConfiguration" },
  GetBucketLifecycleConfiguration: { input: bucket, answersWith: "NoSuchLifecycleConfiguration" },
  GetBucketReplication: { input: bucket, answersWith: "ReplicationConfigurationNotFoundError" },
  GetBucketWebsite: { input: bucket, answersWith: "NoSuchWebsiteConfiguration" },
  GetObjectLockConfiguration: {
    input: bucket,
    answersWith: "ObjectLockConfigurationNotFoundError",
  },
  GetBucketVersioning: { input: bucket },
  GetBucketLogging: { input: bucket },
  GetBucketNotificationConfiguration: { input: bucket },
  GetBucketAccelerateConfiguration: { input: bucket },
  GetBucketRequestPayment: { input: bucket },
  GetBucketAcl: { input: bucket },
  GetBucketEncryption: { input: bucket },
  GetBucketOwnershipControls: { input: bucket },
  GetPublicAccessBlock: { input: bucket },
  PutBucketEncryption: {
    input: and(bucket, { ServerSideEncryptionConfiguration: SSE_S3 }),
    values: {
      ServerSideEncryptionConfiguration: [SSE_S3],
      [`${SSE_DEFAULT}.SSEAlgorithm`]: SSE_ALGORITHMS,
    },
    refused: [`${SSE_DEFAULT}.KMSMasterKeyID`],
  },
  DeleteBucketEncryption: { input: bucket },
  PutPublicAccessBlock: {
    input: and(bucket, { PublicAccessBlockConfiguration: BLOCK_ALL }),
    values: {
      PublicAccessBlockConfiguration: [BLOCK_ALL],
      ...Object.fromEntries(
        Object.keys(BLOCK_ALL).map((
          name,
        ) => [`PublicAccessBlockConfiguration.${name}`, [true, false]]),
      ),
    },
  },
  DeletePublicAccessBlock: { input: bucket },
  PutBucketOwnershipControls: {
    input: and(bucket, { OwnershipControls: OWNER_ENFORCED }),
    values: {
      OwnershipControls: [OWNER_ENFORCED],
      "OwnershipControls.Rules[].ObjectOwnership": OWNERSHIPS,
    },
  },
  DeleteBucketOwnershipControls: { input: bucket },
  DeleteBucket: { input: bucket },
  PutBucketTagging: { input: and(bucket, { Tagging: TAGGING }), values: { Tagging: [TAGGING] } },
  GetBucketTagging: { input: tagged },
  DeleteBucketTagging: { input: tagged },
  PutObject: {
    input: (scene) => ({ Bucket: BUCKET, Key: scene.unique("object"), Body: body() }),
    values: { IfNoneMatch: ["*"] },
    calls: {
      IfMatch: {
        own: async (scene) => {
          const { named, ETag } = await object(scene);
          return { ...named, Body: body(), IfMatch: ETag };
        },
      },
    },
  },
  GetObject: { input: ofObject, values: { Range: ["bytes=0-1"] }, calls: ownETag("IfMatch") },
  HeadObject: { input: ofObject, values: { Range: ["bytes=0-1"] }, calls: ownETag("IfMatch") },
  CopyObject: {
    input: async (scene) => {
      const { Bucket, Key } = await ofObject(scene);
      return {
        Bucket,
        Key: scene.unique("copy"),
        CopySource: `${Bucket}/${Key}`,
        // Without these, as on AWS, what else is said of the copy changes nothing.
        MetadataDirective: "REPLACE",
        TaggingDirective: "REPLACE",
      };
    },
    values: { IfNoneMatch: ["*"], ChecksumAlgorithm: ["SHA256"] },
    calls: {
      CopySourceIfMatch: {
        own: async (scene) => {
          const { named, ETag } = await object(scene);
          const source = { CopySource: `${named.Bucket}/${named.Key}`, CopySourceIfMatch: ETag };
          return { Bucket: BUCKET, Key: scene.unique("copy"), ...source };
        },
      },
      IfMatch: {
        own: async (scene) => {
          const { named, ETag } = await object(scene);
          const { Bucket, Key } = await ofObject(scene);
          return { ...named, CopySource: `${Bucket}/${Key}`, IfMatch: ETag };
        },
      },
    },
  },
  DeleteObject: {
    input: ofObject,
    calls: ownETag("IfMatch"),
    refused: ["BypassGovernanceRetention"],
  },
  DeleteObjects: {
    refused: ["BypassGovernanceRetention"],
    headers: { "content-md5": "checked by the front door" },
    input: async (scene) => {
      const { Bucket, Key } = await ofObject(scene);
      return { Bucket, Delete: { Objects: [{ Key, VersionId: "null" }], Quiet: true } };
    },
  },
  PutObjectTagging: {
    input: and(ofObject, { Tagging: TAGGING }),
    values: { Tagging: [TAGGING] },
  },
  GetObjectTagging: { input: ofObject },
  DeleteObjectTagging: { input: ofObject },
  ListObjects: listed("ListObjects", and(filled, { Delimiter: "/" }), {
    limit: "MaxKeys",
    marker: "Marker",
    next: "NextMarker",
  }),
  ListObjectsV2: listed("ListObjectsV2", filled, {
    limit: "MaxKeys",
    marker: "ContinuationToken",
    next: "NextContinuationToken",
  }),
  ListObjectVersions: {
    ...listed("ListObjectVersions", filled, {
      limit: "MaxKeys",
      marker: "KeyMarker",
      next: "NextKeyMarker",
    }),
    values: { VersionIdMarker: ["null"] },
    calls: {
      VersionIdMarker: {
        null: async (scene) => ({
          ...await filled(scene),
          KeyMarker: "a/1",
          VersionIdMarker: "null",
        }),
      },
    },
  },
  CreateMultipartUpload: {
    input: (scene) => ({
      Bucket: BUCKET,
      Key: scene.unique("upload"),
      ChecksumAlgorithm: "SHA256",
    }),
    values: { ChecksumType: ["COMPOSITE"] },
  },
  UploadPart: {
    input: async (scene) => ({ ...await upload(scene), PartNumber: 1, Body: body() }),
  },
  UploadPartCopy: {
    input: async (scene) => {
      const { Bucket, Key } = await ofObject(scene);
      return { ...await upload(scene), PartNumber: 1, CopySource: `${Bucket}/${Key}` };
    },
    values: { CopySourceRange: ["bytes=0-1"] },
    calls: {
      CopySourceIfMatch: {
        own: async (scene) => {
          const { named, ETag } = await object(scene);
          const source = { CopySource: `${named.Bucket}/${named.Key}`, CopySourceIfMatch: ETag };
          return { ...await upload(scene), PartNumber: 1, ...source };
        },
      },
    },
  },
  CompleteMultipartUpload: {
    input: uploaded,
    values: { IfNoneMatch: ["*"], MpuObjectSize: [1] },
    calls: {
      ...Object.fromEntries(ALGORITHMS.map((algorithm) => [
        `MultipartUpload.Parts[].Checksum${algorithm}`,
        { own: (scene) => summed(scene, algorithm) },
      ])),
      ChecksumType: {
        FULL_OBJECT: async (scene) => ({
          ...await summed(scene, "CRC64NVME"),
          ChecksumType: "FULL_OBJECT",
        }),
      },
      ChecksumCRC64NVME: {
        own: async (scene) => {
          const same = await scene.call("s3", "CompleteMultipartUpload", await uploaded(scene));
          return { ...await uploaded(scene), ChecksumCRC64NVME: same.ChecksumCRC64NVME };
        },
      },
      IfMatch: {
        own: async (scene) => {
          const { named, ETag } = await object(scene);
          return { ...await uploaded(scene, named), IfMatch: ETag };
        },
      },
    },
  },
  AbortMultipartUpload: { input: upload },
  ListParts: listed("ListParts", parts, {
    limit: "MaxParts",
    marker: "PartNumberMarker",
    next: "NextPartNumberMarker",
  }),
  ListMultipartUploads: {
    input: async (scene) => {
      const { Bucket, Key, UploadId } = await upload(scene);
      return { Bucket, KeyMarker: Key, UploadIdMarker: UploadId };
    },
  },
};

export const S3_PROBES: Readonly<Record<string, Probe>> = Object.fromEntries(
  Object.entries(PROBES).map(([name, probe]) => [name, { ...probe, usual }]),
);
