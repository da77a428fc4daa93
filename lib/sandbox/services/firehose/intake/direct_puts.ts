/**
 * What PutRecord and PutRecordBatch share: which records a stream accepts, and the metrics of a
 * put.
 * https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html
 * @module
 */

import type { DeliveryStream } from "../delivery_stream.ts";
import { type DirectPutQuota, directPutQuota, DirectPutThrottle } from "./direct_put_quota.ts";
import { slowDown } from "../errors.ts";
import type { StreamMetrics } from "../metrics.ts";
import type { PutQuotas } from "../options.ts";

/** Limits hardly ever change: one sample a minute is enough for their metrics. */
const LIMITS_EVERY_MS = 60_000;

/** How {@linkcode DirectPuts} acts. */
export interface DirectPutsOptions {
  readonly region: string;
  readonly quotas: PutQuotas;
  readonly record: (streamName: string, values: StreamMetrics) => void;
}

/** A put that was answered. */
export interface AnsweredPut {
  readonly records: number;
  /** Bytes of the records, as they were put. */
  readonly bytes: number;
  /** When the put came, and when it was answered, in milliseconds since the epoch. */
  readonly arrivalMs: number;
  readonly answerMs: number;
}

/** The puts to all streams. */
export class DirectPuts {
  readonly #options: DirectPutsOptions;
  readonly #throttles = new Map<number, DirectPutThrottle>();
  readonly #limitsMs = new Map<number, number>();

  constructor(options: DirectPutsOptions) {
    this.#options = options;
  }

  /**
   * Which records of a put, by their bytes, the stream accepts; undefined if it accepts all. Throws
   * ServiceUnavailableException if the request itself exceeds the quota.
   */
  admit(
    { id, name }: DeliveryStream,
    lengths: ArrayLike<number>,
    nowMs: number,
  ): readonly boolean[] | undefined {
    const { quotas, record } = this.#options;
    if (quotas === "off") return undefined;
    const throttle = this.#throttles.get(id) ?? new DirectPutThrottle(this.#quota(), nowMs);
    this.#throttles.set(id, throttle);
    const admitted = throttle.admit(lengths, nowMs);
    const throttled = admitted?.filter((isTaken) => !isTaken).length ?? lengths.length;
    if (throttled > 0) record(name, { ThrottledRecords: throttled });
    if (!admitted) throw slowDown();
    return throttled > 0 ? admitted : undefined;
  }

  recordPutRecord(stream: DeliveryStream, put: AnsweredPut): void {
    this.#options.record(stream.name, {
      ...this.#incoming(stream, put),
      "PutRecord.Bytes": put.bytes,
      "PutRecord.Requests": 1,
      "PutRecord.Latency": put.answerMs - put.arrivalMs,
    });
  }

  recordPutRecordBatch(stream: DeliveryStream, put: AnsweredPut): void {
    this.#options.record(stream.name, {
      ...this.#incoming(stream, put),
      "PutRecordBatch.Bytes": put.bytes,
      "PutRecordBatch.Records": put.records,
      "PutRecordBatch.Requests": 1,
      "PutRecordBatch.Latency": put.answerMs - put.arrivalMs,
    });
  }

  /** Forgets a stream that was deleted. */
  forget(streamId: number): void {
    this.#throttles.delete(streamId);
    this.#limitsMs.delete(streamId);
  }

  /** AWS's quota, or the one that was chosen. */
  #quota(): DirectPutQuota {
    const { region, quotas } = this.#options;
    return { ...directPutQuota(region), ...(typeof quotas === "object" ? quotas : {}) };
  }

  /** Raw sizes of the accepted records: one sample a put (captured). */
  #incoming({ id }: DeliveryStream, { records, bytes, answerMs }: AnsweredPut): StreamMetrics {
    const incoming = { IncomingBytes: bytes, IncomingRecords: records, IncomingPutRequests: 1 };
    if (answerMs - (this.#limitsMs.get(id) ?? -Infinity) < LIMITS_EVERY_MS) return incoming;
    this.#limitsMs.set(id, answerMs);
    const quota = this.#quota();
    return {
      ...incoming,
      BytesPerSecondLimit: quota.bytes,
      RecordsPerSecondLimit: quota.records,
      PutRequestsPerSecondLimit: quota.requests,
    };
  }
}
