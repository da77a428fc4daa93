/**
 * An S3 destination as DescribeDeliveryStream shows it: what was configured, and the defaults.
 * @module
 */

import type {
  BufferingHints,
  ExtendedS3DestinationConfiguration,
  ExtendedS3DestinationDescription,
  S3DestinationConfiguration,
  S3DestinationDescription,
} from "@aws-sdk/client-firehose";
import { INTERVAL_IN_SECONDS_DEFAULT, SIZE_IN_MBS_DEFAULT } from "../delivery_stream.ts";
import { invalidArgument, notSupported } from "../errors.ts";
import { convertsFormat } from "./format_conversion.ts";
import { processingDescription } from "./processors.ts";

/** Seconds that AWS fills in for dynamic partitioning (captured). */
const PARTITIONING_RETRY_SECONDS_DEFAULT = 300;

/** The description of a configured destination. Throws InvalidArgumentException. */
export function destinationDescription(
  configuration: ExtendedS3DestinationConfiguration,
): ExtendedS3DestinationDescription {
  const { ProcessingConfiguration, DynamicPartitioningConfiguration } = configuration;
  return {
    ...s3Description({ ...configuration, BufferingHints: largeHints(configuration) }),
    ...given("FileExtension", configuration.FileExtension),
    ...given("CustomTimeZone", configuration.CustomTimeZone),
    ...given(
      "ProcessingConfiguration",
      ProcessingConfiguration &&
        processingDescription(ProcessingConfiguration, configuration.RoleARN ?? ""),
    ),
    ...given(
      "DynamicPartitioningConfiguration",
      DynamicPartitioningConfiguration && {
        Enabled: DynamicPartitioningConfiguration.Enabled ?? false,
        RetryOptions: {
          DurationInSeconds: DynamicPartitioningConfiguration.RetryOptions?.DurationInSeconds ??
            PARTITIONING_RETRY_SECONDS_DEFAULT,
        },
      },
    ),
    ...given("DataFormatConversionConfiguration", configuration.DataFormatConversionConfiguration),
    ...backupDescription(configuration),
  };
}

/**
 * MiB of a buffer with dynamic partitioning or format conversion, if none is given. Probed on AWS
 * for conversion (2026-09-07, us-west-2), whose least size is 64 too; assumed for partitioning.
 */
const LARGE_SIZE_IN_MBS_DEFAULT = 128;

/**
 * Hints with dynamic partitioning: one alone is accepted (a template that was deployed in 2022),
 * though the model demands both or neither.
 */
function largeHints(configuration: ExtendedS3DestinationConfiguration): BufferingHints {
  const { BufferingHints = {}, DynamicPartitioningConfiguration } = configuration;
  const isPartitioned = DynamicPartitioningConfiguration?.Enabled === true;
  const areOmitted = BufferingHints.SizeInMBs === undefined &&
    BufferingHints.IntervalInSeconds === undefined;
  if (!isPartitioned && !(areOmitted && convertsFormat(configuration))) return BufferingHints;
  return {
    SizeInMBs: BufferingHints.SizeInMBs ?? LARGE_SIZE_IN_MBS_DEFAULT,
    IntervalInSeconds: BufferingHints.IntervalInSeconds ?? INTERVAL_IN_SECONDS_DEFAULT,
  };
}

/** The members that a destination and its backup share. Throws InvalidArgumentException. */
function s3Description(configuration: S3DestinationConfiguration): S3DestinationDescription {
  checkEncryption(configuration.EncryptionConfiguration);
  const { RoleARN, BucketARN, BufferingHints = {}, CloudWatchLoggingOptions } = configuration;
  if (
    (BufferingHints.SizeInMBs === undefined) !== (BufferingHints.IntervalInSeconds === undefined)
  ) {
    // AWS's model demands both or neither; the text is ours.
    throw invalidArgument("BufferingHints need both SizeInMBs and IntervalInSeconds, or neither.");
  }
  return {
    RoleARN,
    BucketARN,
    ...given("Prefix", configuration.Prefix),
    ...given("ErrorOutputPrefix", configuration.ErrorOutputPrefix),
    BufferingHints: {
      SizeInMBs: BufferingHints.SizeInMBs ?? SIZE_IN_MBS_DEFAULT,
      IntervalInSeconds: BufferingHints.IntervalInSeconds ?? INTERVAL_IN_SECONDS_DEFAULT,
    },
    CompressionFormat: configuration.CompressionFormat ?? "UNCOMPRESSED",
    EncryptionConfiguration: configuration.EncryptionConfiguration ??
      { NoEncryptionConfig: "NoEncryption" },
    CloudWatchLoggingOptions: {
      Enabled: CloudWatchLoggingOptions?.Enabled ?? false,
      ...given("LogGroupName", CloudWatchLoggingOptions?.LogGroupName),
      ...given("LogStreamName", CloudWatchLoggingOptions?.LogStreamName),
    },
  };
}

function checkEncryption(
  configuration: S3DestinationConfiguration["EncryptionConfiguration"],
): void {
  if (!configuration) return;
  const { NoEncryptionConfig, KMSEncryptionConfig } = configuration;
  if ((NoEncryptionConfig === undefined) === (KMSEncryptionConfig === undefined)) {
    throw invalidArgument(
      "Exactly one of NoEncryptionConfig or KMSEncryptionConfig must be specified",
    );
  }
}

function backupDescription(
  { S3BackupMode = "Disabled", S3BackupConfiguration }: ExtendedS3DestinationConfiguration,
): Pick<ExtendedS3DestinationDescription, "S3BackupMode" | "S3BackupDescription"> {
  if (S3BackupMode === "Disabled") {
    if (S3BackupConfiguration) throw notSupported("S3BackupConfiguration without S3BackupMode");
    return { S3BackupMode };
  }
  if (!S3BackupConfiguration) {
    throw invalidArgument(
      "S3 backup destination configuration is required when enabling S3 backup.",
    );
  }
  const { RoleARN, BucketARN } = S3BackupConfiguration;
  if (RoleARN === undefined || BucketARN === undefined) {
    // Only an update can leave them out. AWS's text is not known.
    throw invalidArgument("S3BackupUpdate needs RoleARN and BucketARN when it enables S3 backup.");
  }
  return { S3BackupMode, S3BackupDescription: s3Description(S3BackupConfiguration) };
}

/** A member that is shown only if it was set. An empty text was set. */
function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [_ in Name]?: Value } {
  const member: { [_ in Name]?: Value } = {};
  if (value !== undefined) member[name] = value;
  return member;
}
