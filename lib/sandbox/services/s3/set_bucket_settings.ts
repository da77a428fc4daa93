/**
 * Settings that modules of Terraform, CDK and Pulumi set on every bucket: PutBucketEncryption,
 * PutPublicAccessBlock, PutBucketOwnershipControls and their deletes. A new bucket has them already.
 * Only the values of a new bucket are accepted; the others are refused by name. Texts and statuses
 * are those that LocalStack's snapshot tests recorded from AWS on 2026-02-21.
 * @module
 */

import type {
  DeleteBucketEncryptionRequest,
  DeleteBucketOwnershipControlsRequest,
  DeletePublicAccessBlockRequest,
  OwnershipControls,
  PublicAccessBlockConfiguration,
  PutBucketEncryptionRequest,
  PutBucketOwnershipControlsRequest,
  PutPublicAccessBlockRequest,
  ServerSideEncryptionConfiguration,
} from "@aws-sdk/client-s3";
import {
  DeleteBucketEncryption$,
  DeleteBucketOwnershipControls$,
  DeletePublicAccessBlock$,
  PutBucketEncryption$,
  PutBucketOwnershipControls$,
  PutPublicAccessBlock$,
} from "../../schemas/s3.ts";
import type { Context, Given } from "../../operation.ts";
import { OWNERSHIPS, s3Operation } from "./define.ts";
import { invalidArgument, malformedXml, notImplemented } from "./errors.ts";
import { bucketArn } from "./object.ts";
import type { RemovableSetting, S3State } from "./state.ts";

interface OfBucket {
  readonly Bucket: string;
}

const accessOf = (action: string) => ({ Bucket }: OfBucket, { state }: Context<S3State>) => {
  state.bucket(Bucket);
  return [{ action, resource: bucketArn(Bucket) }];
};

const setRemoved =
  (setting: RemovableSetting, isRemoved: boolean) =>
  ({ Bucket }: OfBucket, { state }: Context<S3State>): Promise<void> =>
    state.database.commit(() => {
      state.bucket(Bucket);
      state.setRemoved(Bucket, setting, isRemoved);
    });

/** Changes nothing: the only value that is accepted is the one that every bucket has. */
export const PutBucketEncryption = s3Operation<
  Given<PutBucketEncryptionRequest, "Bucket" | "ServerSideEncryptionConfiguration">,
  void
>({
  schema: PutBucketEncryption$,
  reads: ["ServerSideEncryptionConfiguration"],
  access: accessOf("s3:PutEncryptionConfiguration"),
  run: (input) => checkEncryption(input.ServerSideEncryptionConfiguration),
});

/** Resets the encryption to SSE-S3, which every bucket has. */
export const DeleteBucketEncryption = s3Operation<
  Given<DeleteBucketEncryptionRequest, "Bucket">,
  void
>({
  schema: DeleteBucketEncryption$,
  reads: [],
  access: accessOf("s3:PutEncryptionConfiguration"),
  run: () => {},
});

export const PutPublicAccessBlock = s3Operation<
  Given<PutPublicAccessBlockRequest, "Bucket" | "PublicAccessBlockConfiguration">,
  void
>({
  schema: PutPublicAccessBlock$,
  reads: ["PublicAccessBlockConfiguration"],
  access: accessOf("s3:PutBucketPublicAccessBlock"),
  run: (input, context) => {
    checkPublicAccessBlock(input.PublicAccessBlockConfiguration);
    return setRemoved("publicAccessBlock", false)(input, context);
  },
});

/** Without the block nothing becomes public: the sandbox has neither bucket policies nor ACLs. */
export const DeletePublicAccessBlock = s3Operation<
  Given<DeletePublicAccessBlockRequest, "Bucket">,
  void
>({
  schema: DeletePublicAccessBlock$,
  reads: [],
  access: accessOf("s3:PutBucketPublicAccessBlock"),
  run: setRemoved("publicAccessBlock", true),
});

export const PutBucketOwnershipControls = s3Operation<
  Given<PutBucketOwnershipControlsRequest, "Bucket" | "OwnershipControls">,
  void
>({
  schema: PutBucketOwnershipControls$,
  reads: ["OwnershipControls"],
  access: accessOf("s3:PutBucketOwnershipControls"),
  run: (input, context) => {
    checkOwnership(input.OwnershipControls);
    return setRemoved("ownershipControls", false)(input, context);
  },
});

/** ACLs are refused without the controls too, since the sandbox has none. */
export const DeleteBucketOwnershipControls = s3Operation<
  Given<DeleteBucketOwnershipControlsRequest, "Bucket">,
  void
>({
  schema: DeleteBucketOwnershipControls$,
  reads: [],
  access: accessOf("s3:PutBucketOwnershipControls"),
  run: setRemoved("ownershipControls", true),
});

function checkEncryption(configuration: ServerSideEncryptionConfiguration | undefined): void {
  const [rule, ...more] = configuration?.Rules ?? [];
  if (!rule || more.length > 0) throw malformedXml();
  const { SSEAlgorithm, KMSMasterKeyID } = rule.ApplyServerSideEncryptionByDefault ?? {};
  if (SSEAlgorithm !== "AES256") {
    // Unknown words: assumed, as recorded for PutBucketOwnershipControls.
    throw SSEAlgorithm?.startsWith("aws:kms") ? notImplemented("SSEAlgorithm") : malformedXml();
  }
  if (KMSMasterKeyID !== undefined) {
    throw invalidArgument(
      "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or " +
        "aws:kms:dsse",
      "ApplyServerSideEncryptionByDefault",
    );
  }
  if (rule.BucketKeyEnabled) throw notImplemented("BucketKeyEnabled");
  if (rule.BlockedEncryptionTypes) throw notImplemented("BlockedEncryptionTypes");
}

/** A setting that is absent means false. */
function checkPublicAccessBlock(block: PublicAccessBlockConfiguration | undefined): void {
  if (!block) throw malformedXml();
  const { BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets } = block;
  const asked = { BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets };
  for (const [name, value] of Object.entries(asked)) {
    if (value !== true) throw notImplemented(`${name} as false`);
  }
}

function checkOwnership(controls: OwnershipControls | undefined): void {
  const [rule, ...more] = controls?.Rules ?? [];
  const ownership = rule?.ObjectOwnership;
  if (!ownership || more.length > 0 || !OWNERSHIPS.includes(ownership)) throw malformedXml();
  if (ownership !== "BucketOwnerEnforced") throw notImplemented("ObjectOwnership");
}
