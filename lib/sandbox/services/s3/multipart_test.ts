/** Multipart uploads through the SDK. */
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { createHash } from "node:crypto";
import { Bucket, refusal, s3Test } from "./testing.ts";

const Key = "big/file";
const MIB_5 = 5 * 1024 * 1024;
const FIRST = new Uint8Array(MIB_5).fill(97);
const LAST = new TextEncoder().encode("the end");

async function create(s3: S3Client, more: Partial<CreateMultipartUploadCommand["input"]> = {}) {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
  return { Bucket, Key, UploadId: UploadId! };
}

type At = Awaited<ReturnType<typeof create>>;

async function upload(
  s3: S3Client,
  at: At,
  PartNumber: number,
  Body: Uint8Array,
  more: Partial<UploadPartCommand["input"]> = {},
): Promise<CompletedPart> {
  const { ETag, ChecksumSHA256, ChecksumCRC32, ChecksumCRC64NVME } = await s3.send(
    new UploadPartCommand({ ...at, PartNumber, Body, ...more }),
  );
  // An upload without an algorithm takes no checksums when it is completed.
  if (!more.ChecksumAlgorithm) return { PartNumber, ETag };
  return { PartNumber, ETag, ChecksumSHA256, ChecksumCRC32, ChecksumCRC64NVME };
}

const complete = (
  s3: S3Client,
  at: At,
  Parts: readonly CompletedPart[],
  more: Partial<CompleteMultipartUploadCommand["input"]> = {},
) =>
  s3.send(
    new CompleteMultipartUploadCommand({ ...at, MultipartUpload: { Parts: [...Parts] }, ...more }),
  );

const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes).digest();

s3Test("parts become one object, with their number in its ETag", async (s3) => {
  const at = await create(s3, {
    ContentType: "text/plain",
    Metadata: { who: "me" },
    Tagging: "a=1",
  });
  // Parts come in any order, and the last that came under a number counts.
  const last = await upload(s3, at, 7, LAST);
  await upload(s3, at, 2, LAST);
  const first = await upload(s3, at, 2, FIRST);
  const done = await complete(s3, at, [first, last]);
  const sums = Buffer.concat([md5(FIRST), md5(LAST)]);
  assertEquals(done.ETag, `"${md5(sums).toString("hex")}-2"`);
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key }));
  assertEquals([head.ETag, head.ContentLength], [done.ETag, MIB_5 + LAST.length]);
  assertEquals([head.ContentType, head.Metadata?.who, head.TagCount], ["text/plain", "me", 1]);
  const tail = await s3.send(new GetObjectCommand({ Bucket, Key, Range: "bytes=-9" }));
  assertEquals(await tail.Body!.transformToString(), "aathe end");
  const part = await s3.send(new GetObjectCommand({ Bucket, Key, PartNumber: 2 }));
  assertEquals([await part.Body!.transformToString(), part.PartsCount], ["the end", 2]);
});

s3Test("an upload that is completed again is answered as the first time", async (s3) => {
  const at = await create(s3);
  const parts = [await upload(s3, at, 1, LAST)];
  const once = { IfNoneMatch: "*" };
  const { $metadata: _, ...first } = await complete(s3, at, parts, once);
  const { $metadata: __, ...second } = await complete(s3, at, parts, once);
  assertEquals(second, first);
  const others = [{ ...parts[0], PartNumber: 2 }];
  assertEquals(await refusal(() => complete(s3, at, others)), "NoSuchUpload");
  assertEquals(
    await refusal(() => complete(s3, { ...at, Key: "other" }, parts)),
    "NoSuchUpload",
  );
  assertEquals(await refusal(() => upload(s3, at, 1, LAST)), "NoSuchUpload");
  // It is the object that counts, not the answer: a later one is not replaced.
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: "later" }));
  await complete(s3, at, parts);
  const later = await s3.send(new GetObjectCommand({ Bucket, Key }));
  assertEquals(await later.Body!.transformToString(), "later");
});

