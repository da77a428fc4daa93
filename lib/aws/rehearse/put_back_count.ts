/**
 * Records that a function puts to a stream while it is rehearsed.
 * @module
 */

import type { Answered } from "../../sandbox/http/answered.ts";
import { isObject } from "../../sandbox/values.ts";

/** Calls that are remembered: an SDK sends a call again within moments. */
const CALLS_MAX = 1_000;

/**
 * Counts the records that the stream accepted. A call that an SDK sends again, because its answer was lost,
 * counts once: else the same records would seem to be put back for others, which are lost.
 */
export class PutBackCount {
  /** Accepted records by call, the oldest call first. */
  readonly #accepted = new Map<string, number>();
  #records = 0;

  get records(): number {
    return this.#records;
  }

  /** Notes any answer of the sandbox. */
  note({ operation, output, callId, requestId }: Answered): void {
    const accepted = acceptedIn(operation, output);
    if (accepted === 0) return;
    const call = callId ?? requestId;
    const before = this.#accepted.get(call) ?? 0;
    this.#records += Math.max(0, accepted - before);
    this.#accepted.set(call, Math.max(accepted, before));
    const [oldest] = this.#accepted.keys();
    if (this.#accepted.size > CALLS_MAX) this.#accepted.delete(oldest);
  }
}

function acceptedIn(operation: string | undefined, output: unknown): number {
  if (!isObject(output)) return 0;
  if (operation === "PutRecord") return isAccepted(output) ? 1 : 0;
  if (operation !== "PutRecordBatch" || !Array.isArray(output.RequestResponses)) return 0;
  return output.RequestResponses.filter(isAccepted).length;
}

const isAccepted = (entry: unknown) => isObject(entry) && entry.RecordId !== undefined;
