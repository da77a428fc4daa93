/**
 * A record's bytes as text for people: gunzipped if they are gzip.
 * @module
 */

import { gunzipSync } from "node:zlib";

const TEXT_BYTES_MAX = 1024 * 1024;

/**
 * Text of at most 1 MiB. Bytes that are not UTF-8 become U+FFFD.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { gzipSync } from "node:zlib";
 * assertEquals(plainText(gzipSync("a word")), "a word");
 * ```
 */
export function plainText(data: Uint8Array): string {
  const plain = data[0] === 0x1f && data[1] === 0x8b ? gunzipped(data) : data;
  return new TextDecoder().decode(plain.subarray(0, TEXT_BYTES_MAX));
}

/** The bytes themselves if they are damaged, or too large to be a record's. */
function gunzipped(data: Uint8Array): Uint8Array {
  try {
    return gunzipSync(data, { maxOutputLength: 8 * TEXT_BYTES_MAX });
  } catch {
    return data;
  }
}
