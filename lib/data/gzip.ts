/**
 * Gzip as a producer writes it. It is made with pako, another implementation than the `node:zlib` with
 * which the function reads it.
 * @module
 */

import { gzip } from "pako";
import { jsonBytes } from "./json.ts";

/** A value's JSON, compressed: one gzip member without a name or a time. */
export function gzipJson(value: unknown): Uint8Array {
  return gzip(jsonBytes(value));
}
