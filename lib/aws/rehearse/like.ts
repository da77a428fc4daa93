/**
 * Records that nobody has at hand, made to a size and to a compression ratio.
 * @module
 */

import { gzipSync } from "node:zlib";

/** What made records are like. */
export interface Likeness {
  /** Of one record before compression. */
  readonly bytes: number;
  /** How many times gzip makes it smaller. */
  readonly ratio: number;
}

/**
 * Reads `bytes=25000,ratio=40`. Throws a `RangeError` that says what is wanted for anything else.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(likenessOf("bytes=25000,ratio=40"), { bytes: 25_000, ratio: 40 });
 * ```
 */
export function likenessOf(text: string): Likeness {
  const [, bytes, ratio] = /^bytes=(\d+),ratio=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  const likeness = { bytes: Number(bytes), ratio: Number(ratio) };
  if (likeness.bytes >= 100 && likeness.bytes <= 50_000_000 && likeness.ratio >= 1) return likeness;
  throw new RangeError(
    `"${text}" is not what --like takes: write 'bytes=25000,ratio=40', with 100 to 50,000,000 bytes ` +
      "and a ratio of 1 or more",
  );
}

/**
 * `count` records, each a gzip member of one JSON document with its own id. The ratio is met
 * as well as the size allows: gzip's own 20 bytes are a part of it, and it cannot be above 1,000.
 */
export function* recordsLike(likeness: Likeness, count: number): Generator<Uint8Array> {
  const noise = noiseBytesFor(likeness);
  for (let index = 0; index < count; index++) yield gzipSync(documentOf(likeness, noise, index));
}

/** Random letters that make the document compress to the wanted size, found by halving. */
function noiseBytesFor(likeness: Likeness): number {
  const target = likeness.bytes / likeness.ratio;
  let [low, high] = [0, likeness.bytes];
  while (high - low > 8) {
    const middle = Math.floor((low + high) / 2);
    if (gzipSync(documentOf(likeness, middle, 0)).length > target) high = middle;
    else low = middle;
  }
  return low;
}

function documentOf({ bytes }: Likeness, noise: number, index: number): string {
  const id = `record-${index}`;
  const head = { id, database: "shop", table: "orders", time: "2026-01-15T22:08:59Z" };
  const frame = JSON.stringify({ ...head, noise: "", text: "" }).length;
  const letters = noiseText(noise, index);
  const text = "a".repeat(Math.max(0, bytes - frame - letters.length));
  return JSON.stringify({ ...head, noise: letters, text });
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Letters that gzip can hardly shorten; the same for the same index. */
function noiseText(length: number, index: number): string {
  let state = (index + 1) * 2_654_435_761 >>> 0;
  let text = "";
  for (let at = 0; at < length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    text += ALPHABET[(state >>> 0) % 64];
  }
  return text;
}
