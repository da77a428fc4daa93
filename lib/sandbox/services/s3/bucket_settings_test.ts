/** Settings of a bucket that nobody configured, on the wire and through the SDK. */
import {
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
