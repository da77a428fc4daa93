/** Objects through the SDK: what comes back, conditions, checksums, tags. */
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketTaggingCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { AwsClient } from "aws4fetch";
import { Readable } from "node:stream";
import { Bucket, refusal, s3Test } from "./testing.ts";

const Key = "k";

s3Test("GetObject and HeadObject return every header that was put", async (s3) => {
  const headers = {
    ContentType: "text/csv",
    ContentEncoding: "gzip",
    ContentDisposition: 'attachment; filename="x.csv"',
    ContentLanguage: "de",
    CacheControl: "max-age=60",
    Metadata: { who: "me", "two-words": "a b" },
  };
  const Expires = new Date(Date.UTC(2030, 0, 1));
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x", ...headers, Expires }));
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key }));
  for (const [name, value] of Object.entries(headers)) {
    assertEquals(head[name as keyof typeof headers], value, name);
  }
  assertEquals(head.ExpiresString, Expires.toUTCString());
  const other = await s3.send(
    new GetObjectCommand({ Bucket, Key, ResponseContentType: "text/plain" }),
  );
  assertEquals([other.ContentType, other.ContentLanguage], ["text/plain", "de"]);
  await other.Body?.transformToString();
});

for (const text of ["日本.txt", "a\r\nSet-Cookie: b", "a\0b"]) {
  s3Test(`${JSON.stringify(text)} is refused as the value of a header`, async (s3) => {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
    const get = new GetObjectCommand({ Bucket, Key, ResponseContentDisposition: text });
    assertEquals(await refusal(() => s3.send(get)), "InvalidArgument");
    const put = new PutObjectCommand({ Bucket, Key, Metadata: { name: text } });
    const answer = await fetch(await getSignedUrl(s3, put), { method: "PUT", body: "x" });
    assertEquals(answer.status, 400);
    assertStringIncludes(await answer.text(), "<ArgumentName>x-amz-meta-name</ArgumentName>");
  });
}

s3Test("metadata of more than 2 KB and keys of more than 1,024 bytes are refused", async (s3) => {
  const put = (Key: string, Metadata: Record<string, string>) =>
    refusal(() => s3.send(new PutObjectCommand({ Bucket, Key, Body: "x", Metadata })));
  assertEquals(await put(Key, { name: "x".repeat(2_045) }), "MetadataTooLarge");
  assertEquals(await put("ü".repeat(513), {}), "KeyTooLongError");
  await s3.send(new PutObjectCommand({ Bucket, Key: "ü".repeat(512), Body: "x" }));
  const tooLong = { Bucket, Key: "k".repeat(1_025) };
  assertEquals(await refusal(() => s3.send(new GetObjectCommand(tooLong))), "KeyTooLongError");
  assertEquals(await refusal(() => s3.send(new HeadObjectCommand(tooLong))), 400);
  assertEquals(await refusal(() => s3.send(new DeleteObjectCommand(tooLong))), "KeyTooLongError");
});

for (
  const [name, condition, outcome] of [
    ["If-Match of its ETag", { IfMatch: '"9dd4e461268c8034f5c8564e155c67a6"' }, "200"],
    ["If-Match of another", { IfMatch: '"0"' }, "PreconditionFailed"],
    ["If-None-Match of its ETag", { IfNoneMatch: "9dd4e461268c8034f5c8564e155c67a6" }, 304],
    ["If-None-Match of another", { IfNoneMatch: '"0"' }, "200"],
    // Captured 2026-02: a date in the future is ignored.
    ["If-Modified-Since tomorrow", { IfModifiedSince: new Date(Date.now() + 86_400_000) }, "200"],
    ["If-Modified-Since 1970", { IfModifiedSince: new Date(0) }, "200"],
    ["If-Unmodified-Since 1970", { IfUnmodifiedSince: new Date(0) }, "PreconditionFailed"],
    [
      "If-Match, which beats If-Unmodified-Since",
      { IfMatch: "*", IfUnmodifiedSince: new Date(0) },
      "200",
    ],
  ] as const
) {
  s3Test(`a read with ${name} is answered with ${outcome}`, async (s3) => {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
    const get = async () => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, ...condition }));
      await Body?.transformToString();
    };
    assertEquals(outcome === "200" ? await get().then(() => "200") : await refusal(get), outcome);
  });
}

s3Test("a read with If-Modified-Since of the last change is answered with 304", async (s3) => {
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
  const { LastModified } = await s3.send(new HeadObjectCommand({ Bucket, Key }));
  const get = (IfNoneMatch?: string) =>
    s3.send(new GetObjectCommand({ Bucket, Key, IfModifiedSince: LastModified, IfNoneMatch }));
  assertEquals(await refusal(() => get()), 304);
  // RFC 9110, 13.2.2: If-None-Match counts alone, also where both are given.
  assertEquals(await (await get('"0"')).Body?.transformToString(), "x");
});

