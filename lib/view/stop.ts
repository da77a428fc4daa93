/**
 * The Stop button of a notebook. Deno's kernel does not end a cell that waits: it would wait on,
 * and no later cell would run. So what this project waits for ends itself when Jupyter sends the
 * signal. Seen with Deno 2.9.6: the cell ends at once with "Stopped", and variables live.
 * @module
 */

import { isInKernel } from "./show.ts";

/** What waits at the moment: each is rejected when the reader presses Stop. */
const waiting = new Set<(reason: Error) => void>();
let listens = false;
/**
 * Stop may come while a cell computes, or code that knows nothing of it may take the error for an
 * answer. So what begins to wait this soon after it ends, too; nobody starts another cell so fast.
 */
const LINGER_MS = 500;
let stoppedMs = -Infinity;

/**
 * From now on Stop ends what {@linkcode unlessStopped} and {@linkcode pause} wait for. Does nothing
 * outside a kernel, and on Windows, where Jupyter has no such signal to send.
 */
export function listenForStop(): void {
  if (listens || !isInKernel() || Deno.build.os === "windows") return;
  listens = true;
  Deno.addSignalListener("SIGINT", () => {
    stoppedMs = performance.now();
    stopWaiting();
  });
}

/** Ends everything that waits at the moment with the error "Stopped". */
export function stopWaiting(): void {
  for (const reject of waiting) reject(stopped());
}

const stopped = () =>
  new Error("Stopped. Your variables are kept: run this cell again, or any other.");

/** Whether an error is that of Stop. */
export const isStopped = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith("Stopped. ");

/**
 * The promise's own result, or an `Error` that begins with "Stopped" as soon as the reader presses
 * Stop. The work behind the promise is not undone.
 */
export async function unlessStopped<Result>(promise: Promise<Result>): Promise<Result> {
  const { promise: stop, reject } = Promise.withResolvers<never>();
  waiting.add(reject);
  if (performance.now() - stoppedMs < LINGER_MS) reject(stopped());
  try {
    return await Promise.race([stop, promise]);
  } finally {
    waiting.delete(reject);
  }
}

/** Waits so many milliseconds; ends with an `Error` when the reader presses Stop. */
export async function pause(ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  try {
    await unlessStopped(promise);
  } finally {
    clearTimeout(timer);
  }
}
