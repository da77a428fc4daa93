/**
 * Settings of a bucket that nobody configured: tools read all of them before they do anything. Calls
 * can only remove and put back two of them (`set_bucket_settings.ts`). The answers are those of AWS for a new bucket, captured
 * 2026-02 (LocalStack's snapshot tests), or of the service's documentation where marked.
 * @module
 */

import {
  GetBucketAccelerateConfiguration$,
  GetBucketAcl$,
  GetBucketCors$,
  GetBucketEncryption$,
  GetBucketLifecycleConfiguration$,
  GetBucketLogging$,
  GetBucketNotificationConfiguration$,
  GetBucketOwnershipControls$,
  GetBucketPolicy$,
  GetBucketPolicyStatus$,
  GetBucketReplication$,
  GetBucketRequestPayment$,
  GetBucketVersioning$,
  GetBucketWebsite$,
  GetObjectLockConfiguration$,
  GetPublicAccessBlock$,
} from "../../schemas/s3.ts";
import type { StaticOperationSchema } from "@smithy/types";
import { AwsError } from "../../errors.ts";
import { bind, type BoundOperation } from "../../operation.ts";
import { s3Operation } from "./define.ts";
import { bucketArn } from "./object.ts";
import { ownerId, type S3State } from "./state.ts";

/** A setting of a bucket that nobody configured. */
interface Setting {
  readonly schema: StaticOperationSchema;
  readonly action: string;
  /** The output, or the reason why there is none. */
  readonly answer: (state: S3State, bucket: string) => object | Missing;
}

/** The error of a setting that does not exist; its field BucketName is added. */
class Missing {
  constructor(readonly code: string, readonly message: string) {}
}

const missing = (code: string, message: string) => () => new Missing(code, message);
const NO_POLICY = missing("NoSuchBucketPolicy", "The bucket policy does not exist");

const SETTINGS: readonly Setting[] = [
  { schema: GetBucketPolicy$, action: "s3:GetBucketPolicy", answer: NO_POLICY },
  { schema: GetBucketPolicyStatus$, action: "s3:GetBucketPolicyStatus", answer: NO_POLICY },
  {
    schema: GetBucketCors$,
    action: "s3:GetBucketCORS",
    answer: missing("NoSuchCORSConfiguration", "The CORS configuration does not exist"),
  },
  {
    schema: GetBucketLifecycleConfiguration$,
    action: "s3:GetLifecycleConfiguration",
    answer: missing("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"),
  },
  {
    schema: GetBucketReplication$,
    action: "s3:GetReplicationConfiguration",
    answer: missing(
      "ReplicationConfigurationNotFoundError",
      "The replication configuration was not found",
    ),
  },
  {
    schema: GetBucketWebsite$,
    action: "s3:GetBucketWebsite",
    answer: missing(
      "NoSuchWebsiteConfiguration",
      "The specified bucket does not have a website configuration",
    ),
  },
  {
    schema: GetObjectLockConfiguration$,
    action: "s3:GetBucketObjectLockConfiguration",
    answer: missing(
      "ObjectLockConfigurationNotFoundError",
      "Object Lock configuration does not exist for this bucket",
    ),
  },
  { schema: GetBucketVersioning$, action: "s3:GetBucketVersioning", answer: () => ({}) },
  // Documented: an empty BucketLoggingStatus.
  { schema: GetBucketLogging$, action: "s3:GetBucketLogging", answer: () => ({}) },
  {
    schema: GetBucketNotificationConfiguration$,
    action: "s3:GetBucketNotification",
    answer: () => ({}),
  },
  {
    schema: GetBucketAccelerateConfiguration$,
    action: "s3:GetAccelerateConfiguration",
    answer: () => ({}),
  },
  {
    schema: GetBucketRequestPayment$,
    action: "s3:GetBucketRequestPayment",
    answer: () => ({ Payer: "BucketOwner" }), // documented
  },
  {
    schema: GetBucketAcl$,
    action: "s3:GetBucketAcl",
    answer: ({ accountId }) => {
      const Owner = { ID: ownerId(accountId) };
      const Grantee = { ...Owner, Type: "CanonicalUser" };
      return { Owner, Grants: [{ Grantee, Permission: "FULL_CONTROL" }] };
    },
  },
  {
    schema: GetBucketEncryption$,
    action: "s3:GetEncryptionConfiguration",
    answer: () => ({
      ServerSideEncryptionConfiguration: {
        Rules: [{
          ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" },
          BucketKeyEnabled: false,
        }],
      },
    }),
  },
  {
    schema: GetBucketOwnershipControls$,
    action: "s3:GetBucketOwnershipControls",
    answer: (state, bucket) =>
      state.isRemoved(bucket, "ownershipControls")
        ? new Missing(
          "OwnershipControlsNotFoundError",
          "The bucket ownership controls were not found",
        )
        : { OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] } },
  },
  {
    schema: GetPublicAccessBlock$,
    action: "s3:GetBucketPublicAccessBlock",
    answer: (state, bucket) =>
      state.isRemoved(bucket, "publicAccessBlock")
        ? new Missing(
          "NoSuchPublicAccessBlockConfiguration",
          "The public access block configuration was not found",
        )
        : {
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true,
            BlockPublicPolicy: true,
            IgnorePublicAcls: true,
            RestrictPublicBuckets: true,
          },
        },
  },
];

/** The operations that read a bucket's settings, bound to `state`. */
export function bucketSettingOperations(state: S3State): BoundOperation[] {
  return SETTINGS.map((setting) => bind(settingOperation(setting), state));
}

const settingOperation = ({ schema, action, answer }: Setting) =>
  s3Operation<{ readonly Bucket: string }, object>({
    schema,
    reads: [],
    access: ({ Bucket }, { state }) => {
      state.bucket(Bucket);
      return [{ action, resource: bucketArn(Bucket) }];
    },
    run: ({ Bucket }, { state }) => {
      const answered = answer(state, Bucket);
      if (!(answered instanceof Missing)) return answered;
      const fields = { BucketName: Bucket };
      throw new AwsError(answered.code, 404, answered.message, { fields });
    },
  });