s3Test("aws-chunked describes the transfer, and is not kept with the object", async (s3) => {
  for (
    const [ContentEncoding, kept] of [["aws-chunked,gzip", "gzip"], ["aws-chunked", undefined]]
  ) {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x", ContentEncoding }));
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key }));
    assertEquals(head.ContentEncoding, kept);
  }
});

s3Test("writes and deletes obey their conditions", async (s3) => {
  const put = (more: Partial<PutObjectCommand["input"]>) =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body: "x", ...more }));
  assertEquals(await refusal(() => put({ IfMatch: '"0"' })), "NoSuchKey");
  const { ETag } = await put({ IfNoneMatch: "*" });
  assertEquals(await refusal(() => put({ IfNoneMatch: "*" })), "PreconditionFailed");
  assertEquals(await refusal(() => put({ IfNoneMatch: '"x"' })), "NotImplemented");
  assertEquals(await refusal(() => put({ IfMatch: '"0"' })), "PreconditionFailed");
  await put({ IfMatch: ETag });
  const remove = (IfMatch?: string) => s3.send(new DeleteObjectCommand({ Bucket, Key, IfMatch }));
  assertEquals(await refusal(() => remove('"0"')), "PreconditionFailed");
  await remove(ETag);
});

const KNOWN_ALGORITHMS = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const;

for (const algorithm of KNOWN_ALGORITHMS) {
  s3Test(
    `${algorithm} is checked in a header and in a trailer, kept, and given back`,
    async (s3) => {
      const bytes = crypto.getRandomValues(new Uint8Array(20_000));
      const whole = await s3.send(
        new PutObjectCommand({ Bucket, Key, Body: bytes, ChecksumAlgorithm: algorithm }),
      );
      const streamed = await s3.send(
        new PutObjectCommand({
          Bucket,
          Key: "streamed",
          Body: Readable.from([bytes.slice(0, 9_000), bytes.slice(9_000)]),
          ContentLength: bytes.length,
          ChecksumAlgorithm: algorithm,
        }),
      );
      const member = `Checksum${algorithm}` as const;
      assert(whole[member]);
      assertEquals(streamed[member], whole[member]);
      const head = await s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }));
      assertEquals([head[member], head.ChecksumType], [whole[member], "FULL_OBJECT"]);
      const wrong = btoa("x".repeat(atob(whole[member]).length));
      const put = () =>
        s3.send(new PutObjectCommand({ Bucket, Key: "wrong", Body: bytes, [member]: wrong }));
      const error = await assertRejects(put, Error);
      assertEquals(
        error.message,
        `The ${algorithm} you specified did not match the calculated checksum.`,
      );
    },
  );
}

// The SDK sums these up only where it is given code for it. Of no bytes: MD5, SHA-512 and XXHash of
// their specifications.
for (
  const [algorithm, hex] of [
    ["MD5", "d41d8cd98f00b204e9800998ecf8427e"],
    [
      "SHA512",
      "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce" +
      "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
    ],
    ["XXHASH64", "ef46db3751d8e999"],
    ["XXHASH3", "2d06800538d394c2"],
    ["XXHASH128", "99aa06d3014798d86001c324468d497f"],
  ] as const
) {
  s3Test(`${algorithm} is checked in a header, stored, and returned`, async (s3) => {
    const member = `Checksum${algorithm}` as const;
    const sum = Uint8Array.fromHex(hex).toBase64();
    const put = (Body: string) =>
      s3.send(new PutObjectCommand({ Bucket, Key, Body, [member]: sum }));
    assertEquals((await put(""))[member], sum);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }));
    assertEquals([head[member], head.ChecksumType], [sum, "FULL_OBJECT"]);
    assertEquals(
      (await assertRejects(() => put("x"), Error)).message,
      `The ${algorithm} you specified did not match the calculated checksum.`,
    );
  });
}

s3Test("an object that came without a checksum has CRC64NVME", async (s3) => {
  const link = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key }));
  // Of an SDK's presigned URL, which carries the CRC32 of an empty body: captured 2026-02.
  const put = await fetch(link, { method: "PUT", body: "not empty" });
  assertEquals([put.status, await put.text()], [200, ""]);
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }));
  assert(head.ChecksumCRC64NVME);
});

s3Test("a presigned URL's x-amz-meta parameters are the object's metadata", async (s3) => {
  const link = await getSignedUrl(
    s3,
    new PutObjectCommand({ Bucket, Key, Metadata: { who: "me" } }),
  );
  assertEquals((await fetch(link, { method: "PUT", body: "x" })).status, 200);
  const { Metadata } = await s3.send(new HeadObjectCommand({ Bucket, Key }));
  assertEquals(Metadata, { who: "me" });
});

const tagsOf = async (s3: S3Client) =>
  (await s3.send(new GetObjectTaggingCommand({ Bucket, Key }))).TagSet;

