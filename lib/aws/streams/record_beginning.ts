/**
 * How a record begins, for people who have to recognise it.
 * @module
 */

import { constants, gunzipSync } from "node:zlib";

const TEXT_LENGTH = 200;
/** Of the record, compressed or not, that are looked at. */
const BYTES_READ = 1_000;

/**
 * The first characters of a record in one line, decompressed if it is gzip; `not text` for other bytes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(beginningOf(new TextEncoder().encode('{"id":1}')), '{"id":1}');
 * assertEquals(beginningOf(new Uint8Array([0xff, 0xfe, 0x00])), "not text");
 * ```
 */
export function beginningOf(data: Uint8Array, textLength = TEXT_LENGTH): string {
  const isGzip = data[0] === 0x1f && data[1] === 0x8b;
  const content = isGzip ? gunzippedBeginning(data) : data.subarray(0, BYTES_READ);
  const text = new TextDecoder().decode(content).replaceAll(/\s+/g, " ");
  // The cut may fall inside a character.
  if (!content || text.slice(0, -1).includes("\ufffd")) return "not text";
  const shown = text.length > textLength ? `${text.slice(0, textLength)}…` : text;
  return isGzip ? `gzip of: ${shown}` : shown;
}

/** What the first bytes of gzip data decompress to; undefined where they are damaged. */
function gunzippedBeginning(data: Uint8Array): Uint8Array | undefined {
  const { Z_SYNC_FLUSH: finishFlush } = constants; // the end need not be there
  try {
    return gunzipSync(data.subarray(0, BYTES_READ), { finishFlush }).subarray(0, BYTES_READ);
  } catch {
    return undefined;
  }
}
