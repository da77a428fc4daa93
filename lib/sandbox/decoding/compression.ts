/**
 * The compressed forms of an object, decompressed piece by piece: everything that a delivery stream
 * writes, told by the first bytes. The name of an object says little: a FileExtension replaces the
 * extension of the compression and leaves the bytes as they are.
 * @module
 */

import { Unzip, UnzipInflate } from "fflate";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { DecodingError } from "./decoding_error.ts";
import { hadoopSnappyBlocks, isHadoopSnappy, xerialSnappyBlocks } from "./snappy.ts";

/** How an object is compressed. The names are those of Firehose's CompressionFormat. */
export type Compression = "UNCOMPRESSED" | "GZIP" | "ZIP" | "Snappy" | "HADOOP_SNAPPY";

/** So many bytes decide about the form. */
const HEAD_BYTES = 64;

/** Forms that a stream never writes, and people have. */
const FOREIGN: readonly (readonly [name: string, magic: readonly number[]])[] = [
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["bzip2", [0x42, 0x5a, 0x68]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ["Snappy's framing format", [0xff, 0x06, 0x00, 0x00, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59]],
  ["Parquet", [0x50, 0x41, 0x52, 0x31]],
  ["ORC", [0x4f, 0x52, 0x43]],
];

/**
 * How bytes that begin with `head` (64 bytes, or all there are) are compressed. Throws a
 * {@linkcode DecodingError} that names a form which no delivery stream with plain records writes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(compressionOf(Uint8Array.of(0x1f, 0x8b, 8)), "GZIP");
 * assertEquals(compressionOf(new TextEncoder().encode("{}")), "UNCOMPRESSED");
 * ```
 */
export function compressionOf(head: Uint8Array): Compression {
  const begins = (magic: readonly number[]) => magic.every((byte, at) => head[at] === byte);
  if (begins([0x1f, 0x8b])) return "GZIP";
  if (begins([0x50, 0x4b, 0x03, 0x04]) || begins([0x50, 0x4b, 0x05, 0x06])) return "ZIP";
  if (begins([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])) return "Snappy";
  if (isHadoopSnappy(head)) return "HADOOP_SNAPPY";
  const foreign = FOREIGN.find(([, magic]) => begins(magic));
  if (foreign) throw new DecodingError(`it is ${foreign[0]}, which is not read here`);
  return "UNCOMPRESSED";
}

/** Bytes as they come, and how they were compressed. */
export interface Decompressed {
  readonly compression: Compression;
  /** Throws a {@linkcode DecodingError} where the bytes are cut off or damaged. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Reads the first bytes and decompresses the rest while it is read. Memory does not grow with it. */
export async function decompress(source: AsyncIterable<Uint8Array>): Promise<Decompressed> {
  const { head, all } = await peeked(source, HEAD_BYTES);
  const compression = compressionOf(head);
  return { compression, chunks: DECODERS[compression](all) };
}

/** What people make of a file of text: no line of it can be read as it is. */
export type WrappedText = "UTF-16" | "tar" | "gzip";

const WRAPPINGS: readonly {
  readonly form: WrappedText;
  readonly magic: readonly number[];
  readonly at: number;
  readonly problem: string;
}[] = [
  ...[[0xff, 0xfe], [0xfe, 0xff]].map((magic) => ({
    ...{ form: "UTF-16" as const, magic, at: 0 },
    problem: "it is UTF-16, which is not read here: convert it with iconv -f UTF-16 -t UTF-8",
  })),
  {
    ...{ form: "tar", magic: [0x75, 0x73, 0x74, 0x61, 0x72], at: 257 },
    problem: "it is a tar archive, which is not read here: unpack it with tar -xf",
  },
  {
    ...{ form: "gzip", magic: [0x1f, 0x8b], at: 0 },
    problem: "it is gzip inside of another compression: decompress it once",
  },
];

/** So many bytes show all of them. */
const WRAPPING_BYTES = 262;

/**
 * The bytes of a decompressed file of text. Throws a {@linkcode DecodingError} that says what to do where
 * the file is in one of these `forms`.
 */
export async function* textBytes(
  chunks: AsyncIterable<Uint8Array>,
  forms: readonly WrappedText[],
): AsyncGenerator<Uint8Array> {
  const { head, all } = await peeked(chunks, WRAPPING_BYTES);
  const wrapping = WRAPPINGS.find(({ form, magic, at }) =>
    forms.includes(form) && magic.every((byte, index) => head[at + index] === byte)
  );
  if (wrapping) throw new DecodingError(wrapping.problem);
  yield* all;
}

/** At least so many of the first bytes, if there are as many; and all chunks. */
async function peeked(source: AsyncIterable<Uint8Array>, wanted: number) {
  const iterator = source[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let bytes = 0;
  while (bytes < wanted) {
    const { done, value } = await iterator.next();
    if (done) break;
    head.push(value);
    bytes += value.length;
  }
  return { head: concat(head), all: joined(head, iterator) };
}

const DECODERS: Readonly<
  Record<Compression, (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>>
> = {
  UNCOMPRESSED: (chunks) => chunks,
  GZIP: gunzipped,
  ZIP: unzipped,
  Snappy: xerialSnappyBlocks,
  HADOOP_SNAPPY: hadoopSnappyBlocks,
};

async function* joined(head: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>) {
  try {
    yield* head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/**
 * Also several members one after the other, as keep-compressed records make them. Deno's zlib has
 * a separate error for what follows the last member and is not gzip.
 */
async function* gunzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  const source = Readable.from(chunks);
  source.on("error", (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  try {
    for await (const chunk of gunzip) yield chunk;
  } catch (cause) {
    throw decodingError("gzip", cause);
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

function decodingError(form: string, cause: unknown): Error {
  if (cause instanceof DecodingError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DecodingError(`the ${form} is cut off or damaged: ${reason}`, { cause });
}

/** All entries of a ZIP file, one after the other. Firehose writes one. */
async function* unzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  let [entries, ended] = [0, 0];
  const unzip = new Unzip((entry) => {
    entries++;
    entry.ondata = (error, chunk, isLast) => {
      if (error) throw error;
      ready.push(chunk);
      if (isLast) ended++;
    };
    entry.start();
  });
  unzip.register(UnzipInflate);
  const push = (chunk: Uint8Array, isLast: boolean) => {
    try {
      unzip.push(chunk, isLast);
    } catch (cause) {
      throw decodingError("ZIP", cause);
    }
    const pieces = ready;
    ready = [];
    return pieces;
  };
  for await (const chunk of chunks) yield* push(chunk, false);
  yield* push(new Uint8Array(), true);
  if (entries !== ended) throw new DecodingError("the ZIP is cut off: its last entry has no end");
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
