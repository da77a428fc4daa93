/**
 * One-time codes for the console's address. Outputs of a notebook and logs are kept, so the address
 * in them holds a code, which the page exchanges for the token. A kept code is useless: it works
 * once, for a short time, and only its hash is in memory.
 * @module
 */

import { isSameText } from "../http/same_text.ts";
import { sha256Hex } from "../http/signature.ts";
import type { Random } from "../random.ts";

/** How long a code works. In true time, also with `--speed` and after the clock was advanced. */
export const CODE_LIFE_MS = 10 * 60_000;
/** Codes that work at the same time; one more replaces the oldest. */
export const CODES_MAX = 32;
/** 256 bits: nobody guesses one, however often they ask. */
const CODE_BYTES = 32;

interface Kept {
  readonly hash: string;
  readonly endsMs: number;
}

/** The codes that can still be exchanged. */
export class Codes {
  readonly #random: Random;
  readonly #elapsedMs: () => number;
  /** Oldest first. */
  #kept: readonly Kept[] = [];

  /** `elapsedMs` is a clock that nobody sets. */
  constructor(random: Random, elapsedMs: () => number) {
    this.#random = random;
    this.#elapsedMs = elapsedMs;
  }

  /** A new code: 64 hex digits. */
  make(): string {
    const code = this.#random.bytes(CODE_BYTES).toHex();
    const kept = { hash: sha256Hex(code), endsMs: this.#elapsedMs() + CODE_LIFE_MS };
    this.#kept = [...this.#current(), kept].slice(-CODES_MAX);
    return code;
  }

  /** Whether `code` works, which ends it. The time taken says nothing about the others. */
  use(code: string): boolean {
    const hash = sha256Hex(code);
    const current = this.#current();
    this.#kept = current.filter((kept) => !isSameText(kept.hash, hash));
    return this.#kept.length < current.length;
  }

  #current(): readonly Kept[] {
    const nowMs = this.#elapsedMs();
    return this.#kept.filter(({ endsMs }) => nowMs < endsMs);
  }
}
