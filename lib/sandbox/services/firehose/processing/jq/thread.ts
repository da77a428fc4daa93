/**
 * The thread with jq in it, seen from outside: it takes a request, and answers or is stopped.
 * @module
 */

import type { JqAnswer, JqRequest } from "./worker.ts";

/** The thread ends a run in time itself. If no answer comes this long after, something is wrong. */
const GRACE_MS = 5_000;

/** A worker that runs jq. Once stopped it stays so. */
export class JqThread {
  readonly #worker: Worker;
  #settle: ((answer: JqAnswer) => void) | undefined;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<JqAnswer>) => {
      this.#settle?.(data);
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

  /** One run at a time. Throws the signal's reason when it is aborted; jq is then still running. */
  async run(request: JqRequest, signal?: AbortSignal): Promise<JqAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<JqAnswer>();
    this.#settle = resolve;
    const timer = setTimeout(() => resolve({ kind: "stopped" }), request.runMsMax + GRACE_MS);
    const onAbort = () => reject(signal?.reason);
    signal?.addEventListener("abort", onAbort);
    try {
      this.#worker.postMessage(request, [request.data.buffer]);
      return await promise;
    } finally {
      this.#settle = undefined;
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    }
  }

  /** Ends the thread: at once, or when its run ends. */
  end(): void {
    this.#worker.terminate();
    this.#settle?.({ kind: "stopped" });
  }
}
