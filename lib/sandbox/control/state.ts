/**
 * `GET /_sandbox/state`: the delivery streams with their buffers, and what happened lately, as JSON.
 * Times are milliseconds since the epoch.
 * @module
 */

import type { Accounts } from "../accounts.ts";
import type { Clock } from "../clock.ts";
import type { Region } from "../region.ts";
import type { DeliveryStream } from "../services/firehose/delivery_stream.ts";
import type { Doing, LiveBuffer } from "../services/firehose/journal/buffers.ts";
import type { BufferKind } from "../services/firehose/journal/journal.ts";
import { partitionOfBuffer } from "../services/firehose/naming/partition.ts";
import type { DeliveryAttempt } from "../services/firehose/options.ts";
import type { InvocationNote } from "../services/lambda/options.ts";
import type { Activity } from "./activity.ts";

/** The answer of the page. */
export interface SandboxState {
  readonly nowMs: number;
  /** How many times faster waits run. */
  readonly speed: number;
  readonly streams: readonly StreamState[];
  /** The latest attempts at deliveries, the newest last. */
  readonly deliveries: readonly DeliveryAttempt[];
  /** The latest invocations, the newest last. */
  readonly invocations: readonly InvocationNote[];
}

/** A delivery stream. */
export interface StreamState {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  readonly status: DeliveryStream["status"];
  /** What waits in all its buffers; with a backup, the same records wait in two of them. */
  readonly waitingRecords: number;
  readonly waitingBytes: number;
  readonly buffers: readonly BufferState[];
}

/** A buffer: of what was put, of a partition, of the error output, or of the backup. */
export interface BufferState {
  readonly kind: BufferKind;
  /** Of the buffer of a partition: its keys and its prefix. */
  readonly partition?: {
    readonly prefix?: string;
    readonly keys: Readonly<Record<string, string>>;
  };
  /** Of a buffer of the error output: `processing-failed` and the like. */
  readonly errorOutputType?: string;
  readonly records: number;
  readonly bytes: number;
  /** Since when its first record waits, when its interval is over, and how old the record is. */
  readonly openedMs?: number;
  readonly dueMs?: number;
  readonly ageMs?: number;
  readonly doing: Doing;
  /** Since when every attempt has failed. */
  readonly failingSinceMs?: number;
}

/** What the page reads. */
export interface StateParts {
  readonly accounts: Pick<Accounts, "all">;
  readonly activity: Activity;
  readonly clock: Clock;
  readonly speed: number;
}

/** The state now. */
export function stateOf({ accounts, activity, clock, speed }: StateParts): SandboxState {
  const nowMs = clock.nowMs();
  const regions = accounts.all().flatMap(({ regions }) => regions.all());
  return {
    ...{ nowMs, speed },
    streams: regions.flatMap((region) =>
      region.firehose.streams().map((stream) => streamState(stream, region, nowMs))
    ),
    deliveries: activity.deliveries,
    invocations: activity.invocations,
  };
}

function streamState(stream: DeliveryStream, region: Region, nowMs: number): StreamState {
  const { name, arn, status } = stream;
  const buffers = region.firehose.buffersOf(stream).map(({ buffer, doing }): BufferState => ({
    ...identityOf(buffer),
    records: buffer.waitingRecords,
    bytes: buffer.waitingBytes,
    openedMs: buffer.openedMs,
    dueMs: region.firehose.dueMs(stream, buffer),
    ageMs: buffer.openedMs === undefined ? undefined : Math.max(0, nowMs - buffer.openedMs),
    doing,
    failingSinceMs: buffer.failingSinceMs,
  }));
  const sum = (count: (buffer: BufferState) => number) =>
    buffers.reduce((total, buffer) => total + count(buffer), 0);
  return {
    ...{ accountId: region.accountId, region: region.name, name, arn, status },
    waitingRecords: sum(({ records }) => records),
    waitingBytes: sum(({ bytes }) => bytes),
    buffers,
  };
}

/** Which buffer it is. */
export function identityOf(
  { kind, key }: Pick<LiveBuffer, "kind" | "key">,
): Pick<BufferState, "kind" | "partition" | "errorOutputType"> {
  if (kind === "error") return { kind, errorOutputType: key };
  if (kind !== "primary") return { kind };
  const { prefix, keys } = partitionOfBuffer(key);
  return { kind, partition: { prefix, keys: Object.fromEntries(keys) } };
}
