/**
 * A record's own gzip bytes as one line of a `.gz` object. Gzip members that follow each other are
 * one gzip file (RFC 1952, section 2.2), so Firehose can write the records one after the other, as
 * producers put them. A line feed between two of them must stand inside a member. Not every reader
 * reads all members: `docs/readers.md` says which do.
 * @module
 */

import { Buffer } from "node:buffer";
import { crc32, gzipSync, inflateRawSync } from "node:zlib";
import { isOneLine, type JsonDocument, toLine } from "./document.ts";
import { headerEndOf, withPlainHeader } from "./gzip_header.ts";

/** A member whose content is a line feed. It has no time, so its bytes are always the same. */
const LINE_FEED_MEMBER = gzipSync("\n");

/** CRC-32 and length of the content, at a member's end. */
const TRAILER_BYTES = 8;

/** How every gzip member begins. */
const MEMBER_START = Buffer.from([0x1f, 0x8b, 0x08]);

/**
 * Gzip bytes whose content is `document` as one line with its line feed. The compressed bytes of
 * `data` stay, under a plain header. Only these are compressed again: a document with line ends
 * inside it, a record of several members, and a member with more bytes after it (some programs pad
 * with zeros, which would hide the next record).
 */
export function toCompressedLine(data: Buffer, document: JsonDocument): Buffer {
  if (!isOneLine(document) || !isOneMember(data, document.bytes)) {
    return gzipSync(toLine(document));
  }
  const plain = withPlainHeader(data);
  return document.text.endsWith("\n") ? plain : Buffer.concat([plain, LINE_FEED_MEMBER]);
}

function isOneMember(data: Buffer, content: Buffer): boolean {
  const trailer = Buffer.alloc(TRAILER_BYTES);
  trailer.writeUInt32LE(crc32(content), 0);
  trailer.writeUInt32LE(content.length % 2 ** 32, 4);
  return data.subarray(-TRAILER_BYTES).equals(trailer) && !beginsWithEmptyMember(data);
}

/** Empty members before the last one do not show in the trailer: the last one has all content. */
function beginsWithEmptyMember(data: Buffer): boolean {
  if (data.indexOf(MEMBER_START, MEMBER_START.length) < 0) return false;
  try {
    // Reads the first member only, and stops at the second byte of its content.
    return inflateRawSync(data.subarray(headerEndOf(data)), { maxOutputLength: 1 }).length === 0;
  } catch {
    return false;
  }
}
