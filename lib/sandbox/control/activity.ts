/**
 * What the sandbox did lately: attempts at deliveries, and invocations. Kept in memory, bounded, for
 * the state page and for watchers.
 * @module
 */

import type { DeliveryAttempt } from "../services/firehose/options.ts";
import type { InvocationNote } from "../services/lambda/options.ts";

/** How many of each kind are remembered. */
const REMEMBERED_MAX = 200;

/** Something that happened. */
export type ActivityEvent =
  | { readonly type: "delivery"; readonly delivery: DeliveryAttempt }
  /** Twice for each invocation: when it begins, and when it has ended. */
  | { readonly type: "invocation"; readonly invocation: InvocationNote };

/** Collects what happens, and passes it on. */
export class Activity {
  readonly #deliveries: DeliveryAttempt[] = [];
  /** By request id, in the order in which they began. */
  readonly #invocations = new Map<string, InvocationNote>();
  readonly #watchers = new Set<(event: ActivityEvent) => void>();

  /** The latest attempts at deliveries, the newest last. */
  get deliveries(): readonly DeliveryAttempt[] {
    return this.#deliveries;
  }

  /** The latest invocations, the newest last; those under way have no duration. */
  get invocations(): readonly InvocationNote[] {
    return [...this.#invocations.values()];
  }

  readonly noteDelivery = (delivery: DeliveryAttempt): void => {
    this.#deliveries.push(delivery);
    if (this.#deliveries.length > REMEMBERED_MAX) this.#deliveries.shift();
    this.#tell({ type: "delivery", delivery });
  };

  readonly noteInvocation = (invocation: InvocationNote): void => {
    this.#invocations.set(invocation.requestId, invocation);
    if (this.#invocations.size > REMEMBERED_MAX) {
      const [oldest] = this.#invocations.keys();
      this.#invocations.delete(oldest);
    }
    this.#tell({ type: "invocation", invocation });
  };

  /** Calls `watcher` with everything that happens from now on. The returned function ends that. */
  watch(watcher: (event: ActivityEvent) => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** Forgets everything. */
  clear(): void {
    this.#deliveries.length = 0;
    this.#invocations.clear();
  }

  #tell(event: ActivityEvent): void {
    for (const watcher of this.#watchers) watcher(event);
  }
}
