/**
 * Partition key values made safe as one segment of an S3 key, and read back. Firehose puts values
 * into the prefix as they are, so a `/` in one would make a folder and `..` a path that some tools
 * follow. Spark and pyarrow skip folders and files whose name begins with `.` or `_`, without a word
 * (`docs/readers.md`).
 *
 * Letters, digits, `_`, `-` and `.` stay. Every other byte of the UTF-8 text becomes `!` and two hex
 * digits, and so does a leading `.` or `_`. The sign is `!` because `%` is on S3's list of
 * characters to avoid and `!` on its list of safe ones
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html).
 * @module
 */

import { Buffer } from "node:buffer";

/**
 * Bytes of an escaped value. Two of them, the date and Firehose's own object name stay under S3's
 * 1,024 bytes for a key; it is also the longest name of a database or table in AWS Glue.
 */
export const KEY_VALUE_BYTES_MAX = 255;

const PLAIN = /^[A-Za-z0-9-][A-Za-z0-9._-]*$/;

/**
 * `text` as a segment of a key; its length is not checked. Throws a `RangeError` if the text has half
 * of a surrogate pair: UTF-8 cannot hold that, so it could not be read back.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(escapeKeyValue("people"), "people");
 * assertEquals(escapeKeyValue("_audit"), "!5Faudit");
 * assertEquals(escapeKeyValue("../Zürich"), "!2E.!2FZ!C3!BCrich");
 * ```
 */
export function escapeKeyValue(text: string): string {
  if (PLAIN.test(text)) return text;
  if (!text.isWellFormed()) throw new RangeError("the text has half of a surrogate pair");
  let escaped = "";
  for (const byte of Buffer.from(text)) {
    const character = String.fromCharCode(byte);
    const stays = escaped === "" ? /[A-Za-z0-9-]/ : /[A-Za-z0-9._-]/;
    escaped += stays.test(character) ? character : escapeByte(byte);
  }
  return escaped;
}

/**
 * The text that {@linkcode escapeKeyValue} was given.
 * Throws a `SyntaxError` if that never returns `segment`.
 */
export function unescapeKeyValue(segment: string): string {
  const text = percentDecoded(segment.replaceAll("!", "%"));
  if (text === undefined || escapeKeyValue(text) !== segment) {
    throw new SyntaxError(`${JSON.stringify(segment)} is not an escaped partition key value`);
  }
  return text;
}

/** Undefined if a sign has no two hex digits after it, or the bytes are not UTF-8. */
function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function escapeByte(byte: number): string {
  return `!${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}
