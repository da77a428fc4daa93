/**
 * The header of a gzip member: ten bytes, then the optional fields that its flags announce. Follows
 * RFC 1952, section 2.3 (https://www.rfc-editor.org/rfc/rfc1952).
 * @module
 */

import { Buffer } from "node:buffer";

/** Bytes of a header without optional fields. */
export const HEADER_BYTES = 10;
/** Bytes before the extra field that hold its length. */
const EXTRA_LENGTH_BYTES = 2;
/** Bytes of the header's own checksum. */
export const CHECKSUM_BYTES = 2;

/** Where the flags stand. */
export const FLAGS_AT = 3;
/** The flag bits; the lowest one says only that the content is probably text. */
export const HAS_CHECKSUM = 0b00010;
export const HAS_EXTRA = 0b00100;
const HAS_NAME = 0b01000;
const HAS_COMMENT = 0b10000;

/** The content of the extra field; empty if there is none. */
export function extraFieldOf(data: Buffer): Buffer {
  if (!(data[FLAGS_AT] & HAS_EXTRA) || data.length < HEADER_BYTES + EXTRA_LENGTH_BYTES) {
    return Buffer.alloc(0);
  }
  const start = HEADER_BYTES + EXTRA_LENGTH_BYTES;
  return data.subarray(start, start + data.readUInt16LE(HEADER_BYTES));
}

/**
 * Where the file name and the comment begin and end: texts that end with a zero byte. Undefined if
 * that byte is missing or nothing follows.
 */
export function textsOf(data: Buffer): readonly [start: number, end: number] | undefined {
  const flags = data[FLAGS_AT];
  const extraBytes = flags & HAS_EXTRA ? EXTRA_LENGTH_BYTES + extraFieldOf(data).length : 0;
  const start = HEADER_BYTES + extraBytes;
  let end = start;
  for (const flag of [HAS_NAME, HAS_COMMENT]) {
    if (!(flags & flag)) continue;
    end = data.indexOf(0, end) + 1;
    if (end === 0) return undefined;
  }
  return end < data.length ? [start, end] : undefined;
}

/** Where the deflate data of the first member begins; undefined if the header is damaged. */
export function headerEndOf(data: Buffer): number | undefined {
  if (data.length <= HEADER_BYTES) return undefined;
  if (data[FLAGS_AT] === 0) return HEADER_BYTES;
  const texts = textsOf(data);
  if (!texts) return undefined;
  const end = texts[1] + (data[FLAGS_AT] & HAS_CHECKSUM ? CHECKSUM_BYTES : 0);
  return end < data.length ? end : undefined;
}

/**
 * The same data whose first member has a header of ten bytes, without optional fields and flags.
 * DuckDB 2.0.1 reads no file with a comment, a header checksum or the text flag in one of its
 * headers (`docs/readers.md`). The compressed bytes stay. A damaged header stays as it is.
 */
export function withPlainHeader(data: Buffer): Buffer {
  if (data[FLAGS_AT] === 0) return data;
  const end = headerEndOf(data);
  if (end === undefined) return data;
  const header = Buffer.from(data.subarray(0, HEADER_BYTES));
  header[FLAGS_AT] = 0;
  return Buffer.concat([header, data.subarray(end)]);
}
