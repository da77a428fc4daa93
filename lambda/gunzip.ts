/**
 * Decompresses one record, up to a limit: a few kilobytes of gzip can hold gigabytes. The first step
 * of the transform.
 * @module
 */

import type { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import type { Outcome } from "./outcome.ts";

/** What is decompressed at a time. A small document needs no large chunk, which would be cleared first. */
const CHUNK_BYTES_MAX = 16 * 1024;
const CHUNK_BYTES_MIN = 4 * 1024;

/**
 * The decompressed bytes of all gzip members: members that follow each other are one gzip file. Stops
 * at `bytesMax` and never holds more than that.
 */
export function gunzip(data: Buffer, bytesMax: number): Outcome<Buffer> {
  if (data.length === 0) return { reason: "the record is empty" };
  if (!isGzip(data)) return { reason: "the data is not gzip" };
  // One byte more than it needs, so that zlib sees the end in the first chunk.
  const chunkSize = Math.min(Math.max(claimedBytes(data) + 1, CHUNK_BYTES_MIN), CHUNK_BYTES_MAX);
  try {
    return { value: gunzipSync(data, { maxOutputLength: bytesMax, chunkSize }) };
  } catch (error) {
    return { reason: reasonOf(error, bytesMax) };
  }
}

/** Whether `data` begins like gzip. */
export function isGzip(data: Uint8Array): boolean {
  return data[0] === 0x1f && data[1] === 0x8b;
}

const LENGTH_BYTES = 4;

/**
 * The decompressed length that gzip data states at its end. It is right for one member of less than
 * 4 GiB and too small for several members. Do not trust it. 0 if the data is not gzip.
 */
export function claimedBytes(data: Buffer): number {
  if (!isGzip(data) || data.length < LENGTH_BYTES) return 0;
  return data.readUInt32LE(data.length - LENGTH_BYTES);
}

/** The codes of https://nodejs.org/docs/latest-v22.x/api/zlib.html#constants; Deno has the same. */
function reasonOf(error: unknown, bytesMax: number): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "ERR_BUFFER_TOO_LARGE":
      return `the data decompresses to more than ${bytesMax} bytes`;
    case "Z_BUF_ERROR":
      return "the gzip data is truncated";
    case "Z_DATA_ERROR":
      return "the gzip data is damaged";
    default:
      throw error; // not about the data
  }
}
