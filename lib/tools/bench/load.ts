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

export interface Puts {
  readonly endpoint: string;
  readonly credentials: KeyPair;
  readonly streamName: string;
  readonly connections: number;
  /** 1 puts with PutRecord, more with PutRecordBatch. */
  readonly recordsPerCall: number;
  readonly recordBytes: number;
}

export interface Load extends Puts {
  readonly seconds: number;
}

/** Puts records as fast as the connections allow. Throws when a put fails. */
export async function putFor(load: Load): Promise<LoadResult> {
  using putter = new Putter(load);
  for (let warmUp = 0; warmUp < 20; warmUp++) await putter.put();
  const endMs = performance.now() + load.seconds * 1000;
  return await putter.putWhile(() => performance.now() < endMs);
}

/** Puts records over connections that stay open. */
export class Putter implements Disposable {
  readonly #client: FirehoseClient;
  readonly #connections: number;
  /** One call. Throws when it fails. */
  readonly put: () => Promise<unknown>;

  constructor(puts: Puts) {
    const { endpoint, credentials, streamName: DeliveryStreamName } = puts;
    const client = new FirehoseClient({
      endpoint,
      credentials,
      region: "us-east-1",
      maxAttempts: 1,
    });
    const data = new Uint8Array(puts.recordBytes).fill(0x61);
    const records = Array.from({ length: puts.recordsPerCall }, () => ({ Data: data }));
    this.#client = client;
    this.#connections = puts.connections;
    this.put = puts.recordsPerCall === 1
      ? () => client.send(new PutRecordCommand({ DeliveryStreamName, Record: records[0] }))
      : () => client.send(new PutRecordBatchCommand({ DeliveryStreamName, Records: records }));
  }

  /** Puts over all connections until `goesOn` says no. */
  async putWhile(goesOn: () => boolean): Promise<LoadResult> {
    const latenciesMs: number[] = [];
    const startMs = performance.now();
    await Promise.all(Array.from({ length: this.#connections }, async () => {
      while (goesOn()) {
        const beganMs = performance.now();
        await this.put();
        latenciesMs.push(performance.now() - beganMs);
      }
    }));
    const seconds = (performance.now() - startMs) / 1000;
    return {
      callsPerSecond: latenciesMs.length / seconds,
      latenciesMs: latenciesMs.sort((a, b) => a - b),
    };
  }

  [Symbol.dispose](): void {
    this.#client.destroy();
  }
}

/** The latency that `share` (0.5, 0.99) of all calls stay below, in milliseconds. */
export function percentile({ latenciesMs }: LoadResult, share: number): number {
  return latenciesMs[Math.min(latenciesMs.length - 1, Math.floor(latenciesMs.length * share))];
}
