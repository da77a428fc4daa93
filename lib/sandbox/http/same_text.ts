/**
 * Compares signatures as texts: decoding them first would ignore characters after their digits.
 * @module
 */

import { Buffer } from "node:buffer";
import { timingSafeEqual } from "node:crypto";

/** Whether two texts are equal. The time does not depend on where they differ. */
export function isSameText(given: string, wanted: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(wanted)];
  return left.length === right.length && timingSafeEqual(left, right);
}
