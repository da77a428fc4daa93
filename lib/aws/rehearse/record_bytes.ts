/**
 * A number of bytes for each record. Those of many records are in typed arrays: a rehearsal of a million
 * records takes a few bytes for each.
 * @module
 */

/** Bytes, one number for each record, in order. */
export type RecordBytes = ArrayLike<number>;

/**
 * The sum over the records from `start` up to `end`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(sumOf([1, 2, 3]), 6);
 * assertEquals(sumOf([1, 2, 3], 1), 5);
 * ```
 */
export function sumOf(bytes: RecordBytes, start = 0, end = bytes.length): number {
  let sum = 0;
  for (let index = start; index < end; index++) sum += bytes[index];
  return sum;
}

/** Numbers that are added one after the other, in a typed array that doubles when it is full. */
export class GrowingColumn {
  #numbers = new Float64Array(1_024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(value: number): void {
    if (this.#length === this.#numbers.length) {
      const larger = new Float64Array(2 * this.#length);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#length++] = value;
  }

  /** Those that were added so far; it shares their memory. */
  get numbers(): RecordBytes {
    return this.#numbers.subarray(0, this.#length);
  }

  at(index: number): number {
    return this.#numbers[index];
  }
}