// Captured 2026-02: LocalStack's test_multipart_if_match_with_put, …_with_put_identical,
// …_if_match_with_delete and …_if_none_match_with_delete.
s3Test("a conditional completion conflicts with a write or delete in between", async (s3) => {
  const put = (Body: string) => s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  const CONFLICT = "ConditionalRequestConflict";
  const { ETag: before } = await put("before");
  const at = await create(s3);
  const parts = [await upload(s3, at, 1, LAST)];
  const { ETag: during } = await put("during");
  const ending = (more: Parameters<typeof complete>[3]) => () => complete(s3, at, parts, more);
  assertEquals(await refusal(ending({ IfMatch: before })), "PreconditionFailed");
  assertEquals(await refusal(ending({ IfMatch: during })), CONFLICT);
  assertEquals(await refusal(ending({ IfNoneMatch: "*" })), "PreconditionFailed");
  await put("during");
  assertEquals(await refusal(ending({ IfMatch: during })), CONFLICT);
  await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  assertEquals(await refusal(ending({ IfMatch: during })), "NoSuchKey");
  assertEquals(await refusal(ending({ IfNoneMatch: "*" })), CONFLICT);
  const again = await create(s3);
  const partsAgain = [await upload(s3, again, 1, LAST)];
  await complete(s3, again, partsAgain, { IfNoneMatch: "*" });
  assertEquals(await refusal(ending({ IfMatch: "*" })), "NotImplemented");
  assertEquals(
    await refusal(ending({ IfMatch: during, IfNoneMatch: "*" })),
    "NotImplemented",
  );
});

