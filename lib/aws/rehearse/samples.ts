/**
 * A few of many data, spread evenly, within a bound of bytes.
 * @module
 */

const COUNT_MAX = 200;
const BYTES_MAX = 16 * 1024 * 1024;

/**
 * Keeps each one at first; when that is too much, every second one is left out, and from there on half
 * as many are kept.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const samples = new Samples({ countMax: 3 });
 * for (let value = 0; value < 8; value++) samples.add(new Uint8Array([value]));
 * assertEquals(samples.kept.map(([value]) => value), [0, 4]);
 * ```
 */
export class Samples {
  readonly #countMax: number;
  readonly #bytesMax: number;
  #kept: Uint8Array[] = [];
  #bytes = 0;
  #seen = 0;
  #step = 1;

  constructor(
    { countMax = COUNT_MAX, bytesMax = BYTES_MAX }: {
      readonly countMax?: number;
      readonly bytesMax?: number;
    } = {},
  ) {
    this.#countMax = countMax;
    this.#bytesMax = bytesMax;
  }

  get kept(): readonly Uint8Array[] {
    return this.#kept;
  }

  add(data: Uint8Array): void {
    if (this.#seen++ % this.#step !== 0) return;
    // A copy: what is given may be a small part of a whole response.
    this.#kept.push(data.slice());
    this.#bytes += data.length;
    while (this.#kept.length > 1 && this.#isTooMuch()) this.#halve();
  }

  #isTooMuch(): boolean {
    return this.#kept.length > this.#countMax || this.#bytes > this.#bytesMax;
  }

  #halve(): void {
    this.#kept = this.#kept.filter((_, index) => index % 2 === 0);
    this.#bytes = this.#kept.reduce((sum, { length }) => sum + length, 0);
    this.#step *= 2;
  }
}
