/**
 * Randomness for ids, secrets and jitter. It is an argument, so that tests can fix it.
 * @module
 */

/** A source of randomness. */
export interface Random {
  /** A lower-case version 4 UUID with dashes. */
  uuid(): string;
  /** `length` random bytes. */
  bytes(length: number): Uint8Array<ArrayBuffer>;
  /** A number from 0 (inclusive) to 1 (exclusive), for jitter. */
  fraction(): number;
}

/** Randomness from the operating system. */
export const systemRandom: Random = {
  uuid: () => crypto.randomUUID(),
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  fraction: Math.random,
};

/**
 * Numbers from 0 (inclusive) to 1 (exclusive), always the same for a seed: mulberry32, whose 32 bits
 * of state are plenty for choices that a person wants to see again.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(seededFractions(7)(), seededFractions(7)());
 * ```
 */
export function seededFractions(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
