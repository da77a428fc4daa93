/**
 * A problem that comes again and again, such as a delivery that is denied: said at once, and then at
 * growing intervals with the number of times in between.
 * @module
 */

/** The first interval; each is twice the one before. */
const INTERVAL_MS = 10_000;
const INTERVAL_MS_MAX = 600_000;
/**
 * A problem that stayed away for so long is a new one: longer than the pause between two attempts at a
 * delivery, which grows to two minutes.
 */
const QUIET_MS = 300_000;
/** Different lines that are remembered; the oldest is forgotten first. */
const LINES_MAX = 500;

interface Repeated {
  readonly shownMs: number;
  readonly seenMs: number;
  readonly intervalMs: number;
  readonly hidden: number;
}

/** Remembers lines by their text. */
export class RepeatedLines {
  readonly #now: () => number;
  readonly #seen = new Map<string, Repeated>();

  /** `now` gives milliseconds of true time. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** The line as it is to be shown; undefined if it is too early to show it again. */
  shown(line: string): string | undefined {
    const nowMs = this.#now();
    const before = this.#seen.get(line);
    this.#seen.delete(line); // the map is in the order of the last time
    if (before === undefined || nowMs - before.seenMs > QUIET_MS) {
      this.#remember(line, { shownMs: nowMs, seenMs: nowMs, intervalMs: INTERVAL_MS, hidden: 0 });
      return line;
    }
    const { shownMs, intervalMs, hidden } = before;
    if (nowMs - shownMs < intervalMs) {
      this.#remember(line, { shownMs, seenMs: nowMs, intervalMs, hidden: hidden + 1 });
      return undefined;
    }
    const longer = Math.min(intervalMs * 2, INTERVAL_MS_MAX);
    this.#remember(line, { shownMs: nowMs, seenMs: nowMs, intervalMs: longer, hidden: 0 });
    return hidden === 0 ? line : `${line} (${hidden} times more since)`;
  }

  #remember(line: string, repeated: Repeated): void {
    this.#seen.set(line, repeated);
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > LINES_MAX) this.#seen.delete(oldest);
  }
}
