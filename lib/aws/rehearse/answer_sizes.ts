/**
 * The bytes that each record's answer takes in a response, as the function's runtime writes it. Pure.
 * @module
 */

import { Buffer } from "node:buffer";

/** Of one answer: what differs from record to record. */
export interface AnswerParts {
  /** Bytes of its data; 0 for an answer without data. */
  readonly dataBytes: number;
  /** Bytes of its partition keys. */
  readonly keyBytes: number;
}

/** The minor version of Python 3 from which on a response is not escaped. */
const UNESCAPED_SINCE = 12;

/**
 * Bytes of an object of partition keys in a response. Python's runtime writes `", "` and `": "`, and up
 * to python3.11 it escapes all letters that are not ASCII (awslambdaric 4.2.2).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(partitionKeyBytes('{"a":"ł"}', 1, "nodejs22.x"), 10); // ł has two bytes
 * assertEquals(partitionKeyBytes('{"a":"ł"}', 1, "python3.11"), '{"a": "\\u0142"} '.length);
 * assertEquals(partitionKeyBytes('{"a":"ł"}', 1, "python3.12"), 12);
 * ```
 */
export function partitionKeyBytes(json: string, keys: number, runtime: string): number {
  const [, minor] = /^python3\.(\d+)$/.exec(runtime) ?? [];
  if (minor === undefined) return Buffer.byteLength(json);
  if (Number(minor) >= UNESCAPED_SINCE) return Buffer.byteLength(json) + 2 * keys;
  // deno-lint-ignore no-control-regex
  const escaped = json.replace(/[^\x00-\x7f]/g, "\\uXXXX").length;
  return escaped + 2 * keys;
}

/**
 * Bytes of each answer: its data in base64, its partition keys, and an equal share of all the rest of the
 * response (ids, results, commas, blanks). Their sum is the response.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const parts = [{ dataBytes: 3, keyBytes: 0 }, { dataBytes: 6, keyBytes: 0 }];
 * assertEquals(answerSizes(212, parts), [104, 108]);
 * ```
 */
export function answerSizes(responseBytes: number, parts: readonly AnswerParts[]): number[] {
  const own = parts.map(({ dataBytes, keyBytes }) => Math.ceil(dataBytes / 3) * 4 + keyBytes);
  const rest = responseBytes - own.reduce((sum, bytes) => sum + bytes, 0);
  const each = Math.max(0, rest / Math.max(1, own.length));
  return own.map((bytes) => Math.ceil(bytes + each));
}
