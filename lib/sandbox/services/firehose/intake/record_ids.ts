/**
 * Record ids of put calls: 224 characters of base64's alphabet, as in AWS's examples.
 * @module
 */

import { Buffer } from "node:buffer";
import type { Random } from "../../../random.ts";

/** 216 characters that the records of a call share; the other 8 number them. */
const SHARED_BYTES = 162;
const NUMBER_BYTES = 6;

/** `count` record ids that no other call gets. */
export function recordIds(count: number, random: Random): string[] {
  const shared = Buffer.from(random.bytes(SHARED_BYTES)).toString("base64");
  const number = Buffer.from(random.bytes(NUMBER_BYTES));
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    number.writeUInt16BE(index, NUMBER_BYTES - 2);
    ids.push(shared + number.toString("base64"));
  }
  return ids;
}
