/**
 * Readers that need no installing, for showing that they disagree about the same gzip object.
 * @module
 */

import { Gunzip, gunzipSync as fflateGunzipSync } from "fflate";
import { Buffer } from "node:buffer";
import { createGunzip, gunzipSync } from "node:zlib";
import { Inflate, ungzip } from "pako";
import { isGzip } from "../../lambda/gunzip.ts";

/** A way to decompress gzip. */
export interface ReaderAtHand {
  readonly name: string;
  readonly read: (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;
}

/** What one reader got. */
export interface Reading {
  readonly reader: string;
  /** Lines that it decompressed whole; a line that was cut is none. */
  readonly rows: number;
  /** The reader's complaint; undefined if it said nothing. */
  readonly error: string | undefined;
}

/** The readers, those that read everything first. */
export const READERS_AT_HAND: readonly ReaderAtHand[] = [
  { name: "node:zlib gunzipSync", read: gunzipSync },
  { name: "node:zlib createGunzip", read: streamed },
  { name: "pako ungzip", read: (bytes) => ungzip(bytes) },
  { name: "fflate Gunzip", read: fflateStreamed },
  { name: "pako Inflate, in pieces that end with a member", read: pakoInPieces },
  { name: "fflate gunzipSync", read: (bytes) => fflateGunzipSync(bytes) },
  { name: "DecompressionStream", read: decompressionStream },
];

/**
 * The gzip object read by each reader, in their order. Throws a `TypeError` for other bytes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { gzipSync } from "node:zlib";
 * const members = new Uint8Array([...gzipSync("1\n"), ...gzipSync("2\n")]);
 * const readings = await readByAll(members);
 * assertEquals(readings[0], { reader: "node:zlib gunzipSync", rows: 2, error: undefined });
 * assertEquals(readings[4].rows, 1);
 * ```
 */
export async function readByAll(
  bytes: Uint8Array,
  readers: readonly ReaderAtHand[] = READERS_AT_HAND,
): Promise<Reading[]> {
  if (!isGzip(bytes)) throw new TypeError("the object is not gzip");
  return await Promise.all(readers.map(async ({ name, read }) => {
    try {
      const text = new TextDecoder().decode(await read(bytes));
      return { reader: name, rows: wholeLinesIn(text), error: undefined };
    } catch (error) {
      return { reader: name, rows: 0, error: error instanceof Error ? error.message : `${error}` };
    }
  }));
}

function wholeLinesIn(text: string): number {
  return text.split("\n").filter((line) => isJson(line)).length;
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

async function streamed(bytes: Uint8Array): Promise<Uint8Array> {
  const gunzip = createGunzip();
  gunzip.end(bytes);
  return Buffer.concat(await Array.fromAsync(gunzip, (part: Uint8Array) => part));
}

async function decompressionStream(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([Uint8Array.from(bytes)]).stream()
    .pipeThrough(new DecompressionStream("gzip"));
  return await new Response(stream).bytes();
}

function fflateStreamed(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  pushInPieces(bytes, new Gunzip((part) => parts.push(part)));
  return Buffer.concat(parts);
}

/** fflate 0.8.3 calls itself for each member of a piece: thousands in one are too deep. */
const PIECE_BYTES = 16 * 1024;

function pushInPieces(bytes: Uint8Array, gunzip: Gunzip): void {
  for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
    const end = start + PIECE_BYTES;
    gunzip.push(bytes.subarray(start, end), end >= bytes.length);
  }
}

/** A network hands over pieces of any size; here the first one ends where the first member does. */
function pakoInPieces(bytes: Uint8Array): Uint8Array {
  const end = firstMemberEnd(bytes);
  const parts: Uint8Array[] = [];
  const inflate = new Inflate();
  inflate.onData = (part) => parts.push(Buffer.from(part));
  inflate.push(bytes.subarray(0, end), end === bytes.length);
  if (end < bytes.length) inflate.push(bytes.subarray(end), true);
  if (inflate.err) throw new Error(inflate.msg);
  return Buffer.concat(parts);
}

function firstMemberEnd(bytes: Uint8Array): number {
  const starts: number[] = [];
  const gunzip = new Gunzip(() => {});
  gunzip.onmember = (start) => starts.push(start);
  pushInPieces(bytes, gunzip);
  return starts.find((start) => start > 0) ?? bytes.length;
}
