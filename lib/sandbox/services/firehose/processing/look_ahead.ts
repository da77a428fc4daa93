/**
 * The batch after the one that is with the processors or being committed, already begun. A function,
 * or jq's thread, works while the sandbox does: otherwise each waits for the other.
 *
 * A batch belongs to the look-ahead until a turn takes it, and only its owner ends it: see
 * `processing.ts`.
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
   * Gives up the batch at the buffer's position, if it was begun for the destination as it is now.
   * Another one is ended, and processed again: after an update, with the new function.
   */
  take(buffer: LiveBuffer, stream: DeliveryStream): Batch | undefined {
    const begun = this.#begun.get(buffer.id);
    if (!begun || !isNext(begun, buffer, stream)) return this.drop(buffer);
    this.#begun.delete(buffer.id);
    return begun.batch;
  }

  /** Ends the batch of a buffer: its records go another way. */
  drop({ id }: LiveBuffer): undefined {
    this.#begun.get(id)?.batch.end.abort();
    this.#begun.delete(id);
  }

  /** Ends the batches of streams whose buffers are closed. */
  end(isMeant: (streamId: number) => boolean): void {
    for (const { buffer } of this.#begun.values()) {
      if (isMeant(buffer.streamId)) this.drop(buffer);
    }
  }
}

function isNext<Batch>(
  { buffer: { position: { seq, record } }, stream: { destination } }: Begun<Batch>,
  { position }: LiveBuffer,
  stream: DeliveryStream,
): boolean {
  return seq === position.seq && record === position.record && destination === stream.destination;
}
