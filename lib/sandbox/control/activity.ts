/**
 * What the sandbox did lately: attempts at deliveries, and invocations. Kept in memory, bounded, for
 * the state page.
 * @module
 */

import type { DeliveryAttempt } from "../services/firehose/options.ts";
import type { InvocationNote } from "../services/lambda/options.ts";

/** How many of each kind are remembered. */
const REMEMBERED_MAX = 200;

/** Collects what happens. */
export class Activity {
  readonly #deliveries: DeliveryAttempt[] = [];
  /** By request id, in the order in which they began. */
  readonly #invocations = new Map<string, InvocationNote>();

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
  };

  /** Called twice for each invocation: when it begins, and when it has ended. */
  readonly noteInvocation = (invocation: InvocationNote): void => {
    this.#invocations.set(invocation.requestId, invocation);
    if (this.#invocations.size > REMEMBERED_MAX) {
      const [oldest] = this.#invocations.keys();
      this.#invocations.delete(oldest);
    }
  };

  /** Forgets everything. */
  clear(): void {
    this.#deliveries.length = 0;
    this.#invocations.clear();
  }
}