// Captured 2026-02: LocalStack's test_get_object_part_checksum.
s3Test("a part has its own checksum, a range over all has the object's", async (s3) => {
  const read = async (more: Partial<GetObjectCommand["input"]>) => {
    const input = { Bucket, Key, ChecksumMode: "ENABLED", ...more } as const;
    const { Body, ...head } = await s3.send(new GetObjectCommand(input));
    await Body?.transformToString();
    return [head.ChecksumSHA256 ?? head.ChecksumCRC32, head.ChecksumType];
  };
  const composite = await create(s3, { ChecksumAlgorithm: "SHA256" });
  const parts = [
    await upload(s3, composite, 1, FIRST, { ChecksumAlgorithm: "SHA256" }),
    await upload(s3, composite, 2, LAST, { ChecksumAlgorithm: "SHA256" }),
  ];
  const { ChecksumSHA256 } = await complete(s3, composite, parts);
  assertEquals(await read({ PartNumber: 2 }), [parts[1].ChecksumSHA256, "COMPOSITE"]);
  assertEquals(await read({ Range: "bytes=0-" }), [ChecksumSHA256, "COMPOSITE"]);
  assertEquals(await read({ Range: "bytes=1-" }), [undefined, undefined]);
  const whole = await create(s3, { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
  const only = [await upload(s3, whole, 1, LAST, { ChecksumAlgorithm: "CRC32" })];
  const { ChecksumCRC32 } = await complete(s3, whole, only);
  assertEquals(await read({ PartNumber: 1 }), [ChecksumCRC32, "FULL_OBJECT"]);
});

s3Test("the newer algorithms make composite checksums too, and no others", async (s3) => {
  const whole = create(s3, { ChecksumAlgorithm: "SHA512", ChecksumType: "FULL_OBJECT" });
  assertEquals(await refusal(() => whole), "InvalidRequest");
  const at = await create(s3, { ChecksumAlgorithm: "SHA512" });
  const sum = createHash("sha512").update(LAST).digest();
  const ChecksumSHA512 = sum.toString("base64");
  const part = await upload(s3, at, 1, LAST, { ChecksumSHA512 });
  const done = await complete(s3, at, [{ ...part, ChecksumSHA512 }]);
  const wanted = `${createHash("sha512").update(sum).digest("base64")}-1`;
  assertEquals([done.ChecksumSHA512, done.ChecksumType], [wanted, "COMPOSITE"]);
});

s3Test("a composite checksum is the sum of the parts' sums", async (s3) => {
  const at = await create(s3, { ChecksumAlgorithm: "SHA256" });
  const parts = [
    await upload(s3, at, 1, FIRST, { ChecksumAlgorithm: "SHA256" }),
    await upload(s3, at, 2, LAST, { ChecksumAlgorithm: "SHA256" }),
  ];
  const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();
  const wanted = sha256(Buffer.concat([sha256(FIRST), sha256(LAST)])).toString("base64");
  const bare = parts.map(({ PartNumber, ETag }) => ({ PartNumber, ETag }));
  assertEquals(
    (await assertRejects(() => complete(s3, at, bare), Error)).message,
    "The upload was created using a sha256 checksum. The complete request must include the " +
      "checksum for each part. It was missing for part 1 in the request.",
  );
  for (const ChecksumSHA256 of [`${wanted}-3`, sha256(FIRST).toString("base64")]) {
    assertEquals(await refusal(() => complete(s3, at, parts, { ChecksumSHA256 })), "BadDigest");
  }
  // minio-go 7.4.1 (2026-12-01) states the checksum without the number of parts.
  const done = await complete(s3, at, parts, { ChecksumSHA256: wanted });
  assertEquals([done.ChecksumSHA256, done.ChecksumType], [`${wanted}-2`, "COMPOSITE"]);
  const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
  assertEquals(got.ChecksumSHA256, `${wanted}-2`);
  await got.Body?.transformToByteArray();
});

s3Test("a full-object checksum is that of the whole, and is checked at the end", async (s3) => {
  await s3.send(
    new PutObjectCommand({
      Bucket,
      Key: "whole",
      Body: Buffer.concat([FIRST, LAST]),
      ChecksumAlgorithm: "CRC64NVME",
    }),
  );
  const whole = await s3.send(
    new HeadObjectCommand({ Bucket, Key: "whole", ChecksumMode: "ENABLED" }),
  );
  const at = await create(s3, { ChecksumAlgorithm: "CRC64NVME" });
  const more = { ChecksumAlgorithm: "CRC64NVME" } as const;
  const parts = [await upload(s3, at, 1, FIRST, more), await upload(s3, at, 2, LAST, more)];
  const wrong = { ChecksumCRC64NVME: "AAAAAAAAAAA=" };
  assertEquals(await refusal(() => complete(s3, at, parts, wrong)), "BadDigest");
  const { ChecksumCRC64NVME } = whole;
  const done = await complete(s3, at, parts, { ChecksumCRC64NVME });
  assertEquals([done.ChecksumCRC64NVME, done.ChecksumType], [ChecksumCRC64NVME, "FULL_OBJECT"]);
});

s3Test("UploadPartCopy takes a part, or a range of it, from another object", async (s3) => {
  await s3.send(new PutObjectCommand({ Bucket, Key: "from", Body: FIRST }));
  const at = await create(s3);
  const copy = async (PartNumber: number, CopySourceRange?: string) => {
    const { CopyPartResult } = await s3.send(
      new UploadPartCopyCommand({
        ...at,
        PartNumber,
        CopySource: `${Bucket}/from`,
        CopySourceRange,
      }),
    );
    return { PartNumber, ETag: CopyPartResult?.ETag };
  };
  assertEquals(await refusal(() => copy(1, "bytes=5-")), "InvalidArgument");
  assertEquals(await refusal(() => copy(1, `bytes=0-${MIB_5}`)), "InvalidArgument");
  await complete(s3, at, [await copy(1), await copy(2, "bytes=0-2")]);
  const { ContentLength } = await s3.send(new HeadObjectCommand({ Bucket, Key }));
  assertEquals(ContentLength, MIB_5 + 3);
});

s3Test("ListParts and ListMultipartUploads list parts and uploads page by page", async (s3) => {
  const at = await create(s3);
  for (const number of [1, 2, 3]) await upload(s3, at, number, LAST);
  const page = await s3.send(new ListPartsCommand({ ...at, MaxParts: 2 }));
  assertEquals(page.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size]), [[1, 7], [2, 7]]);
  assertEquals([page.IsTruncated, page.NextPartNumberMarker], [true, "2"]);
  const rest = await s3.send(new ListPartsCommand({ ...at, PartNumberMarker: "2" }));
  assertEquals(rest.Parts?.map(({ PartNumber }) => PartNumber), [3]);
  // S3's text of July 2025: https://github.com/versity/versitygw/issues/1383.
  await assertRejects(
    () => s3.send(new ListPartsCommand({ ...at, PartNumberMarker: "-2" })),
    Error,
    "Argument part-number-marker must be an integer between 0 and 2147483647",
  );

  for (const key of ["a/1", "a/2", "b", "b"]) await create(s3, { Key: key });
  const listed: string[] = [];
  let markers: { KeyMarker?: string; UploadIdMarker?: string } = {};
  for (let isTruncated = true; isTruncated;) {
    const found = await s3.send(
      new ListMultipartUploadsCommand({ Bucket, Delimiter: "/", MaxUploads: 2, ...markers }),
    );
    listed.push(...(found.CommonPrefixes ?? []).map(({ Prefix }) => Prefix!));
    listed.push(...(found.Uploads ?? []).map(({ Key }) => Key!));
    markers = { KeyMarker: found.NextKeyMarker, UploadIdMarker: found.NextUploadIdMarker };
    isTruncated = found.IsTruncated === true;
  }
  assertEquals(listed, ["a/", "b", "big/", "b"]);
});

