/**
 * S3's operations: each lists the members of its input that it reads. Every other member is refused
 * by name, so that no setting is silently ignored.
 * @module
 */

import { NormalizedSchema } from "@smithy/core/schema";
import type { StaticOperationSchema } from "@smithy/types";
import { AwsError } from "../../errors.ts";
import type { Operation, OperationDefinition } from "../../operation.ts";
import { invalidArgument, notImplemented } from "./errors.ts";
import { checkKey } from "./object.ts";
import type { S3State } from "./state.ts";

/** One operation of S3. */
export interface S3Definition<Input, Output> {
  readonly schema: StaticOperationSchema;
  /** The members of the input that `access` and `run` read, besides those every operation has. */
  readonly reads: readonly (keyof Input & string)[];
  readonly access: OperationDefinition<Input, Output, S3State>["access"];
  readonly status?: number;
  readonly checksumsOf?: OperationDefinition<Input, Output, S3State>["checksumsOf"];
  readonly run: Operation<Input, Output, S3State>;
}

/** Completes an operation: refuses members that it does not read, and a wrong bucket owner. */
export function s3Operation<Input extends object, Output>(
  { schema, reads, access, status, checksumsOf, run }: S3Definition<Input, Output>,
): OperationDefinition<Input, Output, S3State> {
  // At the first call: to evaluate all schemas takes a third of the time of a start.
  let unread: readonly (readonly [string, NormalizedSchema])[] | undefined;
  return {
    schema,
    constraints: {},
    status,
    checksumsOf,
    access,
    run(input, context) {
      checkCommon(input, context.state.accountId);
      unread ??= membersBesides(schema, reads);
      for (const [name, member] of unread) {
        if (Reflect.get(input, name) === undefined) continue;
        const { httpHeader, httpQuery } = member.getMergedTraits();
        throw notImplemented(httpHeader?.toLowerCase() ?? httpQuery ?? name);
      }
      return run(input, context);
    },
  };
}

/** The members of an operation's input that neither it nor what holds for all reads. */
function membersBesides(schema: StaticOperationSchema, reads: readonly string[]) {
  const members = NormalizedSchema.of(schema[4]).getMemberSchemas();
  return Object.entries(members).filter(([name]) =>
    !READ_FOR_ALL.has(name) && !Object.hasOwn(NO_CHANGE, name) && !reads.includes(name)
  );
}

/** Members that the front door or `checkCommon` below reads for every operation. */
const READ_FOR_ALL = new Set(
  ("Bucket Key ContentLength ContentMD5 ChecksumAlgorithm ChecksumCRC32 ChecksumCRC32C " +
    "ChecksumCRC64NVME ChecksumSHA1 ChecksumSHA256 ChecksumSHA512 ChecksumMD5 " +
    "ChecksumXXHASH64 ChecksumXXHASH3 ChecksumXXHASH128 ExpectedBucketOwner " +
    "ExpectedSourceBucketOwner RequestPayer").split(" "),
);

/** Settings with the values that the sandbox has anyway. */
const NO_CHANGE: Readonly<Record<string, readonly string[]>> = {
  ACL: ["private", "bucket-owner-full-control"],
  ServerSideEncryption: ["AES256"],
  StorageClass: ["STANDARD"],
  BucketKeyEnabled: ["false"],
  ObjectOwnership: ["BucketOwnerEnforced"],
  ObjectLockEnabledForBucket: ["false"],
};
const NO_CHANGE_HEADERS: Readonly<Record<string, string>> = {
  ServerSideEncryption: "x-amz-server-side-encryption",
  StorageClass: "x-amz-storage-class",
  BucketKeyEnabled: "x-amz-server-side-encryption-bucket-key-enabled",
  ObjectOwnership: "x-amz-object-ownership",
  ObjectLockEnabledForBucket: "x-amz-bucket-object-lock-enabled",
};

const CANNED_ACLS = new Set([
  "private",
  "public-read",
  "public-read-write",
  "authenticated-read",
  "aws-exec-read",
  "bucket-owner-read",
  "bucket-owner-full-control",
  "log-delivery-write",
]);

/**
 * The refusal of an ACL: all buckets here are BucketOwnerEnforced, as new ones on AWS. A word that is
 * no ACL has an empty text (https://github.com/versity/versitygw/issues/1367, of 2025-07).
 */
function refusedAcl(acl: string, { isBucket }: { readonly isBucket: boolean }): AwsError {
  if (!CANNED_ACLS.has(acl)) return invalidArgument("", "x-amz-acl", acl);
  return isBucket
    ? new AwsError(
      "InvalidBucketAclWithObjectOwnership",
      400,
      "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    )
    : new AwsError("AccessControlListNotSupported", 400, "The bucket does not allow ACLs");
}

/** The values of a bucket's ObjectOwnership. */
export const OWNERSHIPS: readonly string[] = [
  "BucketOwnerEnforced",
  "BucketOwnerPreferred",
  "ObjectWriter",
];

/** Of no use here: no bucket has an object lock. AWS refuses every value of it (recorded 2026-02). */
const BYPASS = "x-amz-bypass-governance-retention";

function checkCommon(input: object, accountId: string): void {
  const key: unknown = Reflect.get(input, "Key");
  if (typeof key === "string") checkKey(key);
  for (const [name, values] of Object.entries(NO_CHANGE)) {
    const value: unknown = Reflect.get(input, name);
    if (value === undefined || values.includes(String(value))) continue;
    if (name === "ACL") throw refusedAcl(String(value), { isBucket: typeof key !== "string" });
    const header = NO_CHANGE_HEADERS[name];
    if (name === "ObjectOwnership" && !OWNERSHIPS.includes(String(value))) {
      throw invalidArgument(`Invalid ${header} header: ${value}`, header);
    }
    throw notImplemented(header);
  }
  if (Reflect.get(input, "BypassGovernanceRetention") !== undefined) {
    throw invalidArgument(`${BYPASS} is only applicable to Object Lock enabled buckets.`, BYPASS);
  }
  for (const name of ["ExpectedBucketOwner", "ExpectedSourceBucketOwner"]) {
    const owner: unknown = Reflect.get(input, name);
    if (owner !== undefined) checkOwner(String(owner), accountId);
  }
  const payer: unknown = Reflect.get(input, "RequestPayer");
  if (payer !== undefined && payer !== "requester") {
    throw invalidArgument("Invalid request payer", "x-amz-request-payer", String(payer));
  }
}

function checkOwner(owner: string, accountId: string): void {
  if (!/^\d{12}$/.test(owner)) {
    throw new AwsError(
      "InvalidBucketOwnerAWSAccountID",
      400,
      `The value of the expected bucket owner parameter must be an AWS Account ID... [${owner}]`,
    );
  }
  if (owner !== accountId) throw new AwsError("AccessDenied", 403, "Access Denied");
}
