/**
 * Comparing signatures as texts: decoding them first would ignore what stands behind their digits.
 * @module
 */

import { Buffer } from "node:buffer";
import { timingSafeEqual } from "node:crypto";

/** Whether two texts are equal, in a time that does not tell how far they agree. */
export function isSameText(given: string, wanted: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(wanted)];
  return left.length === right.length && timingSafeEqual(left, right);
}
