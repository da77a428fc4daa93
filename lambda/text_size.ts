/**
 * Bytes of a text as JSON, counted four at a time: a response is mostly a few long texts, and
 * building their JSON to measure it would take several times as long.
 * @module
 */

import { Buffer } from "node:buffer";

/** UTF-8 bytes of `text` as a JSON string, its quotes included. */
export function sizeOfText(text: string): number {
  if (text.length < SHORT_LENGTH_MAX) return QUOTES_BYTES + sizeOfUnits(text);
  if (text.isWellFormed()) return QUOTES_BYTES + sizeOfChunks(text);
  return QUOTES_BYTES + Buffer.byteLength(text) + escapeBytesOfLoose(text);
}

const QUOTES_BYTES = 2;
/** Below this, one loop costs less than what is native. Found by trying. */
const SHORT_LENGTH_MAX = 64;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** `\b`, `\t`, `\n`, `\f` and `\r` have two characters, every other control has six. */
const SHORT_CONTROLS = new Set([8, 9, 10, 12, 13]);

function sizeOfUnits(text: string): number {
  let size = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x20) size += 1 + controlEscapeBytes(unit);
    else if (unit === QUOTE || unit === BACKSLASH) size += 2;
    else if (unit < 0x80) size += 1;
    else if (unit < 0x800) size += 2;
    else if (unit < 0xd800 || unit > 0xdfff) size += 3;
    else if (isPairAt(text, index)) {
      size += 4;
      index++;
    } else size += 6; // half of a pair: `\ud800`
  }
  return size;
}

function isPairAt(text: string, index: number): boolean {
  const [high, low] = [text.charCodeAt(index), text.charCodeAt(index + 1)];
  return high < 0xdc00 && low >= 0xdc00 && low <= 0xdfff;
}

/** Bytes that JSON needs for a control character, beyond the one it has in UTF-8. */
function controlEscapeBytes(unit: number): number {
  return SHORT_CONTROLS.has(unit) ? 1 : 5;
}

const CHUNK_UNITS = 16_384;
const encoder = new TextEncoder();
/** Scratch for one chunk, written and read within one call: UTF-8 takes 3 bytes a unit at most. */
const chunk = new Uint8Array(CHUNK_UNITS * 3 + 32);
const words = new Int32Array(chunk.buffer);

/** Of well-formed text: UTF-8 as it is, and what escaping adds to it. */
function sizeOfChunks(text: string): number {
  // Both searches are native. What base64 and most prose need is the simpler count.
  const hasSigns = text.includes('"') || text.includes("\\");
  let bytes = 0;
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = chunkEnd(text, start);
    const { written } = encoder.encodeInto(text.slice(start, end), chunk);
    const wordCount = (written + 31) >> 5 << 3;
    chunk.fill(0x20, written, wordCount * 4);
    const isSimple = !hasSigns && written === end - start;
    bytes += written +
      (isSimple ? escapeBytesOfControls(wordCount) : escapeBytesOfWords(wordCount));
  }
  return bytes;
}

/** No pair is cut in two. */
function chunkEnd(text: string, start: number): number {
  const end = start + CHUNK_UNITS;
  if (end >= text.length) return text.length;
  const last = text.charCodeAt(end - 1);
  return last >= 0xd800 && last < 0xdc00 ? end - 1 : end;
}

/** The same as {@linkcode escapeBytesOfWords}, of ASCII without a quote or a backslash. */
function escapeBytesOfControls(wordCount: number): number {
  let bytes = 0;
  for (let index = 0; index < wordCount; index += 8) {
    const printable = (words[index] + TO_PRINTABLE) & (words[index + 1] + TO_PRINTABLE) &
      (words[index + 2] + TO_PRINTABLE) & (words[index + 3] + TO_PRINTABLE) &
      (words[index + 4] + TO_PRINTABLE) & (words[index + 5] + TO_PRINTABLE) &
      (words[index + 6] + TO_PRINTABLE) & (words[index + 7] + TO_PRINTABLE);
    if ((printable & HIGH_BITS) !== HIGH_BITS) bytes += escapeBytesOfWords(8, index);
  }
  return bytes;
}

const LOW_BITS = 0x7f7f7f7f;
const HIGH_BITS = 0x80808080 | 0;
const ONES = 0x01010101;
const QUOTES = QUOTE * ONES;
const BACKSLASHES = BACKSLASH * ONES;
/** Added to a byte below 0x80, sets its high bit if the byte is 0x20 or more. */
const TO_PRINTABLE = 0x60606060;
/** Each of the four counters in a word is one byte wide. */
const WORDS_PER_COUNT = 127;

/**
 * Looks at four bytes of {@linkcode words} at once: no sum of two bytes here is over 0xff, so that
 * none touches its neighbour, and the high bit of each says what the byte is.
 */
function escapeBytesOfWords(wordCount: number, first = 0): number {
  let bytes = 0;
  for (let start = first; start < first + wordCount; start += WORDS_PER_COUNT) {
    const end = Math.min(first + wordCount, start + WORDS_PER_COUNT);
    let counters = 0;
    for (let index = start; index < end; index++) {
      const word = words[index];
      const low = word & LOW_BITS;
      const isAscii = ~word & HIGH_BITS;
      const isOther = ((low ^ QUOTES) + LOW_BITS) & ((low ^ BACKSLASHES) + LOW_BITS);
      counters += (isAscii & ~isOther) >>> 7;
      const isControl = isAscii & ~(low + TO_PRINTABLE);
      if (isControl !== 0) bytes += controlEscapeBytesOfWord(word);
    }
    bytes += (counters & 0xff) + (counters >>> 8 & 0xff) + (counters >>> 16 & 0xff) +
      (counters >>> 24);
  }
  return bytes;
}

function controlEscapeBytesOfWord(word: number): number {
  let bytes = 0;
  for (let shift = 0; shift < 32; shift += 8) {
    const unit = word >>> shift & 0xff;
    if (unit < 0x20) bytes += controlEscapeBytes(unit);
  }
  return bytes;
}

// deno-lint-ignore no-control-regex -- they are what JSON escapes
const ESCAPED = /["\\\u0000-\u001f]|\p{Surrogate}/gu;

/** The same for text with halves of surrogate pairs, which is rare. */
function escapeBytesOfLoose(text: string): number {
  let bytes = 0;
  for (const [character] of text.matchAll(ESCAPED)) {
    const unit = character.charCodeAt(0);
    if (unit < 0x20) bytes += controlEscapeBytes(unit);
    else if (unit < 0x80) bytes += 1;
    else bytes += 3; // `\ud800`, where byteLength counted U+FFFD
  }
  return bytes;
}
