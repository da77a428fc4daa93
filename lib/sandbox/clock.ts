/**
 * The only clock of the sandbox. Timestamps are true. Waits run `speed` times faster: with speed 60, a
 * buffer interval of 60 seconds takes one second.
 * @module
 */

/** Time as the sandbox sees it. It is an argument everywhere; tests use a {@linkcode ManualClock}. */
export interface Clock {
  /** Milliseconds since the epoch, never scaled: for object keys, arrival times, signatures. */
  nowMs(): number;
  /** The true moment at which a wait of `durationMs` ends that began at `fromMs`. */
  deadlineMs(fromMs: number, durationMs: number): number;
  /** Resolves after a wait of `durationMs` (scaled); rejects with the signal's reason when aborted. */
  wait(durationMs: number, signal?: AbortSignal): Promise<void>;
  /** Resolves once `nowMs()` has reached `momentMs` (a true moment); rejects when aborted. */
  waitUntil(momentMs: number, signal?: AbortSignal): Promise<void>;
}

/** The wall clock, with waits `speed` times faster. Throws a `RangeError` if speed is not positive. */
export function systemClock(speed: number): Clock {
  if (!(speed > 0 && Number.isFinite(speed))) {
    throw new RangeError(`speed is ${speed}; it must be a positive number`);
  }
  const deadlineMs = (fromMs: number, durationMs: number) => fromMs + durationMs / speed;
  return {
    nowMs: Date.now,
    deadlineMs,
    wait: (durationMs, signal) => sleep(durationMs / speed, signal),
    waitUntil: (momentMs, signal) => sleep(momentMs - Date.now(), signal),
  };
}

/** The longest delay that `setTimeout` takes: 2^31 - 1 ms. A longer wait is several of these. */
const TIMEOUT_MS_MAX = 2_147_483_647;

async function sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
  const endMs = Date.now() + delayMs;
  for (let leftMs = delayMs; leftMs > 0; leftMs = endMs - Date.now()) {
    await pause(Math.min(leftMs, TIMEOUT_MS_MAX), signal);
  }
  signal?.throwIfAborted();
}

function pause(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, delayMs);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** A clock that stands still until a test moves it. Waits are not scaled: its speed is 1. */
export class ManualClock implements Clock {
  #nowMs: number;
  #waiting: { momentMs: number; wake: () => void }[] = [];

  constructor(startMs: number = Date.UTC(2026, 10, 24, 12)) {
    this.#nowMs = startMs;
  }

  nowMs = (): number => this.#nowMs;

  deadlineMs(fromMs: number, durationMs: number): number {
    return fromMs + durationMs;
  }

  wait(durationMs: number, signal?: AbortSignal): Promise<void> {
    return this.waitUntil(this.#nowMs + durationMs, signal);
  }

  waitUntil(momentMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (momentMs <= this.#nowMs) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const waiter = { momentMs, wake: resolve };
      this.#waiting.push(waiter);
      signal?.addEventListener("abort", () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiter);
        reject(signal.reason);
      }, { once: true });
    });
  }

  /** Moves the time on by `durationMs`, and ends the waits that are over then, in order. */
  advance(durationMs: number): void {
    this.#nowMs += durationMs;
    const due = this.#waiting.filter(({ momentMs }) => momentMs <= this.#nowMs);
    this.#waiting = this.#waiting.filter(({ momentMs }) => momentMs > this.#nowMs);
    for (const { wake } of due.sort((a, b) => a.momentMs - b.momentMs)) wake();
  }
}
