/**
 * Quotas of AWS that a stream with a function meets as it grows, and what AWS lets one raise.
 * @module
 */

import { directPutQuota } from "../../../sandbox/services/firehose/intake/direct_put_quota.ts";
import type { Flow } from "./simulation.ts";

/** A quota beside what is used of it. */
export interface QuotaUse {
  readonly name: string;
  readonly used: number;
  readonly limit: number;
  /** What can be done about it, as of {@linkcode QUOTAS_OF}. */
  readonly raise: string;
}

/** When AWS's pages about quotas were read. */
export const QUOTAS_OF = "2026-11";

const MIB = 1024 * 1024;
/** Of one PutRecordBatch. https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
const PUT_RECORDS_MAX = 500;
const PUT_BYTES_MAX = 4 * MIB;
/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const CONCURRENT_EXECUTIONS = 1_000;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html */
const PREFIX_PUTS_PER_SECOND = 3_500;
/** Of one active partition. https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
const PARTITION_MIB_PER_SECOND = 1_024;

const DIRECT_PUT =
  "AWS raises the three Direct PUT quotas together, on request, or by itself if a stream is throttled; " +
  "each stream has its own";

/**
 * What is used of each quota. `seconds` is the time in which the flow's records arrive; `shares` are
 * those of the partitions, undefined without dynamic partitioning.
 */
export function quotaUses(
  { records, bytes, peakConcurrency, objects, activePartitions, refusedRecords }: Flow,
  { region, seconds, shares, activePartitionsMax }: {
    readonly region: string;
    readonly seconds: number;
    readonly shares: readonly number[] | undefined;
    readonly activePartitionsMax: number;
  },
): QuotaUse[] {
  const quota = directPutQuota(region);
  const [recordsPerSecond, bytesPerSecond] = [records / seconds, bytes / seconds];
  const perPut = Math.min(PUT_RECORDS_MAX, PUT_BYTES_MAX / (bytes / records));
  const put = (name: string, used: number, limit: number) => ({
    name,
    used,
    limit,
    raise: DIRECT_PUT,
  });
  return [
    put("Direct PUT, MiB a second", bytesPerSecond / MIB, quota.bytes / MIB),
    put("Direct PUT, records a second", recordsPerSecond, quota.records),
    put("Direct PUT, requests a second", recordsPerSecond / perPut, quota.requests),
    {
      name: "Lambda, concurrent executions",
      used: peakConcurrency,
      limit: CONCURRENT_EXECUTIONS,
      raise:
        "AWS raises it on request (Service Quotas); new accounts may have less, and all functions " +
        "of a Region share it",
    },
    ...shares === undefined ? [] : [
      {
        name: "Firehose, active partitions",
        // Partitions that found no room would be active too.
        used: refusedRecords > 0 ? shares.length : activePartitions,
        limit: activePartitionsMax,
        raise:
          "AWS raises it on request (to 5,000, as its page on buffering says); each stream has its own",
      },
      {
        name: "Firehose, MiB a second in one partition",
        used: bytesPerSecond * shares.reduce((most, share) => Math.max(most, share), 0) / MIB,
        limit: PARTITION_MIB_PER_SECOND,
        raise: "it is fixed; divide the data over more partition keys",
      },
    ],
    {
      name: "S3, PUT requests a second under one prefix",
      used: objects.count / seconds,
      limit: PREFIX_PUTS_PER_SECOND,
      raise:
        "it is fixed for one prefix, but S3 divides busy prefixes by itself; larger buffers make fewer objects",
    },
  ];
}

/** The quotas that are exceeded, the one by most first. */
export const exceeded = (uses: readonly QuotaUse[]): QuotaUse[] =>
  uses.filter(({ used, limit }) => used > limit).sort((a, b) =>
    b.used / b.limit - a.used / a.limit
  );
