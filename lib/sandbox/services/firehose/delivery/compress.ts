/**
 * Compression of an object's bytes. After `delimit`, before the object is named. Large objects are
 * compressed in a worker, piece by piece: puts are answered meanwhile, and memory never holds a
 * whole object.
 * @module
 */

import { nextTurn } from "../../../next_turn.ts";
import { RestTimer, THREAD_REST_MS } from "../../../rest_timer.ts";
import type { Piece } from "./snappy_framing.ts";
import type { CompressReply, CompressRequest } from "./compress_worker.ts";
import { encoderOf } from "./compress_encoders.ts";
import type { Encoder, ZipEntry } from "./encoder.ts";
import type { CompressionFormat, EncodedFormat } from "../compression_format.ts";

/** Objects up to this size are compressed in place: a few milliseconds, in several turns. */
const IN_PLACE_BYTES = 256 * 1024;
/** Bytes compressed in one turn in place, and bytes in one message to the worker. */
const PIECE_BYTES = 64 * 1024;
const SENT_BYTES = 256 * 1024;

/** Compresses objects. Its worker is started when a large one comes, and ends when it has a rest. */
export class Compressor {
  #worker: CompressWorker | undefined;
  readonly #rest: RestTimer;

  constructor({ restMs = THREAD_REST_MS }: { readonly restMs?: number } = {}) {
    this.#rest = new RestTimer(restMs, () => this.#endAtRest());
  }

  /** Whether its worker runs. */
  get isRunning(): boolean {
    return this.#worker?.isAlive ?? false;
  }

  /** The bytes of `chunks` in `format`. The caller may stop reading early. */
  async *compressed(
    chunks: AsyncIterable<Uint8Array>,
    format: CompressionFormat,
    entry: ZipEntry,
  ): AsyncGenerator<Uint8Array> {
    if (format === "UNCOMPRESSED") return yield* chunks;
    const source = chunks[Symbol.asyncIterator]();
    try {
      const { head, isWhole } = await headOf(source);
      const encoder = isWhole ? await encoderOf(format, entry) : this.#inWorker(format, entry);
      const pieceBytes = isWhole ? PIECE_BYTES : SENT_BYTES;
      yield* encoded(encoder, joined(head, source), pieceBytes);
    } finally {
      await source.return?.();
    }
  }

  /** Ends the worker: unfinished jobs fail. */
  stop(): void {
    this.#rest.stop();
    this.#worker?.stop(new Error("the sandbox is stopping"));
  }

  #endAtRest(): void {
    if (this.#worker?.isBusy) this.#rest.use();
    else this.#worker?.stop(new Error("the worker rests"));
  }

  #inWorker(format: EncodedFormat, entry: ZipEntry): Encoder {
    this.#rest.use();
    if (!this.#worker?.isAlive) this.#worker = new CompressWorker();
    return this.#worker.encoder(format, entry);
  }
}

/** Reads until it is clear whether the object is small. */
async function headOf(source: AsyncIterator<Uint8Array>) {
  const head: Uint8Array[] = [];
  for (let bytes = 0; bytes <= IN_PLACE_BYTES;) {
    const { done, value } = await source.next();
    if (done) return { head, isWhole: true };
    head.push(value);
    bytes += value.length;
  }
  return { head, isWhole: false };
}

async function* joined(
  head: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* head;
  while (true) {
    const { done, value } = await rest.next();
    if (done) return;
    yield value;
  }
}

async function* encoded(
  encoder: Encoder,
  chunks: AsyncIterable<Uint8Array>,
  pieceBytes: number,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of chunks) {
      for (let start = 0; start < chunk.length; start += pieceBytes) {
        yield* await encoder.push(chunk.subarray(start, start + pieceBytes));
        await nextTurn();
      }
    }
    yield* await encoder.finish();
  } finally {
    encoder.discard();
  }
}

type Waiting = PromiseWithResolvers<Piece[]>;

/** The worker, and the answers it still owes. */
class CompressWorker {
  readonly #worker = new Worker(new URL("./compress_worker.ts", import.meta.url), {
    type: "module",
  });
  /** By job, in the order of the requests. */
  readonly #waiting = new Map<number, Waiting[]>();
  #nextJob = 1;
  #end: Error | undefined;

  constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<CompressReply>) => this.#receive(data);
    this.#worker.onerror = (event) => {
      event.preventDefault(); // it would end the sandbox
      this.stop(new Error(`compressing failed: ${event.message}`));
    };
  }

  get isAlive(): boolean {
    return this.#end === undefined;
  }

  /** Whether an object is being compressed. */
  get isBusy(): boolean {
    return this.#waiting.size > 0;
  }

  encoder(format: EncodedFormat, entry: ZipEntry): Encoder {
    const job = this.#nextJob++;
    this.#waiting.set(job, []);
    const started = this.#ask({ job, kind: "start", format, entry });
    started.catch(() => {}); // `push` and `finish` report it
    return {
      // A copy, because its memory moves to the worker. (`slice` of a Buffer does not copy.)
      push: (bytes) => this.#ask({ job, kind: "push", bytes: new Uint8Array(bytes) }),
      finish: () => this.#ask({ job, kind: "finish" }),
      discard: () => {
        this.#waiting.delete(job);
        if (this.isAlive) this.#send({ job, kind: "discard" });
      },
    };
  }

  stop(reason: Error): void {
    if (!this.isAlive) return;
    this.#end = reason;
    this.#worker.terminate();
    for (const { reject } of [...this.#waiting.values()].flat()) reject(reason);
    this.#waiting.clear();
  }

  #ask(request: CompressRequest): Promise<Piece[]> {
    const waiting: Waiting = Promise.withResolvers();
    if (this.#end) waiting.reject(this.#end);
    else {
      this.#waiting.get(request.job)?.push(waiting);
      this.#send(request);
    }
    return waiting.promise;
  }

  #send(request: CompressRequest): void {
    this.#worker.postMessage(request, request.kind === "push" ? [request.bytes.buffer] : []);
  }

  #receive(reply: CompressReply): void {
    const waiting = this.#waiting.get(reply.job)?.shift();
    if ("failure" in reply) waiting?.reject(new Error(`compressing failed: ${reply.failure}`));
    else waiting?.resolve([...reply.pieces]);
  }
}
