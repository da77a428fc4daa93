/**
 * The compressed forms of an object, piece by piece: what comes out does not wait for the end.
 * Runs in `compress_worker.ts`, and in place for small objects.
 * @module
 */

import { createDeflateRaw, createGzip, type DeflateRaw, type Gzip } from "node:zlib";
import type { EncodedFormat } from "../compression_format.ts";
import type { Encoder, ZipEntry } from "./encoder.ts";
import type { Piece, PieceEncoder } from "./snappy_framing.ts";

/**
 * An encoder for `format`, as AWS writes it (captured, August 2026). What ZIP and Snappy need is loaded
 * with their first object: most sandboxes write neither.
 */
export async function encoderOf(format: EncodedFormat, entry: ZipEntry): Promise<Encoder> {
  if (format === "GZIP") return ofStream(createGzip()); // one gzip member
  if (format === "ZIP") {
    const { zipEncoder } = await import("./zip_encoder.ts");
    return zipEncoder(entry, ofStream(createDeflateRaw()));
  }
  const { hadoopSnappy, xerialSnappy } = await import("./snappy_framing.ts");
  return ofPieces(format === "Snappy" ? xerialSnappy() : hadoopSnappy());
}

/** An encoder that uses a stream of node:zlib. */
function ofStream(stream: Gzip | DeflateRaw): Encoder {
  const failed = new Promise<never>((_, reject) => stream.once("error", reject));
  failed.catch(() => {}); // `push` and `finish` report it
  let ready: Piece[] = [];
  stream.on("data", (piece: Piece) => ready.push(piece));
  const drain = () => {
    const drained = ready;
    ready = [];
    return drained;
  };
  return {
    async push(bytes) {
      await Promise.race([failed, new Promise<void>((done) => stream.write(bytes, () => done()))]);
      return drain();
    },
    async finish() {
      const ended = new Promise<void>((done) => stream.once("end", done));
      stream.end();
      await Promise.race([failed, ended]);
      return drain();
    },
    discard: () => void stream.destroy(),
  };
}

function ofPieces(encoder: PieceEncoder): Encoder {
  return {
    push(bytes) {
      encoder.push(bytes);
      return Promise.resolve(encoder.drain());
    },
    finish() {
      encoder.finish();
      return Promise.resolve(encoder.drain());
    },
    discard: () => {},
  };
}
