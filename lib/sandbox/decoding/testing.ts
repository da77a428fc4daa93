/**
 * Compressed objects for tests, made by the sandbox as a delivery stream writes them.
 * @module
 */

import { Buffer } from "node:buffer";
import { Compressor } from "../services/firehose/delivery/compress.ts";
import type { Compression } from "./compression.ts";

/** The bytes of an object with this content. */
export async function compressed(content: Uint8Array, format: Compression): Promise<Uint8Array> {
  const compressor = new Compressor();
  try {
    const entry = { name: "0c2f", modifiedMs: Date.UTC(2026, 10, 30) };
    const pieces = compressor.compressed(ReadableStream.from([content]), format, entry);
    return Buffer.concat(await Array.fromAsync(pieces));
  } finally {
    compressor.stop();
  }
}
