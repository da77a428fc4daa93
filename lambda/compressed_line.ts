/**
 * A record's own gzip bytes as one line of a `.gz` object. Gzip members that follow each other are
 * one gzip file (RFC 1952, section 2.2), so that Firehose may write records one after the other, as
 * they were put. What stands between lines must stand inside a member.
 * @module
 */

import { Buffer } from "node:buffer";
import { crc32, gzipSync } from "node:zlib";
import { isOneLine, type JsonDocument, toLine } from "./document.ts";

/** A member whose content is a line feed. Without a time, so that its bytes are always the same. */
const LINE_FEED_MEMBER = gzipSync("\n");

/** CRC-32 and length of the content, at a member's end. */
const TRAILER_BYTES = 8;

/**
 * Gzip bytes whose content is `document` as one line, ended by a line feed: `data` itself as far as
 * that can be. Compressed anew is only a document with line ends inside it, and what is not one
 * member with nothing after it (some programs pad with zeros, which would hide what follows).
 */
export function toCompressedLine(data: Buffer, document: JsonDocument): Buffer {
  if (!isOneLine(document) || !isOneMember(data, document.bytes)) {
    return gzipSync(toLine(document));
  }
  return document.text.endsWith("\n") ? data : Buffer.concat([data, LINE_FEED_MEMBER]);
}

function isOneMember(data: Buffer, content: Buffer): boolean {
  const trailer = Buffer.alloc(TRAILER_BYTES);
  trailer.writeUInt32LE(crc32(content), 0);
  trailer.writeUInt32LE(content.length % 2 ** 32, 4);
  return data.subarray(-TRAILER_BYTES).equals(trailer);
}