s3Test("tags of an object are put with it or after it, counted, and deleted", async (s3) => {
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x", Tagging: "a=1&b=two%20words" }));
  assertEquals(await tagsOf(s3), [{ Key: "a", Value: "1" }, { Key: "b", Value: "two words" }]);
  assertEquals((await s3.send(new HeadObjectCommand({ Bucket, Key }))).TagCount, 2);
  const TagSet = [{ Key: "c", Value: "" }];
  await s3.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet } }));
  assertEquals(await tagsOf(s3), TagSet);
  await s3.send(new DeleteObjectTaggingCommand({ Bucket, Key }));
  assertEquals(await tagsOf(s3), []);
});

for (
  const [why, tags, code] of [
    ["a key twice", [["a", "1"], ["a", "2"]], "InvalidTag"],
    ["a key of 129 characters", [["a".repeat(129), ""]], "InvalidTag"],
    ["a value of 257 characters", [["a", "b".repeat(257)]], "InvalidTag"],
    ["a key of AWS's own", [["aws:x", ""]], "InvalidTag"],
    ["an odd character", [["a", "!"]], "InvalidTag"],
    ["eleven of them", [..."abcdefghijk"].map((key) => [key, ""]), "BadRequest"],
  ] as const
) {
  s3Test(`tags with ${why} are refused with ${code}`, async (s3) => {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
    const TagSet = tags.map(([Key, Value]) => ({ Key, Value }));
    const put = () => s3.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet } }));
    assertEquals(await refusal(put), code);
  });
}

s3Test("unsupported settings are refused by name, not ignored", async (s3) => {
  const put = (more: Partial<PutObjectCommand["input"]>) =>
    assertRejects(
      () => s3.send(new PutObjectCommand({ Bucket, Key, Body: "x", ...more })),
      Error,
    );
  assertStringIncludes((await put({ StorageClass: "GLACIER" })).message, "x-amz-storage-class");
  assertStringIncludes((await put({ GrantReadACP: "id=1" })).message, "x-amz-grant-read-acp");
  assertStringIncludes(
    (await put({ ServerSideEncryption: "aws:kms" })).message,
    "x-amz-server-side-encryption",
  );
  assertEquals((await put({ ExpectedBucketOwner: "111111111111" })).name, "AccessDenied");
});

s3Test("DeleteObjects deletes the permitted keys and lists the outcome of each", async (s3) => {
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
  const { Deleted, Errors } = await s3.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }, { Key: "never there" }] } }),
  );
  assertEquals(Deleted?.map(({ Key }) => Key), [Key, "never there"]);
  assertEquals(Errors ?? [], []);
  const tooMany = Array.from({ length: 1_001 }, (_, index) => ({ Key: String(index) }));
  const remove = () => s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: tooMany } }));
  assertEquals(await refusal(remove), "MalformedXML");
});

for (
  const name of ["ab", "a".repeat(64), "UPPER", "under_score", "-dash", "a..b", "1.2.3.4", "xn--a"]
) {
  s3Test(`"${name}" is no name of a bucket`, async (s3) => {
    const create = () => s3.send(new CreateBucketCommand({ Bucket: name }));
    assertEquals(await refusal(create), "InvalidBucketName");
  });
}

s3Test("a bucket's tags are checked as an object's", async (s3) => {
  const TagSet = [{ Key: "aws:x", Value: "" }];
  const put = () => s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
  assertEquals(await refusal(put), "InvalidTag");
});

// aws4fetch 1.0.20 (2026-12-01) sends a `+` as it is and signs a blank, as S3 reads it.
s3Test(
  "a + in an address is a blank, in the key, the query and the signature",
  async (s3, sandbox) => {
    const { accessKeyId, secretAccessKey } = sandbox.rootKey;
    const aws = new AwsClient({ accessKeyId, secretAccessKey, service: "s3", region: "us-east-1" });
    const at = (path: string) => `${sandbox.endpoint}/${Bucket}/${path}`;
    for (const [path, body] of [["a+b%2Bc/%C3%A9+", "one"], ["a%20b", "two"]]) {
      const put = await aws.fetch(at(path), { method: "PUT", body });
      assertEquals([put.status, await put.text()], [200, ""]);
    }
    const query = new URLSearchParams({ "response-content-language": "en, de" });
    const signed = await aws.sign(`${at("a+b")}?${query}`, { aws: { signQuery: true } });
    const got = await fetch(signed);
    assertEquals([got.headers.get("content-language"), await got.text()], ["en, de", "two"]);
    const listed = await aws.fetch(`${at("")}?prefix=a+b%2B`);
    assertEquals(/<Prefix>(.*)<\/Prefix><MaxKeys/.exec(await listed.text())?.[1], "a b+");
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket }));
    assertEquals(Contents?.map(({ Key }) => Key), ["a b", "a b+c/é "]);
  },
);
