/**
 * Gzip data for tests: members with every kind of header; and any character of Unicode.
 * @module
 */

import fc from "fast-check";
import { Buffer } from "node:buffer";
import { crc32, gzipSync } from "node:zlib";

/** The optional parts of a gzip header. */
export interface GzipHeader {
  readonly extra?: Uint8Array;
  readonly name?: string;
  readonly comment?: string;
  readonly hasChecksum?: boolean;
  /** Sets the flag for content that is probably text. */
  readonly isText?: boolean;
}

/** One gzip member with these parts in its header. */
export function gzipWith(
  content: Uint8Array,
  { extra, name, comment, hasChecksum, isText }: GzipHeader,
): Buffer {
  const plain = gzipSync(content);
  const head = Buffer.from(plain.subarray(0, 10));
  const parts: Uint8Array[] = [head];
  if (isText) head[3] |= 1;
  if (extra) {
    head[3] |= 4;
    parts.push(Uint8Array.of(extra.length & 0xff, extra.length >> 8), extra);
  }
  if (name !== undefined) {
    head[3] |= 8;
    parts.push(Buffer.from(`${name}\0`));
  }
  if (comment !== undefined) {
    head[3] |= 16;
    parts.push(Buffer.from(`${comment}\0`));
  }
  if (hasChecksum) {
    head[3] |= 2;
    const checksum = crc32(Buffer.concat(parts)) & 0xffff;
    parts.push(Uint8Array.of(checksum & 0xff, checksum >> 8));
  }
  return Buffer.concat([...parts, plain.subarray(10)]);
}

const text = fc.string({ maxLength: 20 }).map((name) => name.replaceAll("\0", ""));
const subfield = fc.record({
  id: fc.constantFrom("BC", "RA", "Ap", "FR"),
  data: fc.uint8Array({ maxLength: 30 }),
}).map(({ id, data }) => Buffer.concat([Buffer.from(id), Uint8Array.of(data.length, 0), data]));
/** Any header, with a count of rounds too. */
export const gzipHeader = fc.record({
  extra: fc.option(fc.array(subfield, { maxLength: 3 }).map((parts) => Buffer.concat(parts)), {
    nil: undefined,
  }),
  name: fc.option(text, { nil: undefined }),
  comment: fc.option(text, { nil: undefined }),
  hasChecksum: fc.boolean(),
  isText: fc.boolean(),
});

/**
 * Any code point but halves of a pair, as a unit of `fc.string`. fast-check's own unit "binary" is the
 * same, and makes a list of all of them first: 0.9 s and 150 MB in each test file (fast-check 4.10.2).
 */
export const codePoint: fc.Arbitrary<string> = fc.nat(0x10ffff - 0x800)
  .map((index) => String.fromCodePoint(index < 0xd800 ? index : index + 0x800));
