/**
 * The only clock of the sandbox. Timestamps are true until somebody advances the clock. Waits run
 * `speed` times faster: with speed 60, a buffer interval of 60 seconds takes one second.
 * @module
 */

/** Time as the sandbox sees it. It is an argument everywhere; tests use a {@linkcode ManualClock}. */
export interface Clock {
  /** Milliseconds since the epoch, never scaled: for object keys, arrival times, expiries. */
  nowMs(): number;
  /** The same without what the clock was advanced by: the time of clients, who sign with theirs. */
  trueMs(): number;
  /** What `nowMs()` was at a true moment, such as that of a signature. */
  momentOf(trueMs: number): number;
  /** The moment at which a wait of `durationMs` ends that began at `fromMs`, as far as is known now. */
  deadlineMs(fromMs: number, durationMs: number): number;
  /** Resolves after a wait of `durationMs` (scaled); rejects with the signal's reason when aborted. */
  wait(durationMs: number, signal?: AbortSignal): Promise<void>;
  /**
   * Resolves at a moment of {@linkcode deadlineMs}, or sooner if the clock is advanced; rejects when
   * aborted.
   */
  waitUntil(momentMs: number, signal?: AbortSignal): Promise<void>;
}

/** A clock that can be moved on. */
export interface AdvancingClock extends Clock {
  /**
   * Moves the time on by `durationMs`, and every wait with it: one of a minute is over once the clock
   * was advanced by a minute, whatever its speed.
   */
  advance(durationMs: number): void;
}

/** The wall clock, with waits `speed` times faster. Throws a `RangeError` if speed is not positive. */
export function systemClock(speed: number): AdvancingClock {
  if (!(speed > 0 && Number.isFinite(speed))) {
    throw new RangeError(`speed is ${speed}; it must be a positive number`);
  }
  return new SystemClock(speed);
}

/** The longest delay that `setTimeout` takes: 2^31 - 1 ms. A longer wait is several of these. */
const TIMEOUT_MS_MAX = 2_147_483_647;

/** Advances that are remembered one by one. */
const ADVANCES_MAX = 1_000;

/** A time by which the clock was advanced, and the true moment. */
interface Advance {
  readonly trueMs: number;
  readonly byMs: number;
}

/** A wait under way, in true time. */
interface Sleeper {
  endMs: number;
  /** Lets it look at its end again. */
  wake: () => void;
}

class SystemClock implements AdvancingClock {
  readonly #speed: number;
  readonly #sleepers = new Set<Sleeper>();
  #advances: readonly Advance[] = [];
  #aheadMs = 0;

  constructor(speed: number) {
    this.#speed = speed;
  }

  nowMs = (): number => Date.now() + this.#aheadMs;

  trueMs = (): number => Date.now();

  momentOf(trueMs: number): number {
    const later = this.#advances.filter((advance) => advance.trueMs > trueMs);
    return trueMs + this.#aheadMs - sumOf(later);
  }

  /** Waits that were under way when the clock was advanced by a minute are a minute shorter. */
  deadlineMs(fromMs: number, durationMs: number): number {
    const since = this.#advances.filter(({ trueMs }) => this.momentOf(trueMs) > fromMs);
    const advancedMs = sumOf(since);
    return fromMs + durationMs / this.#speed + advancedMs - advancedMs / this.#speed;
  }

  wait(durationMs: number, signal?: AbortSignal): Promise<void> {
    return this.#sleep(durationMs / this.#speed, signal);
  }

  waitUntil(momentMs: number, signal?: AbortSignal): Promise<void> {
    return this.#sleep(momentMs - this.nowMs(), signal);
  }

  advance(durationMs: number): void {
    this.#advances = [...this.#advances, { trueMs: Date.now(), byMs: durationMs }]
      .slice(-ADVANCES_MAX);
    this.#aheadMs += durationMs;
    for (const sleeper of this.#sleepers) {
      sleeper.endMs -= durationMs / this.#speed;
      sleeper.wake();
    }
  }

  async #sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    const sleeper = { endMs: Date.now() + delayMs, wake: () => {} };
    this.#sleepers.add(sleeper);
    try {
      for (let leftMs = delayMs; leftMs > 0; leftMs = sleeper.endMs - Date.now()) {
        await pause(Math.min(leftMs, TIMEOUT_MS_MAX), sleeper, signal);
      }
      signal?.throwIfAborted();
    } finally {
      this.#sleepers.delete(sleeper);
    }
  }
}

const sumOf = (advances: readonly Advance[]) => advances.reduce((sum, { byMs }) => sum + byMs, 0);

/** Resolves after `delayMs`, or when the sleeper is woken; rejects when aborted. */
function pause(delayMs: number, sleeper: Sleeper, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    sleeper.wake = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      resolve();
    };
    const timer = setTimeout(sleeper.wake, delayMs);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** A clock that stands still until a test moves it. Waits are not scaled: its speed is 1. */
export class ManualClock implements AdvancingClock {
  #nowMs: number;
  #waiting: { momentMs: number; wake: () => void }[] = [];

  constructor(startMs: number = Date.UTC(2026, 10, 24, 12)) {
    this.#nowMs = startMs;
  }

  nowMs = (): number => this.#nowMs;

  trueMs = (): number => this.#nowMs;

  momentOf = (trueMs: number): number => trueMs;

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
