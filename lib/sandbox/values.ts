/**
 * Small helpers for values and sizes that many files need.
 * @module
 */

/** Bytes of a mebibyte: AWS's "MB" in Firehose and Lambda. */
export const MIB = 1024 * 1024;

/** Whether a value is what JSON calls an object: neither null nor a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
