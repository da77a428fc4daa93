/**
 * Room for bodies that are read whole. A signature covers the body, so it is checked after that: a
 * request needs no more than the id of a key to be read. Without a bound on all bodies together,
 * sixty requests of 10 MB that never ended took 2.4 GB (measured on 2026-12-01).
 * @module
 */

import { AwsError } from "../errors.ts";
import { readRequest } from "./body.ts";

/** Announced bytes of the bodies that are read at the same time. One body is always read. */
const ROOM_BYTES = 64 * 1024 * 1024;
/** Bodies up to this size are always read: most requests. */
const FREE_BYTES = 16 * 1024;
/** How long a request waits until others have sent their bodies, in true time. */
const WAIT_MS_MAX = 60_000;

/** The bodies that are being read, and the requests that wait until there is room. */
export class BodyRoom {
  readonly #bytesMax: number;
  readonly #waitMsMax: number;
  #bytes = 0;
  /** In the order of their arrival. */
  #waiting: readonly { readonly bytes: number; readonly enter: () => void }[] = [];

  constructor(bytesMax = ROOM_BYTES, waitMsMax = WAIT_MS_MAX) {
    this.#bytesMax = bytesMax;
    this.#waitMsMax = waitMsMax;
  }

  /** As {@linkcode readRequest}, once there is room. */
  async readRequest(...given: Parameters<typeof readRequest>): Promise<Uint8Array> {
    const [request, bytesMax] = given;
    const announced = announcedBytes(request) ?? bytesMax;
    // What is too long is refused unread.
    const bytes = announced > bytesMax ? 0 : announced;
    return await this.read(bytes, () => readRequest(...given));
  }

  /**
   * Reads a body of at most `bytes`, once there is room. Throws ServiceUnavailable if there is none
   * for a minute.
   */
  async read<Body>(bytes: number, read: () => Promise<Body>): Promise<Body> {
    if (bytes <= FREE_BYTES) return await read();
    if (this.#waiting.length > 0 || !this.#fits(bytes)) await this.#turn(bytes);
    else this.#bytes += bytes;
    try {
      return await read();
    } finally {
      this.#bytes -= bytes;
      this.#admit();
    }
  }

  #fits(bytes: number): boolean {
    return this.#bytes === 0 || this.#bytes + bytes <= this.#bytesMax;
  }

  async #turn(bytes: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = { bytes, enter: resolve };
    this.#waiting = [...this.#waiting, waiter];
    const timer = setTimeout(() => {
      this.#waiting = this.#waiting.filter((other) => other !== waiter);
      reject(busy(this.#bytes));
      this.#admit();
    }, this.#waitMsMax);
    await promise.finally(() => clearTimeout(timer));
  }

  #admit(): void {
    for (let [next] = this.#waiting; next && this.#fits(next.bytes); [next] = this.#waiting) {
      this.#waiting = this.#waiting.slice(1);
      this.#bytes += next.bytes;
      next.enter();
    }
  }
}

/** Undefined where the request does not say. */
function announcedBytes(request: Request): number | undefined {
  const length = request.headers.get("content-length");
  if (length !== null) return Number(length);
  // Only here: Deno makes a stream of the body when it is looked at, and reads that more slowly.
  return request.body === null ? 0 : undefined;
}

/** A code that all clients try again. The text is ours. */
const busy = (bytes: number) =>
  new AwsError(
    "ServiceUnavailable",
    503,
    `Other requests began to send ${bytes} bytes and do not go on: end their programs, or try again.`,
  );
