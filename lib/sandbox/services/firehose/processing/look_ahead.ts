/**
 * The batch after the one that is with the processors or being committed, already begun. A function,
 * or jq's thread, works while the sandbox does: otherwise each waits for the other.
 * @module
 */

import type { LiveBuffer } from "../journal/buffers.ts";
import type { DeliveryStream } from "../delivery_stream.ts";

interface Begun<Batch> {
  readonly buffer: LiveBuffer;
  readonly stream: DeliveryStream;
  readonly batch: Batch;
}

/** At most one batch ahead for each buffer. */
export class LookAhead<Batch extends { readonly end: AbortController }> {
  readonly #begun = new Map<number, Begun<Batch>>();

  /** Keeps a batch that was begun. `buffer` stands before its first record. */
  keep(buffer: LiveBuffer, stream: DeliveryStream, batch: Batch): void {
    this.#begun.set(buffer.id, { buffer, stream, batch });
  }

  /** Whether the batch after the one that was taken is begun. */
  has({ id }: LiveBuffer): boolean {
    return this.#begun.has(id);
  }

  /**
   * The batch at the buffer's position, if it was begun for the destination as it is now. A batch can be
   * taken once. Another one is ended, and processed again: after an update, with the new function.
   */
  take({ id, position }: LiveBuffer, stream: DeliveryStream): Batch | undefined {
    const begun = this.#begun.get(id);
    this.#begun.delete(id);
    if (begun === undefined) return undefined;
    const { seq, record } = begun.buffer.position;
    const isHere = seq === position.seq && record === position.record;
    if (isHere && begun.stream.destination === stream.destination) return begun.batch;
    begun.batch.end.abort();
    return undefined;
  }
}
