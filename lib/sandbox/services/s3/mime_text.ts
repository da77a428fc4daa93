/**
 * User metadata that is not ASCII, as S3 returns it: as encoded words of RFC 2047. S3 takes each byte
 * that was sent for a letter of Latin-1, so `ö` in UTF-8 comes back as `=?UTF-8?B?w4PCtg==?=`, which
 * is `Ã¶`. Follows https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 *
 * The rules are those of JavaMail's `MimeUtility.encodeText`. They agree with all that was seen on S3:
 * the guide's example, minio/minio pull request 21282 (2025-05) and aws-amplify/aws-sdk-ios issue 241.
 * @module
 */

import { Buffer } from "node:buffer";

/** The most letters of an encoded word, without `=?UTF-8?Q?` and `?=`. */
const WORD_MAX = 63;

/**
 * `text` as the value of a header: unchanged if all of it is printable ASCII.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(mimeText("plain"), "plain");
 * assertEquals(mimeText("MiniÃ¶"), "=?UTF-8?Q?Mini=C3=83=C2=B6?=");
 * ```
 */
export function mimeText(text: string): string {
  const others = [...text].filter((letter) => !isPlain(letter)).length;
  if (others === 0) return text;
  const encoding = text.length - others > others ? Q : B;
  return encodedWords(text, encoding).join(" ");
}

const isPlain = (letter: string) => /^[\t\n\r\x20-\x7e]$/.test(letter);

/** A way to write bytes in an encoded word. */
interface Encoding {
  readonly name: "Q" | "B";
  readonly encode: (bytes: Buffer) => string;
}

const B: Encoding = { name: "B", encode: (bytes) => bytes.toString("base64") };
const Q: Encoding = {
  name: "Q",
  encode: (bytes) =>
    bytes.toString("latin1")
      // deno-lint-ignore no-control-regex -- every byte that is not printable ASCII, and three signs
      .replace(/[\x00-\x1f\x7f-\xff=?_]/g, (byte) => `=${hexOf(byte)}`)
      .replaceAll(" ", "_"),
};

const hexOf = (byte: string) => byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0");

/** A text that is too long for one word is halved, and each half again. */
function encodedWords(text: string, encoding: Encoding): string[] {
  const encoded = encoding.encode(Buffer.from(text));
  if (encoded.length <= WORD_MAX || text.length === 1) {
    return [`=?UTF-8?${encoding.name}?${encoded}?=`];
  }
  const half = Math.floor(text.length / 2);
  const end = isSplitPair(text, half) ? half - 1 : half;
  return [text.slice(0, end), text.slice(end)].flatMap((part) => encodedWords(part, encoding));
}

/** Whether the letter before `index` is the first half of a surrogate pair. */
const isSplitPair = (text: string, index: number) => /[\ud800-\udbff]/.test(text[index - 1] ?? "");
