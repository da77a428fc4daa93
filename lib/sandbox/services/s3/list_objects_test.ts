/** Lists through the SDK; ListObjectsV2's order and paging is in sandbox_test.ts. */
import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsOutput,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { assertEquals } from "@std/assert";
import { Bucket, refusal, s3Test } from "./testing.ts";

s3Test("ListObjects pages by marker through keys and common prefixes", async (s3) => {
  for (const Key of ["a/1", "a/2", "b", "c/1", "d"]) {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
  }
  const listed: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsCommand({ Bucket, Delimiter: "/", MaxKeys: 1, Marker }),
    );
    listed.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix!));
    listed.push(...(page.Contents ?? []).map(({ Key }) => Key!));
    Marker = page.NextMarker;
  } while (Marker);
  assertEquals(listed, ["a/", "b", "c/", "d"]);
  const plain = await s3.send(new ListObjectsCommand({ Bucket, MaxKeys: 2, Marker: "a/1" }));
  assertEquals(plain.Contents?.map(({ Key }) => Key), ["a/2", "b"]);
  assertEquals([plain.IsTruncated, plain.NextMarker], [true, undefined]);
});

// Captured 2026-02: LocalStack's test_list_objects_marker_common_prefixes; for StartAfter assumed.
s3Test("a marker inside of a common prefix does not list the prefix again", async (s3) => {
  for (const name of ["aSubfolder/subFile1", "aSubfolder/subFile2", "file1", "file2"]) {
    await s3.send(new PutObjectCommand({ Bucket, Key: `folder/${name}`, Body: "x" }));
  }
  const at = { Bucket, Prefix: "folder/", Delimiter: "/", MaxKeys: 1 };
  for (const marker of ["folder/aSubfolder/", "folder/aSubfolder/subFile1"]) {
    const first = await s3.send(new ListObjectsCommand({ ...at, Marker: marker }));
    const second = await s3.send(new ListObjectsV2Command({ ...at, StartAfter: marker }));
    for (const { CommonPrefixes, Contents } of [first, second]) {
      assertEquals([CommonPrefixes, Contents?.map(({ Key }) => Key)], [undefined, [
        "folder/file1",
      ]]);
    }
  }
});

s3Test("a token takes the place of StartAfter, in the answer too", async (s3) => {
  for (const Key of ["a", "b", "c"]) {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
  }
  const { NextContinuationToken } = await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 1 }));
  const { Contents, StartAfter } = await s3.send(
    new ListObjectsV2Command({
      Bucket,
      StartAfter: "b",
      ContinuationToken: NextContinuationToken,
    }),
  );
  assertEquals([Contents?.map(({ Key }) => Key), StartAfter], [["b", "c"], undefined]);
});

s3Test(
  "2,001 keys under one prefix are listed a thousand at a time, each once",
  async (s3) => {
    const keys = Array.from({ length: 2_001 }, (_, index) => `p/${String(index).padStart(5, "0")}`);
    const next = keys.values();
    await Promise.all(Array.from({ length: 16 }, async () => {
      for (const Key of next) await s3.send(new PutObjectCommand({ Bucket, Key, Body: "" }));
    }));
    const listed: string[] = [];
    const pages: number[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.send(
        new ListObjectsV2Command({ Bucket, Prefix: "p/", ContinuationToken, MaxKeys: 5_000 }),
      );
      pages.push(page.KeyCount ?? 0);
      listed.push(...(page.Contents ?? []).map(({ Key }) => Key!));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    assertEquals(pages, [1_000, 1_000, 1]);
    assertEquals(listed, keys);
  },
);

s3Test("names are encoded on request, but for their slashes, and owners are shown", async (s3) => {
  await s3.send(new PutObjectCommand({ Bucket, Key: "a b/c(1).txt", Body: "" }));
  const list = async (more: Partial<ListObjectsV2Command["input"]>) => {
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, ...more }));
    return Contents?.map(({ Key, Owner }) => [Key, Owner?.ID?.length]);
  };
  assertEquals(await list({}), [["a b/c(1).txt", undefined]]);
  assertEquals(await list({ EncodingType: "url", FetchOwner: true }), [["a+b/c%281%29.txt", 64]]);
});

