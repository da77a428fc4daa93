/**
 * What a stream takes by direct PUT in a second, as a token bucket: PutRecord and PutRecordBatch
 * together. AWS refuses the excess; the sandbox does so only with `--quotas`.
 * https://docs.aws.amazon.com/firehose/latest/dev/limits.html
 * @module
 */

import { MIB } from "../../../values.ts";
/** The most a stream takes in a second. */
export interface DirectPutQuota {
  readonly records: number;
  readonly requests: number;
  readonly bytes: number;
}

const LARGE_REGIONS = ["us-east-1", "us-west-2", "eu-west-1"];

/** The default quota of a stream. */
export function directPutQuota(region: string): DirectPutQuota {
  return LARGE_REGIONS.includes(region)
    ? { records: 500_000, requests: 2_000, bytes: 5 * MIB }
    : { records: 100_000, requests: 1_000, bytes: MIB };
}

/** One stream's bucket. It holds the quota of one second, and fills in real time. */
export class DirectPutThrottle {
  readonly #quota: DirectPutQuota;
  #left: { records: number; requests: number; bytes: number };
  #filledMs: number;

  constructor(quota: DirectPutQuota, nowMs: number) {
    this.#quota = quota;
    this.#left = { ...quota };
    this.#filledMs = nowMs;
  }

  /**
   * Which records of a request are accepted, by their bytes: a refused record does not block a
   * smaller one after it. Undefined if the request itself exceeds the quota.
   */
  admit(lengths: ArrayLike<number>, nowMs: number): boolean[] | undefined {
    this.#fill(nowMs);
    if (this.#left.requests < 1) return undefined;
    this.#left.requests -= 1;
    return Array.from(lengths, (bytes) => {
      if (this.#left.records < 1 || this.#left.bytes < bytes) return false;
      this.#left.records -= 1;
      this.#left.bytes -= bytes;
      return true;
    });
  }

  #fill(nowMs: number): void {
    const seconds = Math.max(0, nowMs - this.#filledMs) / 1000;
    const filled = (name: keyof DirectPutQuota) =>
      Math.min(this.#quota[name], this.#left[name] + this.#quota[name] * seconds);
    this.#left = {
      records: filled("records"),
      requests: filled("requests"),
      bytes: filled("bytes"),
    };
    this.#filledMs = nowMs;
  }
}