s3Test(
  "an aborted upload is gone, and uploads do not keep a bucket from being deleted",
  async (s3) => {
    const at = await create(s3);
    await upload(s3, at, 1, LAST);
    await s3.send(new AbortMultipartUploadCommand(at));
    assertEquals(await refusal(() => s3.send(new AbortMultipartUploadCommand(at))), "NoSuchUpload");
    assertEquals(await refusal(() => upload(s3, at, 1, LAST)), "NoSuchUpload");
    await upload(s3, await create(s3), 1, LAST);
    await s3.send(new DeleteBucketCommand({ Bucket }));
  },
);

s3Test(
  "CompleteMultipartUpload refuses parts that are not there, in order, or large enough",
  async (s3) => {
    const at = await create(s3);
    const first = await upload(s3, at, 1, LAST);
    const second = await upload(s3, at, 2, LAST);
    const missing = { PartNumber: 3, ETag: first.ETag };
    for (
      const [parts, code] of [
        [[], "InvalidRequest"],
        [[first, missing], "InvalidPart"],
        [[{ ...first, ETag: '"0"' }], "InvalidPart"],
        [[second, first], "InvalidPartOrder"],
        [[first, first], "InvalidPartOrder"],
        [[first, second], "EntityTooSmall"],
      ] as const
    ) {
      assertEquals(await refusal(() => complete(s3, at, parts)), code);
    }
    assertEquals(
      await refusal(() => complete(s3, at, [first], { MpuObjectSize: 8 })),
      "InvalidRequest",
    );
    assertEquals(await refusal(() => upload(s3, at, 10_001, LAST)), "InvalidArgument");
    await complete(s3, at, [first], { MpuObjectSize: 7, IfNoneMatch: "*" });
    const again = await create(s3);
    const part = await upload(s3, again, 1, LAST);
    const only = () => complete(s3, again, [part], { IfNoneMatch: "*" });
    assertEquals(await refusal(only), "PreconditionFailed");
  },
);

s3Test("an upload with a checksum algorithm refuses a part with another one", async (s3) => {
  const at = await create(s3, { ChecksumAlgorithm: "SHA1" });
  const error = await assertRejects(() => upload(s3, at, 1, LAST), Error);
  assertEquals(
    error.message,
    "Checksum Type mismatch occurred, expected checksum Type: sha1, actual checksum Type: crc32",
  );
  const create2 = () => create(s3, { ChecksumAlgorithm: "SHA1", ChecksumType: "FULL_OBJECT" });
  assertStringIncludes(
    (await assertRejects(create2, Error)).message,
    "cannot be used with the sha1",
  );
});
