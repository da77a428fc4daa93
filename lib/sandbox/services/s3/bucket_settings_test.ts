/** Settings of a bucket that nobody configured, on the wire and through the SDK. */
import {
  CreateBucketCommand,
  GetBucketAccelerateConfigurationCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { assertEquals } from "@std/assert";
import { clientsFor } from "../../testing/clients.ts";
import { said } from "../../testing/said.ts";
import { Bucket, s3Test } from "./testing.ts";

/** The answers that LocalStack's snapshot tests recorded from AWS on 2026-02-21. */
s3Test("what a bucket does not have is refused with AWS's words", async (s3) => {
  const at = { Bucket };
  const reads = {
    policy: () => s3.send(new GetBucketPolicyCommand(at)),
    policyStatus: () => s3.send(new GetBucketPolicyStatusCommand(at)),
    cors: () => s3.send(new GetBucketCorsCommand(at)),
    lifecycle: () => s3.send(new GetBucketLifecycleConfigurationCommand(at)),
    replication: () => s3.send(new GetBucketReplicationCommand(at)),
    website: () => s3.send(new GetBucketWebsiteCommand(at)),
    objectLock: () => s3.send(new GetObjectLockConfigurationCommand(at)),
  };
  const found = await Promise.all(
    Object.entries(reads).map(async ([name, read]) => [name, await said(read)]),
  );
  assertEquals(Object.fromEntries(found), {
    policy: "NoSuchBucketPolicy: The bucket policy does not exist",
    policyStatus: "NoSuchBucketPolicy: The bucket policy does not exist",
    cors: "NoSuchCORSConfiguration: The CORS configuration does not exist",
    lifecycle: "NoSuchLifecycleConfiguration: The lifecycle configuration does not exist",
    replication: "ReplicationConfigurationNotFoundError: The replication configuration was not " +
      "found",
    website: "NoSuchWebsiteConfiguration: The specified bucket does not have a website " +
      "configuration",
    objectLock: "ObjectLockConfigurationNotFoundError: Object Lock configuration does not exist " +
      "for this bucket",
  });
});

s3Test("what a new bucket has from the start is read as on AWS", async (s3) => {
  const at = { Bucket };
  const { Rules } = (await s3.send(new GetBucketEncryptionCommand(at)))
    .ServerSideEncryptionConfiguration ?? {};
  assertEquals(Rules, [{
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" },
    BucketKeyEnabled: false,
  }]);
  const { OwnershipControls } = await s3.send(new GetBucketOwnershipControlsCommand(at));
  assertEquals(OwnershipControls?.Rules, [{ ObjectOwnership: "BucketOwnerEnforced" }]);
  const { PublicAccessBlockConfiguration } = await s3.send(new GetPublicAccessBlockCommand(at));
  assertEquals(PublicAccessBlockConfiguration, {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  });
  const { Owner, Grants } = await s3.send(new GetBucketAclCommand(at));
  assertEquals(Grants, [{
    Grantee: { ID: Owner?.ID, Type: "CanonicalUser" },
    Permission: "FULL_CONTROL",
  }]);
  assertEquals((await s3.send(new GetBucketRequestPaymentCommand(at))).Payer, "BucketOwner");
  const empty = await Promise.all([
    s3.send(new GetBucketVersioningCommand(at)),
    s3.send(new GetBucketLoggingCommand(at)),
    s3.send(new GetBucketAccelerateConfigurationCommand(at)),
    s3.send(new GetBucketNotificationConfigurationCommand(at)),
  ]);
  for (const { $metadata, ...rest } of empty) {
    assertEquals([$metadata.httpStatusCode, rest], [200, {}]);
  }
});

// GetBucketRegion of the SDKs for Go (aws-sdk-go 1.55.8, seen 2026-12-01) calls without a signature.
s3Test("a refused HEAD of a bucket says where the bucket is", async (_, { endpoint, rootKey }) => {
  using there = clientsFor({ endpoint, credentials: rootKey, region: "eu-west-1" });
  const LocationConstraint = "eu-west-1";
  await there.s3.send(
    new CreateBucketCommand({ Bucket: "there", CreateBucketConfiguration: { LocationConstraint } }),
  );
  const regions = await Promise.all(
    [Bucket, "there", "nowhere", `${Bucket}/key`].map(async (path) => {
      const { status, headers } = await fetch(`${endpoint}/${path}`, { method: "HEAD" });
      return [status, headers.get("x-amz-bucket-region")];
    }),
  );
  assertEquals(regions, [[403, "us-east-1"], [403, "eu-west-1"], [403, null], [403, null]]);
});
