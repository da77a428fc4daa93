/**
 * Life cycle: statuses of a stream, and of its encryption, that change by themselves after a while.
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
  /** Told of a change that could not be saved: it is tried again at the next start. */
  readonly onProblem: (line: string) => void;
}

/** Sees to it that what was begun comes to its end. */
export class Lifecycle {
  readonly #options: LifecycleOptions;
  readonly #stopping = new AbortController();
  readonly #changes = new Set<Promise<void>>();

  constructor(options: LifecycleOptions) {
    this.#options = options;
  }

  /** A stream's status, or that of its encryption, is new: whatever follows will. */
  follow(stream: DeliveryStream): void {
    const { status, statusMs, encryption } = stream;
    const later = (fromMs: number, durationMs: number, work: () => Promise<void>) =>
      this.#later(stream, { fromMs, durationMs }, work);
    if (status === "CREATING") later(statusMs, CREATING_MS, () => this.#activate(stream));
    if (status === "DELETING") later(statusMs, DELETING_MS, () => this.#options.remove(stream));
    if (status !== "ACTIVE" || !encryption || encryption.status === "ENABLED") return;
    later(encryption.statusMs, ENCRYPTION_MS, () => this.#endEncryptionChange(stream));
  }

  /** Ends all waits; what was waited for is taken up by `follow` at the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#changes);
  }

  /** Encryption that was asked for with the stream itself comes with the stream. */
  async #activate({ name }: DeliveryStream): Promise<void> {
    const statusMs = this.#options.clock.nowMs();
    await this.#options.update(name, (stream) => ({
      ...stream,
      status: "ACTIVE",
      statusMs,
      encryption: stream.encryption && { status: "ENABLED", statusMs },
    }));
  }

  async #endEncryptionChange({ id, name }: DeliveryStream): Promise<void> {
    // Deleted meanwhile: its encryption is nobody's concern.
    if (this.#options.find(id)?.status !== "ACTIVE") return;
    const statusMs = this.#options.clock.nowMs();
    await this.#options.update(name, (stream) => ({
      ...stream,
      encryption: stream.encryption?.status === "ENABLING"
        ? { status: "ENABLED", statusMs }
        : undefined,
    }));
  }

  /** Does `work` when a wait that began at `fromMs` is over; not at all after `stop`. */
  #later(
    { name }: DeliveryStream,
    { fromMs, durationMs }: { readonly fromMs: number; readonly durationMs: number },
    work: () => Promise<void>,
  ): void {
    const { clock, onProblem } = this.#options;
    const moment = clock.waitUntil(clock.deadlineMs(fromMs, durationMs), this.#stopping.signal);
    const change = moment.then(work, () => {})
      .catch((error) => onProblem(`the change of delivery stream ${name} failed: ${error}`))
      .finally(() => this.#changes.delete(change));
    this.#changes.add(change);
  }
}
