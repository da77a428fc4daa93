/**
 * One record of Firehose's error output.
 * https://docs.aws.amazon.com/firehose/latest/dev/retry.html
 * @module
 */

/** A record that failed. */
export interface FailedRecord {
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly attemptsMade: number;
  readonly arrived: Date;
  /** The record as it was sent. */
  readonly data: Uint8Array;
  /** All members of the line, unchanged. */
  readonly line: Readonly<Record<string, unknown>>;
}

/** The newest moment that a `Date` can hold, in milliseconds since 1970. */
const MOMENT_MS_MAX = 8.64e15;

/**
 * One line of an error object. Accepts both spellings of Firehose's members, and times as numbers or
 * as text. Throws a `TypeError` that says what is wrong.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { data, arrived } = failedRecord({ rawData: "YWJj", arrivalTimestamp: "1796023778451" });
 * assertEquals(new TextDecoder().decode(data), "abc");
 * assertEquals(arrived.getTime(), 1796023778451);
 * ```
 */
export function failedRecord(value: unknown): FailedRecord {
  if (typeof value !== "object" || value === null || !("rawData" in value)) {
    throw new TypeError("it has no rawData, so Firehose did not write it");
  }
  const line: Record<string, unknown> = { ...value };
  return {
    // Format conversion has other names for them.
    errorCode: `${line.errorCode ?? line.lastErrorCode ?? ""}`,
    errorMessage: `${line.errorMessage ?? line.lastErrorMessage ?? ""}`,
    attemptsMade: Number(line.attemptsMade ?? 0),
    arrived: momentOf(line.arrivalTimestamp ?? 0),
    data: bytesOf(line.rawData),
    line,
  };
}

function bytesOf(rawData: unknown): Uint8Array {
  if (typeof rawData !== "string") throw new TypeError("its rawData is not text");
  try {
    return Uint8Array.fromBase64(rawData);
  } catch (cause) {
    throw new TypeError("its rawData is not base64", { cause });
  }
}

function momentOf(timestamp: unknown): Date {
  const ms = typeof timestamp === "number" || typeof timestamp === "string"
    ? Number(timestamp)
    : NaN;
  if (!(Math.abs(ms) <= MOMENT_MS_MAX)) {
    const shown = JSON.stringify(timestamp)?.slice(0, 40);
    throw new TypeError(`its arrivalTimestamp ${shown} is not a number of milliseconds`);
  }
  return new Date(ms);
}
