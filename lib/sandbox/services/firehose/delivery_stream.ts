/**
 * A delivery stream: its row, and what the data plane reads from its destination.
 * @module
 */

import type {
  ExtendedS3DestinationDescription,
  S3DestinationDescription,
} from "@aws-sdk/client-firehose";
import { MIB } from "../../values.ts";

/** Statuses that the sandbox's streams go through. CREATING_FAILED needs KMS or a VPC. */
export type DeliveryStreamStatus = "CREATING" | "ACTIVE" | "DELETING";

/** A delivery stream. Kept as JSON, so there are no dates in it. */
export interface DeliveryStream {
  /** Never used again, even when a stream of the same name is made later. */
  readonly id: number;
  readonly name: string;
  readonly arn: string;
  readonly status: DeliveryStreamStatus;
  /** Since when it has this status, in milliseconds since the epoch. */
  readonly statusMs: number;
  readonly createMs: number;
  readonly lastUpdateMs?: number;
  readonly version: number;
  /** As DescribeDeliveryStream shows it: defaults are filled in. */
  readonly destination: ExtendedS3DestinationDescription;
  readonly tags: Readonly<Record<string, string>>;
  /** Shown only: it has no effect (API reference). */
  readonly throughputHintInMBs?: number;
  /** Server-side encryption; absent means DISABLED. */
  readonly encryption?: Encryption;
  /** When the last calls that start or stop encryption came, in milliseconds since the epoch. */
  readonly encryptionCallsMs?: readonly number[];
}

/** Server-side encryption with the key that AWS owns. */
export interface Encryption {
  readonly status: "ENABLING" | "ENABLED" | "DISABLING";
  /** Since when, in milliseconds since the epoch. */
  readonly statusMs: number;
}

/** Defaults of a destination's buffer. https://docs.aws.amazon.com/firehose/latest/dev/buffering-hints.html */
export const SIZE_IN_MBS_DEFAULT = 5;
export const INTERVAL_IN_SECONDS_DEFAULT = 300;

/** When a buffer is due: at so many bytes, before compression, or so long after its first record. */
export interface BufferingHints {
  readonly sizeBytes: number;
  readonly intervalMs: number;
}

/** The buffering hints of an S3 destination or its backup. MB means MiB here. */
export function bufferingHints(
  { BufferingHints }: Pick<S3DestinationDescription, "BufferingHints">,
): BufferingHints {
  return {
    sizeBytes: (BufferingHints?.SizeInMBs ?? SIZE_IN_MBS_DEFAULT) * MIB,
    intervalMs: (BufferingHints?.IntervalInSeconds ?? INTERVAL_IN_SECONDS_DEFAULT) * 1000,
  };
}

/** The bucket in `arn:aws:s3:::bucket`. */
export function bucketOf(bucketArn: string | undefined): string {
  return (bucketArn ?? "").split(":::").at(-1) ?? "";
}
