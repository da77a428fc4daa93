/**
 * The thread that writes bodies, as the sandbox sees it. It is started when the first body comes, and
 * again after a rest, in which it ends.
 * @module
 */

import { RestTimer, THREAD_REST_MS } from "../rest_timer.ts";
import type { FinishedBody } from "./body_file.ts";
import type { BodyReply, BodyRequest, BodyWork } from "./body_worker.ts";
import { PIECE_BYTES } from "./past_cache.ts";
import type { FileRange } from "./segment_files.ts";

/** A body that is being written. */
export interface BodySink {
  /**
   * Bytes are copied, and written in whole pieces. Resolves when there is room for more; what fails
   * after that is thrown by the next call.
   */
  write(bytes: Uint8Array): Promise<void>;
  /** Writes bytes of another file. */
  copy(from: FileRange): Promise<void>;
  /** Syncs the file and its folder. */
  finish(): Promise<FinishedBody>;
  /** Removes the file, unless it is finished. */
  discard(): Promise<void>;
}

const stopping = () => new Error("the sandbox is stopping");

/** Writes bodies away from the thread that answers requests. */
export class BodyThread implements Disposable {
  #worker: Worker | undefined;
  /** The answers still due, by request. */
  #waiting = new Map<number, PromiseWithResolvers<FinishedBody | undefined>>();
  #nextRequest = 1;
  #nextBody = 1;
  /** Bodies that are neither finished nor discarded. */
  readonly #open = new Set<number>();
  readonly #rest: RestTimer;
  #isStopped = false;

  constructor({ restMs = THREAD_REST_MS }: { readonly restMs?: number } = {}) {
    this.#rest = new RestTimer(restMs, () => this.#endAtRest());
  }

  /** Whether the thread runs: its first body is being created, or was not long ago. */
  get isRunning(): boolean {
    return this.#worker !== undefined;
  }

  /**
   * Creates the file at `path`, in a folder that exists. What fails is thrown by a later call of the
   * sink: bytes can come before the file is there.
   */
  create(path: string): BodySink {
    const body = this.#nextBody++;
    this.#open.add(body);
    const created = this.#ask({ body, kind: "create", path });
    const pieces = new Pieces(created, (bytes) => this.#ask({ body, kind: "write", bytes }));
    return {
      write: (bytes) => pieces.add(bytes),
      copy: async (from) => {
        await pieces.flush();
        await this.#ask({ body, kind: "copy", from });
      },
      finish: async () => {
        await pieces.flush();
        const finished = await this.#ask({ body, kind: "finish" });
        if (!finished) throw new Error("a body was not finished, and nothing said why");
        this.#open.delete(body);
        return finished;
      },
      // What cannot be removed is swept at the next start.
      discard: async () => {
        await this.#ask({ body, kind: "discard" }).catch(() => {});
        this.#open.delete(body);
      },
    };
  }

  /** Ends the thread for good: unfinished requests fail, and so do later ones. */
  stop(): void {
    this.#isStopped = true;
    this.#end(stopping());
  }

  #endAtRest(): void {
    if (this.#open.size > 0 || this.#waiting.size > 0) return this.#rest.use();
    this.#end(new Error("the thread that writes bodies rests"));
  }

  #end(reason: Error): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#rest.stop();
    this.#open.clear();
    const waiting = this.#waiting;
    this.#waiting = new Map();
    for (const { reject } of waiting.values()) reject(reason);
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #ask(request: BodyWork): Promise<FinishedBody | undefined> {
    if (this.#isStopped) return Promise.reject(stopping());
    const worker = this.#worker ??= this.#start();
    this.#rest.use();
    const waiting = Promise.withResolvers<FinishedBody | undefined>();
    const id = this.#nextRequest++;
    this.#waiting.set(id, waiting);
    const moved = request.kind === "write" ? [request.bytes.buffer] : [];
    worker.postMessage({ id, ...request } satisfies BodyRequest, moved);
    return waiting.promise;
  }

  #start(): Worker {
    const worker = new Worker(new URL("./body_worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<BodyReply>) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ("failure" in data) waiting?.reject(new Error(`a body was not written: ${data.failure}`));
      else waiting?.resolve(data.finished);
    };
    worker.onerror = (event) => {
      event.preventDefault(); // it would end the sandbox
      this.#end(new Error(`bodies cannot be written: ${event.message}`));
    };
    return worker;
  }
}

/**
 * Bytes on their way to the worker, in whole pieces: a message and its answer take longer than to write
 * 64 KiB, as many as a request brings at a time. A piece is filled while the one before is written.
 */
class Pieces {
  readonly #send: (piece: Uint8Array<ArrayBuffer>) => Promise<unknown>;
  #piece: Uint8Array<ArrayBuffer> | undefined;
  #filled = 0;
  #sent: Promise<unknown>;

  /** Nothing is sent before `ready`. */
  constructor(
    ready: Promise<unknown>,
    send: (piece: Uint8Array<ArrayBuffer>) => Promise<unknown>,
  ) {
    this.#send = send;
    this.#sent = ready;
    ready.catch(() => {}); // thrown where it is awaited
  }

  /** Copies `bytes`; resolves when there is room for more. */
  async add(bytes: Uint8Array): Promise<void> {
    for (let left = bytes; left.length > 0;) {
      const piece = this.#piece ??= new Uint8Array(PIECE_BYTES);
      const part = left.subarray(0, PIECE_BYTES - this.#filled);
      piece.set(part, this.#filled);
      this.#filled += part.length;
      left = left.subarray(part.length);
      if (this.#filled === PIECE_BYTES) await this.#next();
    }
  }

  /** Resolves when all bytes are written. */
  async flush(): Promise<void> {
    await this.#next();
    await this.#sent;
  }

  /** Sends what is there once the piece before is written. Its memory moves to the worker. */
  async #next(): Promise<void> {
    await this.#sent;
    const piece = this.#piece?.subarray(0, this.#filled);
    this.#piece = undefined;
    this.#filled = 0;
    if (!piece) return;
    this.#sent = this.#send(piece);
    this.#sent.catch(() => {}); // thrown where it is awaited
  }
}
