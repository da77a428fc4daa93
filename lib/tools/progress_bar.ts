/**
 * A progress bar on standard error, drawn in place; without a terminal it prints a few lines.
 * @module
 */

const WIDTH = 30;
const STEPS = 10;

/** One bar, from its first `show` to its `end`. */
export class ProgressBar {
  readonly #isTerminal = Deno.stderr.isTerminal();
  #shown = -1;
  #startMs = 0;

  constructor(readonly what: string) {}

  show(done: number, of: number): void {
    if (this.#shown < 0) this.#startMs = performance.now();
    const step = Math.floor(done / Math.max(of, 1) * (this.#isTerminal ? 1_000 : STEPS));
    if (step === this.#shown) return;
    this.#shown = step;
    const text = barText(done, of, this.what, performance.now() - this.#startMs);
    this.#write(this.#isTerminal ? `\r${text}\x1b[K` : `${text}\n`);
  }

  end(): void {
    if (this.#isTerminal && this.#shown >= 0) this.#write("\n");
  }

  #write(text: string): void {
    Deno.stderr.writeSync(new TextEncoder().encode(text));
  }
}

/** A pace of less than that time says nothing. */
const PACE_AFTER_MS = 1_000;

/**
 * The bar as text; with its pace once a second has passed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const text = barText(500, 1_000, "records sent", 2_500);
 * assertEquals(text, "[███████████████               ] 500 of 1,000 records sent, 200/s");
 * ```
 */
export function barText(done: number, of: number, what: string, elapsedMs: number): string {
  const full = Math.round(done / Math.max(of, 1) * WIDTH);
  const bar = "█".repeat(full) + " ".repeat(WIDTH - full);
  const pace = elapsedMs >= PACE_AFTER_MS ? `, ${inWords(done / elapsedMs * 1_000)}/s` : "";
  return `[${bar}] ${inWords(done)} of ${inWords(of)} ${what}${pace}`;
}

const inWords = (count: number) => count.toLocaleString("en", { maximumFractionDigits: 0 });
