/**
 * Gzip as a producer writes it: pako, an implementation of its own, so that what the function's
 * `node:zlib` reads was not written by itself.
 * @module
 */

import { gzip } from "pako";
import { jsonBytes } from "./json.ts";

/** A value's JSON, compressed: one gzip member without a name or a time. */
export function gzipJson(value: unknown): Uint8Array {
  return gzip(jsonBytes(value));
}
