/**
 * The compressed forms of an object, piece by piece: what comes out does not wait for the end.
 * Runs in `compress_worker.ts`, and in place for small objects.
 * @module
 */

import { Zip, ZipPassThrough } from "fflate";
import { createDeflateRaw, createGzip, type DeflateRaw, type Gzip } from "node:zlib";
import type { EncodedFormat } from "../compression_format.ts";
import { hadoopSnappy, type Piece, type PieceEncoder, xerialSnappy } from "./snappy_framing.ts";

/** The entry in which a ZIP file holds the bytes. */
export interface ZipEntry {
  readonly name: string;
  readonly modifiedMs: number;
}

/** Compresses one object. Do not use it after `finish` or `discard`. */
export interface Encoder {
  /** Takes bytes, and returns those that are ready. */
  push(bytes: Uint8Array): Promise<Piece[]>;
  finish(): Promise<Piece[]>;
  discard(): void;
}

/** An encoder for `format`, as AWS writes it (captured, August 2026). */
export function encoderOf(format: EncodedFormat, entry: ZipEntry): Encoder {
  switch (format) {
    case "GZIP":
      return ofStream(createGzip()); // one gzip member
    case "ZIP":
      return zip(entry);
    case "Snappy":
      return ofPieces(xerialSnappy());
    case "HADOOP_SNAPPY":
      return ofPieces(hadoopSnappy());
  }
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

/**
 * A ZIP file with one deflated entry. fflate keeps the container, node:zlib deflates: fflate's own
 * deflating of a stream writes files that cannot be read (0.8.3, pieces of 32 KiB and more).
 */
function zip({ name, modifiedMs }: ZipEntry): Encoder {
  const deflate = ofStream(createDeflateRaw());
  let ready: Piece[] = [];
  const archive = new Zip((error, piece) => {
    if (error) throw error;
    ready.push(piece);
  });
  const entry = new DeflatedEntry(name);
  entry.mtime = modifiedMs;
  archive.add(entry);
  const drain = () => {
    const drained = ready;
    ready = [];
    return drained;
  };
  return {
    async push(bytes) {
      entry.push(bytes);
      for (const piece of await deflate.push(bytes)) entry.ondata(null, piece, false);
      return drain();
    },
    async finish() {
      for (const piece of await deflate.finish()) entry.ondata(null, piece, false);
      entry.push(new Uint8Array(), true);
      entry.ondata(null, new Uint8Array(), true);
      archive.end();
      return drain();
    },
    discard: deflate.discard,
  };
}

/** Keeps length and checksum of what is pushed; the deflated bytes are handed to `ondata`. */
class DeflatedEntry extends ZipPassThrough {
  override compression = 8;
  protected override process(): void {}
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
