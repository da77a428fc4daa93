/**
 * The thread with jq in it, seen from outside: it takes a request, and answers or is stopped.
 * @module
 */

import type { BatchRequest, JqAnswer, ProgramRequest } from "./worker.ts";

/** How a run ended: with jq's answer, or because it had to be stopped. */
export type RunEnd = Exclude<JqAnswer, { readonly kind: "broken" }> | { readonly kind: "stopped" };

/** An answer may have arrived while our own thread was busy: read it before calling jq too slow. */
const GRACE_MS = 200;

/** A worker that runs jq. Once stopped it stays so. */
export class JqThread {
  readonly #worker: Worker;
  #settle: ((end: RunEnd) => void) | undefined;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<JqAnswer>) => {
      this.#settle?.(data.kind === "broken" ? { kind: "stopped" } : data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#settle?.({ kind: "stopped" });
    };
  }

  /** Throws an `Error` if jq cannot be loaded. */
  static start(): Promise<JqThread> {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    return new Promise((resolve, reject) => {
      worker.onmessage = () => resolve(new JqThread(worker));
      worker.onerror = (event) => {
        event.preventDefault();
        worker.terminate();
        reject(new Error(`jq could not be loaded: ${event.message}`));
      };
    });
  }

  /**
   * One run at a time, of at most `runMsMax` milliseconds. Throws the signal's reason when it is
   * aborted; jq is then still running.
   */
  async run(
    request: BatchRequest | ProgramRequest,
    runMsMax: number,
    signal?: AbortSignal,
  ): Promise<RunEnd> {
    const { promise, resolve, reject } = Promise.withResolvers<RunEnd>();
    this.#settle = resolve;
    const timers = [setTimeout(() => {
      timers.push(setTimeout(() => resolve({ kind: "stopped" }), GRACE_MS));
    }, runMsMax)];
    const onAbort = () => reject(signal?.reason);
    signal?.addEventListener("abort", onAbort);
    try {
      this.#worker.postMessage(request, [request.data.buffer]);
      return await promise;
    } finally {
      this.#settle = undefined;
      timers.forEach(clearTimeout);
      signal?.removeEventListener("abort", onAbort);
    }
  }

  /** Ends the thread, even in the middle of a run. */
  end(): void {
    this.#worker.terminate();
    this.#settle?.({ kind: "stopped" });
  }
}
