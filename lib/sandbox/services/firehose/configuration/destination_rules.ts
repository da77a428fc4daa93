/**
 * The rules for a destination, checked when a stream is created or updated. AWS's texts where they
 * are known (captured, September 2026); ours are marked.
 * @module
 */

import type {
  ExtendedS3DestinationDescription,
  S3DestinationDescription,
} from "@aws-sdk/client-firehose";
import type { Caller } from "../../../access/caller.ts";
import { assumeDeliveryRole } from "../delivery_role.ts";
import { bucketOf } from "../delivery_stream.ts";
import { foreignRole, foreignSchemaRole, invalidArgument, notSupported } from "../errors.ts";
import type { Jq } from "../processing/jq/engine.ts";
import { checkFormatConversion, convertsFormat } from "./format_conversion.ts";
import { checkPartitioning } from "./partitioning_rules.ts";
import { checkPrefixes } from "./prefix_rules.ts";
import { lambdaProcessor } from "./processors.ts";
import type { FirehoseOptions } from "../options.ts";
import { isTimeZone } from "../naming/time_zones.ts";

const BACKUP_INTERVAL_SECONDS = { min: 60, max: 900 };

/** Throws the error of the first rule that `destination` breaks. */
export async function checkDestination(
  destination: ExtendedS3DestinationDescription,
  options: FirehoseOptions & { readonly jq: Jq },
  caller: Caller,
): Promise<void> {
  const isPartitioned = destination.DynamicPartitioningConfiguration?.Enabled === true;
  const backup = destination.S3BackupDescription;
  checkTimeZone(destination);
  await checkS3(destination, {
    partitionKeys: isPartitioned ? "allowed" : "refused",
    timeZone: destination.CustomTimeZone || "UTC",
    nowMs: options.clock.nowMs(),
  });
  for (const { EncryptionConfiguration } of backup ? [destination, backup] : [destination]) {
    checkKmsKey(EncryptionConfiguration?.KMSEncryptionConfig?.AWSKMSKeyARN, options.region);
  }
  await checkFormatConversion(destination);
  await checkPartitioning(destination, options.jq);
  if (lambdaProcessor(destination) && !options.invoker) throw notSupported("Lambda processors");
  if (backup) await checkBackup(backup, options.clock.nowMs());
  for (const roleArn of rolesOf(destination)) checkRole(roleArn, options, caller);
  for (const { BucketARN } of backup ? [destination, backup] : [destination]) {
    checkBucket(BucketARN ?? "", options);
  }
  checkSchemaRole(destination, options);
  if (convertsFormat(destination)) throw notSupported("DataFormatConversionConfiguration");
}

/** The roles that a destination names: the caller must be allowed to pass each. */
function rolesOf(destination: ExtendedS3DestinationDescription): string[] {
  const roles = [
    destination.RoleARN,
    destination.S3BackupDescription?.RoleARN,
    lambdaProcessor(destination)?.roleArn,
  ];
  return [...new Set(roles.flatMap((role) => role ?? []))];
}

async function checkS3(
  destination: S3DestinationDescription,
  rules: Parameters<typeof checkPrefixes>[1],
): Promise<void> {
  const { Enabled, LogGroupName, LogStreamName } = destination.CloudWatchLoggingOptions ?? {};
  if (Enabled && !LogGroupName) {
    throw invalidArgument(
      "CloudWatch Log Group Name is required if CloudWatch Logging is enabled",
    );
  }
  if (Enabled && !LogStreamName) {
    // The model has the rule; the text follows that of the group.
    throw invalidArgument(
      "CloudWatch Log Stream Name is required if CloudWatch Logging is enabled",
    );
  }
  await checkPrefixes(destination, rules);
}

/**
 * Objects are never encrypted with a key of KMS here. AWS refuses a key of another Region too (text
 * probed by a public project, 2026-09-10). A bucket of another Region is refused later.
 */
function checkKmsKey(keyArn: string | undefined, region: string): void {
  if (keyArn === undefined) return;
  const keyRegion = keyArn.split(":")[3];
  if (keyRegion === region) throw notSupported("KMSEncryptionConfig");
  throw invalidArgument(
    `KMS Key ${keyArn} does not exist in the same region as the S3 bucket. KMS Key region: ` +
      `${keyRegion}. S3 Bucket Region: ${region}`,
  );
}

function checkTimeZone({ CustomTimeZone = "" }: ExtendedS3DestinationDescription): void {
  if (CustomTimeZone === "" || isTimeZone(CustomTimeZone)) return;
  throw invalidArgument(
    "Provided custom time zone is not supported. Custom time zones are limited to UTC and " +
      "non-3-letter IANA time zones.",
  );
}

async function checkBackup(backup: S3DestinationDescription, nowMs: number): Promise<void> {
  await checkS3(backup, { partitionKeys: "refused", timeZone: "UTC", nowMs });
  const seconds = backup.BufferingHints?.IntervalInSeconds ?? 0;
  if (seconds < BACKUP_INTERVAL_SECONDS.min || seconds > BACKUP_INTERVAL_SECONDS.max) {
    throw invalidArgument("S3 backup buffering interval must be between 60 and 900 seconds.");
  }
}

function checkRole(roleArn: string, options: FirehoseOptions, caller: Caller): void {
  // The RoleArn of a Lambda processor may be any text.
  const account = roleArn.split(":")[4] ?? options.accountId;
  if (account !== options.accountId && !options.access.takesForeignRoles) {
    throw foreignRole(caller.arn, account, options.accountId);
  }
  if (assumeDeliveryRole(roleArn, options)) return;
  throw invalidArgument(
    `Firehose is unable to assume role ${roleArn}. Please check the role provided.`,
  );
}

/** The role by which an enabled conversion reads its schema: text probed on AWS, 2026-09-07. */
function checkSchemaRole(
  destination: ExtendedS3DestinationDescription,
  { accountId, access }: FirehoseOptions,
): void {
  const { RoleARN } = destination.DataFormatConversionConfiguration?.SchemaConfiguration ?? {};
  if (!convertsFormat(destination) || access.takesForeignRoles) return;
  const account = RoleARN?.split(":")[4] ?? accountId;
  if (account !== accountId) throw foreignSchemaRole();
}

function checkBucket(bucketArn: string, { s3, region }: FirehoseOptions): void {
  const bucket = bucketOf(bucketArn);
  const bucketRegion = bucketArn === `arn:aws:s3:::${bucket}` ? s3.regionOf(bucket) : undefined;
  if (bucketRegion === region) return;
  // AWS refuses too; the text is ours.
  if (!bucketRegion) throw invalidArgument(`The specified bucket does not exist: ${bucketArn}`);
  throw notSupported(`a bucket of another region (${bucket} is in ${bucketRegion})`);
}
