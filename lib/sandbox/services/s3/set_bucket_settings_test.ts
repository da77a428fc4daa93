/**
 * Settings that modules put on every bucket. The answers are those that LocalStack's snapshot tests
 * (TestS3BucketEncryption, TestS3PublicAccessBlock, TestS3BucketOwnershipControls) recorded from AWS
 * on 2026-02-21; refusals with NotImplemented are the sandbox's.
 */
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketOwnershipControlsCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketOwnershipControlsCommand,
  GetPublicAccessBlockCommand,
  type ObjectOwnership,
  PutBucketEncryptionCommand,
  PutBucketOwnershipControlsCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
  type ServerSideEncryptionRule,
} from "@aws-sdk/client-s3";
import { assertEquals } from "@std/assert";
import { said } from "../../testing/said.ts";
import { Bucket, s3Test } from "./testing.ts";

const at = { Bucket };
const BLOCK_ALL = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};
const MALFORMED = "MalformedXML: The XML you provided was not well-formed or did not validate " +
  "against our published schema";
const notImplemented = (what: string) =>
  `NotImplemented: A header you provided implies functionality that is not implemented: ${what}`;

const putEncryption = (s3: S3Client, ...Rules: ServerSideEncryptionRule[]) =>
  s3.send(
    new PutBucketEncryptionCommand({ ...at, ServerSideEncryptionConfiguration: { Rules } }),
  );

s3Test("SSE-S3 can be put and deleted, and a bucket keeps it", async (s3) => {
  const ApplyServerSideEncryptionByDefault = { SSEAlgorithm: "AES256" } as const;
  const answers = [
    await putEncryption(s3, { ApplyServerSideEncryptionByDefault, BucketKeyEnabled: false }),
    await s3.send(new DeleteBucketEncryptionCommand(at)),
    await s3.send(new DeleteBucketEncryptionCommand(at)),
  ];
  assertEquals(answers.map(({ $metadata }) => $metadata.httpStatusCode), [200, 204, 204]);
  const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand(at));
  assertEquals(ServerSideEncryptionConfiguration?.Rules, [{
    ApplyServerSideEncryptionByDefault,
    BucketKeyEnabled: false,
  }]);
});

s3Test("another default encryption than SSE-S3 is refused by name", async (s3) => {
  const aes = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } } as const;
  const ofKms = { SSEAlgorithm: "aws:kms" } as const;
  const withKey = { SSEAlgorithm: "AES256", KMSMasterKeyID: "key" } as const;
  const cases: readonly (readonly [ServerSideEncryptionRule[], string])[] = [
    [[], MALFORMED],
    [[aes, aes], MALFORMED],
    [
      [{ ApplyServerSideEncryptionByDefault: withKey }],
      "InvalidArgument: a KMSMasterKeyID is not applicable if the default sse algorithm is not " +
      "aws:kms or aws:kms:dsse",
    ],
    [[{ ApplyServerSideEncryptionByDefault: ofKms }], notImplemented("SSEAlgorithm")],
    [[{ ...aes, BucketKeyEnabled: true }], notImplemented("BucketKeyEnabled")],
    [
      [{ ...aes, BlockedEncryptionTypes: { EncryptionType: ["SSE-C"] } }],
      notImplemented("BlockedEncryptionTypes"),
    ],
  ];
  for (const [rules, wanted] of cases) {
    assertEquals(await said(() => putEncryption(s3, ...rules)), wanted);
  }
});

s3Test("the public access block can be deleted and put back", async (s3) => {
  const read = async () =>
    (await s3.send(new GetPublicAccessBlockCommand(at))).PublicAccessBlockConfiguration;
  for (let time = 0; time < 2; time++) {
    const { $metadata } = await s3.send(new DeletePublicAccessBlockCommand(at));
    assertEquals($metadata.httpStatusCode, 204);
  }
  assertEquals(
    await said(read),
    "NoSuchPublicAccessBlockConfiguration: The public access block configuration was not found",
  );
  const put = (PublicAccessBlockConfiguration: Partial<typeof BLOCK_ALL>) =>
    s3.send(new PutPublicAccessBlockCommand({ ...at, PublicAccessBlockConfiguration }));
  // A member that is absent means false.
  const { IgnorePublicAcls: _, ...three } = BLOCK_ALL;
  assertEquals(await said(() => put(three)), notImplemented("IgnorePublicAcls as false"));
  assertEquals((await put(BLOCK_ALL)).$metadata.httpStatusCode, 200);
  assertEquals(await read(), BLOCK_ALL);
});

s3Test("the ownership controls can be deleted and put back", async (s3) => {
  const read = async () =>
    (await s3.send(new GetBucketOwnershipControlsCommand(at))).OwnershipControls?.Rules;
  for (let time = 0; time < 2; time++) {
    const { $metadata } = await s3.send(new DeleteBucketOwnershipControlsCommand(at));
    assertEquals($metadata.httpStatusCode, 204);
  }
  assertEquals(
    await said(read),
    "OwnershipControlsNotFoundError: The bucket ownership controls were not found",
  );
  const put = (...ownerships: string[]) => {
    const Rules = ownerships.map((ownership) => ({
      ObjectOwnership: ownership as ObjectOwnership,
    }));
    return s3.send(
      new PutBucketOwnershipControlsCommand({ ...at, OwnershipControls: { Rules } }),
    );
  };
  const enforced = "BucketOwnerEnforced";
  assertEquals(await said(() => put(enforced, enforced)), MALFORMED);
  assertEquals(await said(() => put("RandomValue")), MALFORMED);
  assertEquals(await said(() => put("ObjectWriter")), notImplemented("ObjectOwnership"));
  assertEquals((await put(enforced)).$metadata.httpStatusCode, 200);
  assertEquals(await read(), [{ ObjectOwnership: enforced }]);
});

s3Test("a bucket that is created again has all settings again", async (s3) => {
  const named = { Bucket: "again" };
  await s3.send(new CreateBucketCommand(named));
  await s3.send(new DeletePublicAccessBlockCommand(named));
  await s3.send(new DeleteBucketCommand(named));
  await s3.send(new CreateBucketCommand(named));
  const { PublicAccessBlockConfiguration } = await s3.send(new GetPublicAccessBlockCommand(named));
  assertEquals(PublicAccessBlockConfiguration, BLOCK_ALL);
});
