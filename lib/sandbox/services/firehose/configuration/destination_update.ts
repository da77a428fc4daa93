/**
 * The result of UpdateDestination: members that are left out keep their value.
 * Follows https://docs.aws.amazon.com/firehose/latest/APIReference/API_UpdateDestination.html
 * @module
 */

import type {
  DynamicPartitioningConfiguration,
  ExtendedS3DestinationConfiguration,
  ExtendedS3DestinationDescription,
  ExtendedS3DestinationUpdate,
  ProcessingConfiguration,
  S3DestinationConfiguration,
  S3DestinationDescription,
  S3DestinationUpdate,
} from "@aws-sdk/client-firehose";
import { destinationDescription } from "./destination.ts";
import { invalidArgument } from "../errors.ts";
import { mergedConversion } from "./format_conversion.ts";
import { decompression, lambdaProcessor } from "./processors.ts";

/** `current` with `update` applied. Throws InvalidArgumentException. */
export function updatedDestination(
  current: ExtendedS3DestinationDescription,
  update: ExtendedS3DestinationUpdate,
): ExtendedS3DestinationDescription {
  if (current.S3BackupMode === "Enabled" && update.S3BackupMode === "Disabled") {
    throw invalidArgument("Disabling S3 backup is not currently supported.");
  }
  checkPartitioning(current, update);
  const updated = destinationDescription(mergedConfiguration(current, update));
  checkDecompression(current, updated);
  return updated;
}

/** AWS turns decompression on for a stream that has it already, or has a function (captured). */
function checkDecompression(
  current: ExtendedS3DestinationDescription,
  updated: ExtendedS3DestinationDescription,
): void {
  if (!decompression(updated) || decompression(current) || lambdaProcessor(current)) return;
  throw invalidArgument(
    "Enabling source decompression is not supported for existing stream with no Lambda function " +
      "attached.",
  );
}

function mergedConfiguration(
  current: ExtendedS3DestinationDescription,
  update: ExtendedS3DestinationUpdate,
): ExtendedS3DestinationConfiguration {
  const S3BackupMode = update.S3BackupMode ?? current.S3BackupMode;
  return {
    ...mergedS3(current, update),
    FileExtension: update.FileExtension ?? current.FileExtension,
    CustomTimeZone: update.CustomTimeZone ?? current.CustomTimeZone,
    DataFormatConversionConfiguration: mergedConversion(
      current.DataFormatConversionConfiguration,
      update.DataFormatConversionConfiguration,
    ),
    DynamicPartitioningConfiguration: mergedPartitioning(
      current.DynamicPartitioningConfiguration,
      update.DynamicPartitioningConfiguration,
    ),
    ProcessingConfiguration: mergedProcessing(
      current.ProcessingConfiguration,
      update.ProcessingConfiguration,
    ),
    S3BackupMode,
    S3BackupConfiguration: update.S3BackupUpdate || current.S3BackupDescription
      ? mergedS3(current.S3BackupDescription ?? {}, update.S3BackupUpdate ?? {})
      : undefined,
  };
}

/** The members that a destination and its backup share. */
function mergedS3(
  current: Partial<S3DestinationDescription>,
  update: S3DestinationUpdate,
): S3DestinationConfiguration {
  return {
    RoleARN: update.RoleARN ?? current.RoleARN,
    BucketARN: update.BucketARN ?? current.BucketARN,
    Prefix: update.Prefix ?? current.Prefix,
    ErrorOutputPrefix: update.ErrorOutputPrefix ?? current.ErrorOutputPrefix,
    CompressionFormat: update.CompressionFormat ?? current.CompressionFormat,
    EncryptionConfiguration: update.EncryptionConfiguration ?? current.EncryptionConfiguration,
    // The model wants both hints or neither; one alone was seen to keep the other.
    BufferingHints: both(current.BufferingHints, update.BufferingHints),
    CloudWatchLoggingOptions: both(
      current.CloudWatchLoggingOptions,
      update.CloudWatchLoggingOptions,
    ),
  };
}

function mergedPartitioning(
  current: DynamicPartitioningConfiguration | undefined,
  update: DynamicPartitioningConfiguration | undefined,
): DynamicPartitioningConfiguration | undefined {
  const merged = both(current, update);
  return merged && { ...merged, RetryOptions: both(current?.RetryOptions, update?.RetryOptions) };
}

/**
 * The whole block is replaced (captured): without `Processors` there are none. Only `Enabled`
 * keeps its value.
 */
function mergedProcessing(
  current: ProcessingConfiguration | undefined,
  update: ProcessingConfiguration | undefined,
): ProcessingConfiguration | undefined {
  if (!update) return current;
  return {
    Enabled: update.Enabled ?? current?.Enabled ?? false,
    Processors: update.Processors ?? [],
  };
}

function checkPartitioning(
  current: ExtendedS3DestinationDescription,
  update: ExtendedS3DestinationUpdate,
): void {
  const wanted = update.DynamicPartitioningConfiguration?.Enabled;
  const isEnabled = current.DynamicPartitioningConfiguration?.Enabled ?? false;
  if (wanted === undefined || wanted === isEnabled) return;
  // The guide has the rule; the text is ours.
  throw invalidArgument(
    `Dynamic Partitioning cannot be ${wanted ? "enabled" : "disabled"} on an existing stream.`,
  );
}

/** A structure, merged member by member. */
function both<Value extends object>(
  current: Value | undefined,
  update: Value | undefined,
): Value | undefined {
  return current && update ? { ...current, ...update } : update ?? current;
}
