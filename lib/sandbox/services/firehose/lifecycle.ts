/**
 * Life cycle: statuses of a stream, and of its encryption, that change after a time.
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { DeliveryStream } from "./delivery_stream.ts";

/** How long a stream is CREATING, and DELETING. On AWS it is some tens of seconds, to minutes. */
const CREATING_MS = 20_000;
const DELETING_MS = 20_000;
/** How long encryption is ENABLING, and DISABLING. AWS speaks of seconds. */
const ENCRYPTION_MS = 5_000;

/** What {@linkcode Lifecycle} acts on. */
export interface LifecycleOptions {
  readonly clock: Clock;
  readonly find: (id: number) => DeliveryStream | undefined;
  readonly update: (
    name: string,
    change: (stream: DeliveryStream) => DeliveryStream,
  ) => Promise<unknown>;
  readonly remove: (stream: DeliveryStream) => Promise<void>;
  /** Called when a change could not be saved; the next start tries it again. */
  readonly onProblem: (line: string) => void;
}

/** Completes changes of status that were started. */
export class Lifecycle {
  readonly #options: LifecycleOptions;
  readonly #stopping = new AbortController();
  readonly #changes = new Set<Promise<void>>();

  constructor(options: LifecycleOptions) {
    this.#options = options;
  }

  /** Schedules the change that follows a stream's new status, or that of its encryption. */
  follow(stream: DeliveryStream): void {
    const { status, statusMs, encryption } = stream;
    const later = (fromMs: number, durationMs: number, work: () => Promise<void>) =>
      this.#later(stream, { fromMs, durationMs }, work);
    if (status === "CREATING") later(statusMs, CREATING_MS, () => this.#activate(stream));
    if (status === "DELETING") later(statusMs, DELETING_MS, () => this.#options.remove(stream));
    if (status !== "ACTIVE" || !encryption || encryption.status === "ENABLED") return;
    later(encryption.statusMs, ENCRYPTION_MS, () => this.#endEncryptionChange(stream));
  }

  /** Ends all waits; `follow` schedules them again at the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#changes);
  }

  /** A stream created with encryption becomes ACTIVE and ENABLED together. */
  async #activate({ id, name }: DeliveryStream): Promise<void> {
    const statusMs = this.#options.clock.nowMs();
    await this.#options.update(name, (stream) =>
      // Everything may have been removed, and another stream of this name be there.
      stream.id !== id ? stream : {
        ...stream,
        status: "ACTIVE",
        statusMs,
        encryption: stream.encryption && { status: "ENABLED", statusMs },
      });
  }

  async #endEncryptionChange({ id, name }: DeliveryStream): Promise<void> {
    // The stream was deleted meanwhile.
    if (this.#options.find(id)?.status !== "ACTIVE") return;
    const statusMs = this.#options.clock.nowMs();
    await this.#options.update(name, (stream) =>
      stream.id !== id ? stream : {
        ...stream,
        encryption: stream.encryption?.status === "ENABLING"
          ? { status: "ENABLED", statusMs }
          : undefined,
      });
  }

  /** Does `work` when a wait that began at `fromMs` is over; never after `stop`. */
  #later(
    { id, name }: DeliveryStream,
    { fromMs, durationMs }: { readonly fromMs: number; readonly durationMs: number },
    work: () => Promise<void>,
  ): void {
    const { clock, find, onProblem } = this.#options;
    const workOn = () => find(id) ? work() : undefined; // everything may have been removed
    const moment = clock.waitUntil(clock.deadlineMs(fromMs, durationMs), this.#stopping.signal);
    const change = moment.then(workOn, () => {})
      .catch((error) => {
        if (find(id)) onProblem(`the change of delivery stream ${name} failed: ${error}`);
      })
      .finally(() => this.#changes.delete(change));
    this.#changes.add(change);
  }
}
