/**
 * How often a record was put back, written into its own gzip header: a subfield of the extra
 * field. Every gunzip skips that field, so the content stays the same. Follows RFC 1952
 * (https://www.rfc-editor.org/rfc/rfc1952), sections 2.3 and 2.3.1.1.
 * @module
 */

import { Buffer } from "node:buffer";
import { crc32 } from "node:zlib";
import {
  CHECKSUM_BYTES,
  extraFieldOf,
  FLAGS_AT,
  HAS_CHECKSUM,
  HAS_EXTRA,
  HEADER_BYTES,
  textsOf,
} from "./gzip_header.ts";

/** The largest count that the one byte of the subfield holds. */
export const ROUNDS_COUNT_MAX = 255;

/** `FR`, for "Firehose rounds": not on RFC 1952's list of subfields, not used by BGZF or dictzip. */
const SUBFIELD_ID = Buffer.from("FR");
const SUBFIELD_HEADER_BYTES = 4;
const EXTRA_BYTES_MAX = 0xffff;

/** How often the record was put back; 0 if no transform has put it, or it is not gzip. */
export function readRounds(data: Buffer): number {
  if (!(data[FLAGS_AT] & HAS_EXTRA)) return 0; // what producers write
  const rounds = subfieldsOf(extraFieldOf(data)).find(isRounds);
  return rounds?.[SUBFIELD_HEADER_BYTES] ?? 0;
}

/**
 * The same gzip data with this count in its header, some bytes longer the first time; other
 * subfields stay. Undefined if its extra field is full or the header is damaged.
 */
export function withRounds(data: Buffer, rounds: number): Buffer | undefined {
  const count = Buffer.concat([SUBFIELD_ID, Uint8Array.of(1, 0, rounds)]);
  return withSubfields(data, [...otherSubfieldsOf(data), count]);
}

/** The bytes as they were before {@linkcode withRounds}; data without a count stays as it is. */
export function withoutRounds(data: Buffer): Buffer {
  if (readRounds(data) === 0) return data;
  return withSubfields(data, otherSubfieldsOf(data)) ?? data;
}

function otherSubfieldsOf(data: Buffer): Buffer[] {
  return subfieldsOf(extraFieldOf(data)).filter((subfield) => !isRounds(subfield));
}

/** The gzip data with these subfields as its extra field; with none, it has no such field. */
function withSubfields(data: Buffer, subfields: readonly Buffer[]): Buffer | undefined {
  const extra = Buffer.concat(subfields);
  if (extra.length > EXTRA_BYTES_MAX) return undefined;

  const head = Buffer.from(data.subarray(0, HEADER_BYTES));
  head[FLAGS_AT] = extra.length > 0 ? head[FLAGS_AT] | HAS_EXTRA : head[FLAGS_AT] & ~HAS_EXTRA;
  const length = extra.length > 0
    ? Uint8Array.of(extra.length & 0xff, extra.length >> 8)
    : Buffer.alloc(0);
  const texts = textsOf(data);
  if (!texts) return undefined;
  const [textsAt, textsEnd] = texts;
  const header = Buffer.concat([head, length, extra, data.subarray(textsAt, textsEnd)]);
  if (!(head[FLAGS_AT] & HAS_CHECKSUM)) return Buffer.concat([header, data.subarray(textsEnd)]);
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt16LE(crc32(header) & 0xffff);
  return Buffer.concat([header, checksum, data.subarray(textsEnd + CHECKSUM_BYTES)]);
}

/** Subfields with their headers. Bytes at the end that do not follow the form are left out. */
function subfieldsOf(extra: Buffer): Buffer[] {
  const subfields = [];
  let start = 0;
  while (start + SUBFIELD_HEADER_BYTES <= extra.length) {
    const end = start + SUBFIELD_HEADER_BYTES + extra.readUInt16LE(start + 2);
    if (end > extra.length) break;
    subfields.push(extra.subarray(start, end));
    start = end;
  }
  return subfields;
}

function isRounds(subfield: Buffer): boolean {
  return subfield.subarray(0, 2).equals(SUBFIELD_ID) &&
    subfield.length === SUBFIELD_HEADER_BYTES + 1;
}
