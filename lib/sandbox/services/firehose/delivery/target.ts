/**
 * Where the objects of a buffer go: what `deliver` needs to know of a stream's configuration.
 * @module
 */

import type { S3DestinationDescription } from "@aws-sdk/client-firehose";
import { compressionFormatOf } from "../compression_format.ts";
import type { Target } from "./deliver.ts";
import {
  bucketOf,
  type BufferingHints,
  bufferingHints,
  type DeliveryStream,
} from "../delivery_stream.ts";
import { errorOutputPrefix } from "../processing/error_output.ts";
import type { BufferRow } from "../journal/journal.ts";
import { extensionOf } from "../naming/object_name.ts";
import { partitionOfBuffer } from "../naming/partition.ts";
import { appendsDelimiter, processingHints } from "../configuration/processors.ts";

/** The part of the configuration that applies to a buffer's records. */
export function destinationOf(
  { destination }: DeliveryStream,
  { kind }: Pick<BufferRow, "kind">,
): S3DestinationDescription {
  return kind === "backup" ? destination.S3BackupDescription ?? destination : destination;
}

/** When a buffer's records become an object. */
function deliveryHints(stream: DeliveryStream, buffer: BufferRow): BufferingHints {
  return bufferingHints(destinationOf(stream, buffer));
}

/** When a buffer's records are due for their next step. Processors have separate hints. */
export function hintsOf(stream: DeliveryStream, buffer: BufferRow): BufferingHints {
  const hints = buffer.kind === "source" ? processingHints(stream.destination) : undefined;
  return hints ?? deliveryHints(stream, buffer);
}

/**
 * How long delivery to a partition is tried again at short pauses: DynamicPartitioning's
 * RetryOptions. AWS does not describe what follows for S3. Here delivery goes on, at longer pauses,
 * until the records are too old (assumed).
 */
export function retryMsOf({ destination }: DeliveryStream, { kind }: BufferRow): number {
  const { Enabled, RetryOptions } = destination.DynamicPartitioningConfiguration ?? {};
  if (!Enabled || kind !== "primary") return Infinity;
  return (RetryOptions?.DurationInSeconds ?? Infinity) * 1000;
}

/** Where a buffer's objects go. */
export function targetOf(stream: DeliveryStream, buffer: BufferRow): Target {
  const { destination } = stream;
  const { RoleARN = "", BucketARN, CompressionFormat, Prefix } = destinationOf(stream, buffer);
  const compressionFormat = compressionFormatOf(CompressionFormat);
  const isPrimary = buffer.kind === "source" || buffer.kind === "primary";
  const partition = partitionOfBuffer(buffer.kind === "primary" ? buffer.key : "");
  return {
    roleArn: RoleARN,
    bucket: bucketOf(BucketARN),
    name: {
      streamName: stream.name,
      version: stream.version,
      prefix: buffer.kind === "error" ? errorOutputPrefix(destination) : partition.prefix ?? Prefix,
      // A backup configuration has no time zone.
      timeZone: buffer.kind === "backup" ? "UTC" : destination.CustomTimeZone || "UTC",
      partitionKeys: partition.keys,
      errorOutputType: buffer.kind === "error" ? buffer.key : undefined,
      extension: extensionOf(
        compressionFormat,
        buffer.kind === "backup" ? undefined : destination.FileExtension,
      ),
    },
    compressionFormat,
    delimiter: isPrimary && appendsDelimiter(destination) ? "lineFeed" : "none",
    sizeBytes: deliveryHints(stream, buffer).sizeBytes,
  };
}
