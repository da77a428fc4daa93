/**
 * Pauses between attempts to invoke a function. A flush of a stream does not wait for them.
 * @module
 */

import type { Clock } from "../../../clock.ts";

/** The pauses of all streams. */
export class RetryPauses {
  readonly #clock: Clock;
  /** Ends the pauses of a stream, by its id. */
  readonly #pausing = new Map<number, Set<AbortController>>();
  /** How many flushes hurry a stream. */
  readonly #hurried = new Map<number, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Waits for `durationMs`, or until the stream is hurried. Throws the signal's reason when aborted. */
  async wait(streamId: number, durationMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#hurried.has(streamId)) return;
    const end = new AbortController();
    const pausing = this.#pausing.get(streamId) ?? new Set();
    this.#pausing.set(streamId, pausing.add(end));
    await this.#clock.wait(durationMs, AbortSignal.any([signal, end.signal])).catch(() => {});
    pausing.delete(end);
    if (pausing.size === 0) this.#pausing.delete(streamId);
    signal.throwIfAborted();
  }

  /** Ends the pauses of a stream, and lets it have none until the returned function is called. */
  hurry(streamId: number): () => void {
    this.#count(streamId, 1);
    for (const end of this.#pausing.get(streamId) ?? []) end.abort();
    return () => this.#count(streamId, -1);
  }

  #count(streamId: number, more: number): void {
    const count = (this.#hurried.get(streamId) ?? 0) + more;
    if (count > 0) this.#hurried.set(streamId, count);
    else this.#hurried.delete(streamId);
  }
}
