/**
 * Load: the SDK's Firehose client, over a fixed number of connections, for a fixed time.
 * @module
 */

import { FirehoseClient, PutRecordBatchCommand, PutRecordCommand } from "@aws-sdk/client-firehose";
import type { KeyPair } from "../../sandbox/sandbox.ts";

/** What was measured. */
export interface LoadResult {
  readonly callsPerSecond: number;
  /** Latencies of all calls in milliseconds, ascending. */
  readonly latenciesMs: readonly number[];
}

export interface Load {
  readonly endpoint: string;
  readonly credentials: KeyPair;
  readonly streamName: string;
  readonly connections: number;
  /** 1 puts with PutRecord, more with PutRecordBatch. */
  readonly recordsPerCall: number;
  readonly recordBytes: number;
  readonly seconds: number;
}

/** Puts records as fast as the connections allow. Throws when a put fails. */
export async function putFor(load: Load): Promise<LoadResult> {
  const client = new FirehoseClient({
    endpoint: load.endpoint,
    credentials: load.credentials,
    region: "us-east-1",
    maxAttempts: 1,
  });
  const data = new Uint8Array(load.recordBytes).fill(0x61);
  const records = Array.from({ length: load.recordsPerCall }, () => ({ Data: data }));
  const DeliveryStreamName = load.streamName;
  const put = load.recordsPerCall === 1
    ? () => client.send(new PutRecordCommand({ DeliveryStreamName, Record: records[0] }))
    : () => client.send(new PutRecordBatchCommand({ DeliveryStreamName, Records: records }));
  const latenciesMs: number[] = [];
  for (let warmUp = 0; warmUp < 20; warmUp++) await put();
  const startMs = performance.now();
  const endMs = startMs + load.seconds * 1000;
  await Promise.all(Array.from({ length: load.connections }, async () => {
    while (performance.now() < endMs) {
      const beganMs = performance.now();
      await put();
      latenciesMs.push(performance.now() - beganMs);
    }
  }));
  const seconds = (performance.now() - startMs) / 1000;
  client.destroy();
  return {
    callsPerSecond: latenciesMs.length / seconds,
    latenciesMs: latenciesMs.sort((a, b) => a - b),
  };
}

/** The latency that `share` (0.5, 0.99) of all calls stay below, in milliseconds. */
export function percentile({ latenciesMs }: LoadResult, share: number): number {
  return latenciesMs[Math.min(latenciesMs.length - 1, Math.floor(latenciesMs.length * share))];
}
