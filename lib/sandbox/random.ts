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
