/**
 * Turns at a function. It gets the batches of a stream in order and one at a time. (AWS may have up
 * to five invocations of a shard outstanding.) The next batch waits for its turn with its event
 * made, so that the function need not wait for that.
 * @module
 */

/** Who waits for a turn, by stream. A stream without an entry has no turn under way. */
type Waiting = Map<number, (() => void)[]>;

/** The turns of all streams. */
export class FunctionTurns {
  readonly #waiting: Waiting = new Map();

  /** A turn at the function of a stream, not taken yet. */
  of(streamId: number): FunctionTurn {
    return new FunctionTurn(streamId, this.#waiting);
  }
}

/** A turn of one batch. It can be taken again after it was passed on. */
export class FunctionTurn {
  readonly #streamId: number;
  readonly #waiting: Waiting;
  #isTaken = false;

  constructor(streamId: number, waiting: Waiting) {
    this.#streamId = streamId;
    this.#waiting = waiting;
  }

  /** Takes the turn, after all who asked before. Throws the signal's reason when it is aborted. */
  async take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#isTaken) return;
    const waiting = this.#waiting.get(this.#streamId);
    if (waiting) await queued(waiting, signal);
    else this.#waiting.set(this.#streamId, []);
    this.#isTaken = true;
  }

  /** Passes the turn on, if it is taken. Returns whether another batch has it now. */
  pass(): boolean {
    if (!this.#isTaken) return false;
    this.#isTaken = false;
    const next = this.#waiting.get(this.#streamId)?.shift();
    if (next) next();
    else this.#waiting.delete(this.#streamId);
    return next !== undefined;
  }
}

/** Waits at the end of a queue. An aborted caller leaves it. */
async function queued(waiting: (() => void)[], signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  waiting.push(resolve);
  const leave = () => {
    const place = waiting.indexOf(resolve);
    if (place < 0) return; // its turn has come
    waiting.splice(place, 1);
    reject(signal.reason);
  };
  signal.addEventListener("abort", leave, { once: true });
  await promise.finally(() => signal.removeEventListener("abort", leave));
}
