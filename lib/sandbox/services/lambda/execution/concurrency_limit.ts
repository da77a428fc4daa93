/**
 * How many invocations may run at the same time: of one function, of the account, and, because
 * their events wait in memory here, by bytes.
 * @module
 */

import { tooManyRequests } from "../errors.ts";
import type { LambdaFunction } from "../function.ts";

/** Invocations of an account. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const CONCURRENCY_MAX = 1_000;
/** Bytes of all their events. The sandbox's own limit: 40 events of the largest size. */
const EVENT_BYTES_MAX = 256 * 1024 * 1024;

/** The invocations under way. */
export class ConcurrencyLimit {
  /** By function id. */
  readonly #running = new Map<number, number>();
  #all = 0;
  #bytes = 0;

  /** How many invocations of a function are under way. */
  of({ id }: LambdaFunction): number {
    return this.#running.get(id) ?? 0;
  }

  /** Takes a place until the result is disposed of. Throws TooManyRequestsException. */
  take(fn: LambdaFunction, eventBytes: number): Disposable {
    if (this.of(fn) >= (fn.reservedConcurrency ?? Infinity)) {
      throw tooManyRequests("ReservedFunctionConcurrentInvocationLimitExceeded");
    }
    if (this.#all >= CONCURRENCY_MAX || this.#bytes + eventBytes > EVENT_BYTES_MAX) {
      throw tooManyRequests("ConcurrentInvocationLimitExceeded");
    }
    this.#add(fn, 1, eventBytes);
    return { [Symbol.dispose]: () => this.#add(fn, -1, -eventBytes) };
  }

  #add(fn: LambdaFunction, invocations: 1 | -1, bytes: number): void {
    this.#all += invocations;
    this.#bytes += bytes;
    const running = this.of(fn) + invocations;
    if (running > 0) this.#running.set(fn.id, running);
    else this.#running.delete(fn.id);
  }
}
