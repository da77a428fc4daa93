/**
 * The thread that writes bodies, as the sandbox sees it. It is started when the first body comes.
 * @module
 */

import type { FinishedBody } from "./body_file.ts";
import type { BodyReply, BodyRequest } from "./body_worker.ts";
import type { FileRange } from "./segment_files.ts";

/** A body that is being written. */
export interface BodySink {
  /** Bytes are copied; resolves when they are written. */
  write(bytes: Uint8Array): Promise<void>;
  /** Writes bytes of another file. */
  copy(from: FileRange): Promise<void>;
  /** Syncs the file and its folder. */
  finish(): Promise<FinishedBody>;
  /** Removes the file, unless it is finished. */
  discard(): Promise<void>;
}

/** Writes bodies away from the thread that answers requests. */
export class BodyThread implements Disposable {
  #worker: Worker | undefined;
  /** The answers still due, in the order in which they come. */
  #waiting: PromiseWithResolvers<FinishedBody | undefined>[] = [];
  #nextBody = 1;

  /** Creates the file at `path`, in a folder that exists. */
  async create(path: string): Promise<BodySink> {
    const body = this.#nextBody++;
    await this.#ask({ body, kind: "create", path });
    return {
      write: async (bytes) => {
        // A copy, because its memory moves to the worker. (`slice` of a Buffer does not copy.)
        await this.#ask({ body, kind: "write", bytes: new Uint8Array(bytes) });
      },
      copy: async (from) => void await this.#ask({ body, kind: "copy", from }),
      finish: async () => {
        const finished = await this.#ask({ body, kind: "finish" });
        if (!finished) throw new Error("a body was not finished, and nothing said why");
        return finished;
      },
      // What cannot be removed is swept at the next start.
      discard: async () => void await this.#ask({ body, kind: "discard" }).catch(() => {}),
    };
  }

  /** Ends the thread: unfinished requests fail. */
  stop(reason = new Error("the sandbox is stopping")): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { reject } of waiting) reject(reason);
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #ask(request: BodyRequest): Promise<FinishedBody | undefined> {
    const worker = this.#worker ??= this.#start();
    const waiting = Promise.withResolvers<FinishedBody | undefined>();
    this.#waiting.push(waiting);
    worker.postMessage(request, request.kind === "write" ? [request.bytes.buffer] : []);
    return waiting.promise;
  }

  #start(): Worker {
    const worker = new Worker(new URL("./body_worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<BodyReply>) => {
      const waiting = this.#waiting.shift();
      if ("failure" in data) waiting?.reject(new Error(`a body was not written: ${data.failure}`));
      else waiting?.resolve(data.finished);
    };
    worker.onerror = (event) => {
      event.preventDefault(); // it would end the sandbox
      this.stop(new Error(`bodies cannot be written: ${event.message}`));
    };
    return worker;
  }
}