s3Test("lists refuse an invalid page size, encoding and token", async (s3) => {
  for (
    const input of [
      { MaxKeys: -1 },
      { ContinuationToken: "?" },
      { EncodingType: "base64" as "url" },
    ]
  ) {
    const list = () => s3.send(new ListObjectsV2Command({ Bucket, ...input }));
    assertEquals(await refusal(list), "InvalidArgument");
  }
});

// Mountpoint's client in s3torchconnectorclient 1.5.0 (2026-12-01) sends RestoreStatus with every list.
s3Test("a list that asks for RestoreStatus has none: nothing is archived", async (s3) => {
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "x" }));
  const lists = (OptionalObjectAttributes: ["RestoreStatus"]) => [
    s3.send(new ListObjectsV2Command({ Bucket, OptionalObjectAttributes })),
    s3.send(new ListObjectsCommand({ Bucket, OptionalObjectAttributes })),
    s3.send(new ListObjectVersionsCommand({ Bucket, OptionalObjectAttributes }))
      .then(({ Versions }) => ({ Contents: Versions })),
  ];
  for (const { Contents } of await Promise.all(lists(["RestoreStatus"]))) {
    assertEquals(Contents?.map((entry) => [entry.Key, entry.RestoreStatus]), [["a", undefined]]);
  }
  const other = { Bucket, OptionalObjectAttributes: ["Owner" as "RestoreStatus"] };
  assertEquals(await refusal(() => s3.send(new ListObjectsV2Command(other))), "InvalidArgument");
});

// `emptyBucket` of Terraform's AWS provider 6 (force_destroy) and of CDK's autoDeleteObjects.
s3Test("a bucket is emptied by its versions, page by page", async (s3) => {
  for (const Key of ["a", "b", "c"]) {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
  }
  const pages: unknown[] = [];
  let next: { readonly KeyMarker?: string; readonly VersionIdMarker?: string } | undefined = {};
  while (next) {
    const page: ListObjectVersionsOutput = await s3.send(
      new ListObjectVersionsCommand({ Bucket, MaxKeys: 2, ...next }),
    );
    const { Versions = [], NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page;
    pages.push([Versions.length, KeyMarker, VersionIdMarker]);
    const Objects = Versions.map(({ Key, VersionId }) => ({ Key, VersionId }));
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    next = page.IsTruncated ? { KeyMarker, VersionIdMarker } : undefined;
  }
  assertEquals(pages, [[2, "b", "null"], [1, undefined, undefined]]);
  await s3.send(new DeleteBucketCommand({ Bucket }));
});

s3Test(
  "ListObjectVersions has each object as its latest version, and common prefixes",
  async (s3) => {
    for (const Key of ["a/1", "a/2", "b"]) {
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
    }
    const first = await s3.send(
      new ListObjectVersionsCommand({ Bucket, Delimiter: "/", MaxKeys: 1 }),
    );
    assertEquals(first.CommonPrefixes, [{ Prefix: "a/" }]);
    assertEquals([first.NextKeyMarker, first.NextVersionIdMarker], ["a/", undefined]);
    const second = await s3.send(
      new ListObjectVersionsCommand({ Bucket, Delimiter: "/", KeyMarker: first.NextKeyMarker }),
    );
    assertEquals(second.CommonPrefixes, undefined);
    const [version] = second.Versions ?? [];
    assertEquals([version.Key, version.VersionId, version.IsLatest, version.Size], [
      "b",
      "null",
      true,
      1,
    ]);
    assertEquals([second.IsTruncated, second.KeyMarker, second.VersionIdMarker], [false, "a/", ""]);
  },
);

s3Test("a version marker needs a key and can only be null", async (s3) => {
  const list = (VersionIdMarker: string, KeyMarker?: string) => () =>
    s3.send(new ListObjectVersionsCommand({ Bucket, KeyMarker, VersionIdMarker }));
  assertEquals((await list("null", "a")()).VersionIdMarker, "null");
  for (const act of [list("null"), list("", "a"), list("abc", "a")]) {
    assertEquals(await refusal(act), "InvalidArgument");
  }
});
