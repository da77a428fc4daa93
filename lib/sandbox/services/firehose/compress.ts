/**
 * Compression of an object's bytes. After `delimit`, before the object is named. In small pieces:
 * between two of them puts are answered.
 * @module
 */

import { createGzip } from "node:zlib";

/** Formats the sandbox writes. ZIP and the Snappy ones are refused when a stream is made. */
export type CompressionFormat = "UNCOMPRESSED" | "GZIP";

/** About a millisecond of compressing. */
const PIECE_BYTES = 64 * 1024;

/** `Content-Encoding` of an object. */
export const CONTENT_ENCODING: Readonly<Record<CompressionFormat, string | undefined>> = {
  UNCOMPRESSED: undefined,
  GZIP: "gzip",
};

/** The bytes of `chunks` in `format`: one gzip stream, or as they are. */
export function compressed(
  chunks: AsyncIterable<Uint8Array>,
  format: CompressionFormat,
): AsyncIterable<Uint8Array> {
  return format === "GZIP" ? gzipped(chunks) : chunks;
}

async function* gzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gzip = createGzip();
  let ready: Uint8Array[] = [];
  gzip.on("data", (chunk: Uint8Array) => ready.push(chunk));
  const drain = () => {
    const drained = ready;
    ready = [];
    return drained;
  };
  try {
    for await (const chunk of chunks) {
      for (let start = 0; start < chunk.length; start += PIECE_BYTES) {
        await step((done) => gzip.write(chunk.subarray(start, start + PIECE_BYTES), done));
        yield* drain();
      }
    }
    const ended = new Promise((resolve) => gzip.once("end", resolve));
    await step((done) => gzip.end(done));
    await ended;
    yield* drain();
  } finally {
    gzip.destroy();
  }
}

function step(act: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => act((error) => error ? reject(error) : resolve()));
}
