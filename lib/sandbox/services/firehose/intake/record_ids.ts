/**
 * Record ids of put calls: 224 characters of base64's alphabet, as in AWS's examples. To clients they
 * are random. The sandbox reads in one where its record went: the row of the journal, and the index in
 * it, so nothing has to be kept for that.
 * @module
 */

import { Buffer } from "node:buffer";
import type { Random } from "../../../random.ts";

/** 216 characters that the records of a call share; the other 8 number them. */
const SHARED_BYTES = 162;
const NUMBER_BYTES = 6;

/** The row, in the last bytes of the shared part, and two bytes that tell our ids from others. */
const SEQ_AT = SHARED_BYTES - 6;
const CHECK_AT = SEQ_AT - 2;

/** A record as the journal counts: a row, and an index in it. */
export interface RecordPlace {
  readonly seq: number;
  readonly record: number;
}

/** `count` record ids that no other call gets, for the records of row `seq`. */
export function recordIds(count: number, seq: number, random: Random): string[] {
  const bytes = Buffer.from(random.bytes(SHARED_BYTES + NUMBER_BYTES).buffer);
  bytes.writeUIntBE(seq, SEQ_AT, 6);
  bytes.writeUInt16BE(seq & 0xffff, CHECK_AT);
  mask(bytes);
  // The index has the last 16 of 48 bits, so ids differ in their last three characters: 18 bits.
  const above = (bytes[bytes.length - 3] & 3) << 16;
  const start = bytes.toString("base64").slice(0, -3);
  return Array.from({ length: count }, (_, index) => start + lastCharacters(above | index));
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** 18 bits in base64. */
const lastCharacters = (bits: number) =>
  ALPHABET[bits >> 12] + ALPHABET[bits >> 6 & 63] + ALPHABET[bits & 63];

/**
 * Where the record with this id went: the id of a put, or the one that a function sees. Undefined for
 * any other text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { systemRandom } from "../../../random.ts";
 * assertEquals(recordPlace(recordIds(3, 70_000, systemRandom)[2]), { seq: 70_000, record: 2 });
 * assertEquals(recordPlace("a word"), undefined);
 * ```
 */
export function recordPlace(id: string): RecordPlace | undefined {
  const [, seq, record] = FUNCTION_ID.exec(id) ?? [];
  if (seq !== undefined) return { seq: Number(seq), record: Number(record) };
  if (!PUT_ID.test(id)) return undefined;
  const bytes = Buffer.from(id, "base64");
  mask(bytes);
  const place = { seq: bytes.readUIntBE(SEQ_AT, 6), record: bytes.readUInt16BE(bytes.length - 2) };
  return bytes.readUInt16BE(CHECK_AT) === (place.seq & 0xffff) ? place : undefined;
}

const PUT_ID = /^[A-Za-z0-9+/]{224}$/;
/** See `processing/lambda_event.ts`: time, row, index, part of a divided record. */
const FUNCTION_ID = /^4966\d{20}(\d{20})(\d{12})\d{6}$/;

/** Puts the first eight bytes, which are random, over those that are not; twice is not at all. */
function mask(bytes: Uint8Array): void {
  for (let at = 0; at < SHARED_BYTES - CHECK_AT; at++) bytes[CHECK_AT + at] ^= bytes[at];
}
