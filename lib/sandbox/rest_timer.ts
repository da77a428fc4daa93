/**
 * Ends what waits for work, when none has come for a while.
 * @module
 */

/**
 * How long a thread of the sandbox waits for work. Its memory, up to 30 MiB, is free before the idle
 * collector gives memory back, which waits for six seconds; to start it again takes about 30 ms.
 */
export const THREAD_REST_MS = 5_000;

/** Calls a function some time after the last use. It does not keep the process alive. */
export class RestTimer {
  readonly #restMs: number;
  readonly #onRest: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #usedMs = 0;

  /** `restMs`: milliseconds from the last use to the call. */
  constructor(restMs: number, onRest: () => void) {
    this.#restMs = restMs;
    this.#onRest = onRest;
  }

  /** Begins the wait, or begins it again. */
  use(): void {
    this.#usedMs = performance.now();
    if (this.#timer === undefined) this.#wait(this.#restMs);
  }

  /** Ends the wait without the call. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** One timer for many uses: a new one for each would cost more than the use. */
  #wait(delayMs: number): void {
    const timer = setTimeout(() => {
      this.#timer = undefined;
      const leftMs = this.#usedMs + this.#restMs - performance.now();
      if (leftMs > 0) this.#wait(leftMs);
      else this.#onRest();
    }, delayMs);
    Deno.unrefTimer(Number(timer));
    this.#timer = timer;
  }
}
