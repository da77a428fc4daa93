/**
 * The batch after the one that is being committed, already with the processors. A function, or jq's
 * thread, works while the database does: otherwise each waits for the other.
 *
 * The function sees its batches in order and one at a time: the next is sent once it has answered.
 * @module
 */

import type { LiveBuffer } from "../journal/buffers.ts";
import type { DeliveryStream } from "../delivery_stream.ts";

interface Begun<Batch> {
  readonly buffer: LiveBuffer;
  readonly stream: DeliveryStream;
  readonly ready: Promise<Batch | undefined>;
}

/** At most one batch ahead for each buffer. */
export class LookAhead<Batch> {
  readonly #begun = new Map<number, Begun<Batch>>();

  /** Keeps a batch whose processing has begun. `buffer` stands before its first record. */
  begin(buffer: LiveBuffer, stream: DeliveryStream, ready: Promise<Batch | undefined>): void {
    // It fails for the caller of `take`. If there is none, the batch is processed again later.
    ready.catch(() => {});
    this.#begun.set(buffer.id, { buffer, stream, ready });
  }

  /**
   * The batch at the buffer's position, if it was begun with the stream as it is now. A batch can be
   * taken once. It rejects as its processing did.
   */
  take(
    { id, position }: LiveBuffer,
    stream: DeliveryStream,
  ): Promise<Batch | undefined> | undefined {
    const begun = this.#begun.get(id);
    this.#begun.delete(id);
    if (begun === undefined || begun.stream !== stream) return undefined;
    const { seq, record } = begun.buffer.position;
    return seq === position.seq && record === position.record ? begun.ready : undefined;
  }
}
