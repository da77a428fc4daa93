/** CopyObject through the SDK. */
import {
  CopyObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { assertEquals, assertRejects } from "@std/assert";
import { Bucket, refusal, s3Test } from "./testing.ts";

const source = { Bucket, Key: "from/ü b.txt" };
const CopySource = `${Bucket}/${encodeURIComponent(source.Key)}`;

const putSource = (s3: S3Client) =>
  s3.send(
    new PutObjectCommand({
      ...source,
      Body: "hello",
      ContentType: "text/plain",
      Metadata: { who: "me" },
      Tagging: "a=1",
    }),
  );

s3Test("CopyObject copies bytes, headers, metadata, tags and checksum", async (s3) => {
  const put = await putSource(s3);
  const to = { Bucket, Key: "to" };
  const { CopyObjectResult } = await s3.send(new CopyObjectCommand({ ...to, CopySource }));
  assertEquals(CopyObjectResult?.ETag, put.ETag);
  assertEquals(CopyObjectResult?.ChecksumCRC32, put.ChecksumCRC32);
  const got = await s3.send(new GetObjectCommand(to));
  assertEquals(await got.Body!.transformToString(), "hello");
  assertEquals([got.ContentType, got.Metadata], ["text/plain", { who: "me" }]);
  const { TagSet } = await s3.send(new GetObjectTaggingCommand(to));
  assertEquals(TagSet, [{ Key: "a", Value: "1" }]);
});

s3Test(
  "REPLACE takes metadata and tags from the request, also in a copy onto itself",
  async (s3) => {
    await putSource(s3);
    await s3.send(
      new CopyObjectCommand({
        ...source,
        CopySource: `/${CopySource}?versionId=null`,
        MetadataDirective: "REPLACE",
        Metadata: { other: "1" },
        TaggingDirective: "REPLACE",
        Tagging: "b=2",
        ChecksumAlgorithm: "SHA256",
      }),
    );
    const head = await s3.send(new HeadObjectCommand({ ...source, ChecksumMode: "ENABLED" }));
    assertEquals([head.ContentType, head.Metadata, head.ChecksumSHA256], [
      "binary/octet-stream",
      { other: "1" },
      "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=",
    ]);
    const { TagSet } = await s3.send(new GetObjectTaggingCommand(source));
    assertEquals(TagSet, [{ Key: "b", Value: "2" }]);
  },
);

s3Test("a copy onto itself that changes nothing is illegal", async (s3) => {
  await putSource(s3);
  const copy = () => s3.send(new CopyObjectCommand({ ...source, CopySource }));
  assertEquals(
    (await assertRejects(copy, Error)).message,
    "This copy request is illegal because it is trying to copy an object to itself without " +
      "changing the object's metadata, storage class, website redirect location or encryption " +
      "attributes.",
  );
  // Captured 2026-02: naming the storage class that the object has is a change, as is encryption.
  for (
    const change of [
      { StorageClass: "STANDARD" },
      { ServerSideEncryption: "AES256" },
    ] as const
  ) {
    await s3.send(new CopyObjectCommand({ ...source, CopySource, ...change }));
  }
  const { Metadata } = await s3.send(new HeadObjectCommand(source));
  assertEquals(Metadata, { who: "me" });
});

s3Test(
  "a copy of a source that is old is refused, and a date in the future ignored",
  async (s3) => {
    await putSource(s3);
    const { LastModified } = await s3.send(new HeadObjectCommand(source));
    const copy = (CopySourceIfModifiedSince: Date | undefined) => () =>
      s3.send(new CopyObjectCommand({ Bucket, Key: "to", CopySource, CopySourceIfModifiedSince }));
    assertEquals(await refusal(copy(LastModified)), "PreconditionFailed");
    await copy(new Date(4e12))();
  },
);

for (
  const [why, input, code] of [
    ["a source that is missing", { CopySource: `${Bucket}/nope` }, "NoSuchKey"],
    ["a bucket that is missing", { CopySource: "nope-nope/k" }, "NoSuchBucket"],
    ["a source without a key", { CopySource: Bucket }, "InvalidArgument"],
    ["a source of broken encoding", { CopySource: `${Bucket}/%zz` }, "InvalidArgument"],
    ["a version", { CopySource: `${CopySource}?versionId=v1` }, "InvalidArgument"],
    ["a source that does not match", { CopySourceIfMatch: '"0"' }, "PreconditionFailed"],
    ["a source that matches", { CopySourceIfNoneMatch: "*" }, "PreconditionFailed"],
    ["a new source", { CopySourceIfUnmodifiedSince: new Date(0) }, "PreconditionFailed"],
    ["a target that is missing", { IfMatch: '"0"' }, "NoSuchKey"],
    ["both conditions", { IfMatch: '"0"', IfNoneMatch: "*" }, "NotImplemented"],
    ["If-Match: *", { IfMatch: "*" }, "NotImplemented"],
    ["an ACL", { ACL: "public-read" }, "AccessControlListNotSupported"],
  ] as const
) {
  s3Test(`CopyObject with ${why} is refused with ${code}`, async (s3) => {
    await putSource(s3);
    const copy = () => s3.send(new CopyObjectCommand({ Bucket, Key: "to", CopySource, ...input }));
    assertEquals(await refusal(copy), code);
  });
}
