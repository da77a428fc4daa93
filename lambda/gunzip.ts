/**
 * Decompresses one record, up to a limit: a few kilobytes of gzip can hold gigabytes. The first step
 * of the transform.
 * @module
 */

import type { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import type { Outcome } from "./outcome.ts";

/**
 * The decompressed bytes of all gzip members: members that follow each other are one gzip file. Stops
 * at `bytesMax` and never holds more than that.
 */
export function gunzip(data: Uint8Array, bytesMax: number): Outcome<Buffer> {
  if (data.length === 0) return { reason: "the record is empty" };
  if (!isGzip(data)) return { reason: "the data is not gzip" };
  try {
    return { value: gunzipSync(data, { maxOutputLength: bytesMax }) };
  } catch (error) {
    return { reason: reasonOf(error, bytesMax) };
  }
}

/** Whether `data` begins like gzip. */
export function isGzip(data: Uint8Array): boolean {
  return data[0] === 0x1f && data[1] === 0x8b;
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
