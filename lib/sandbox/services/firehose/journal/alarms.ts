/**
 * Waits of many buffers for moments that are often the same: the partitions of a batch are due
 * together. One wait of the clock serves all who wait for a moment.
 * @module
 */

import type { Clock } from "../../../clock.ts";

/** Who waits for a moment. */
interface Alarm {
  readonly calls: Set<() => void>;
  /** Ends the clock's wait. */
  readonly end: AbortController;
}

/** Calls back at moments of a clock. */
export class Alarms {
  readonly #clock: Clock;
  readonly #alarms = new Map<number, Alarm>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `call` at `momentMs`, of {@linkcode Clock.deadlineMs}, unless it is cancelled before. */
  set(momentMs: number, call: () => void): void {
    const alarm = this.#alarms.get(momentMs) ?? this.#begin(momentMs);
    alarm.calls.add(call);
  }

  /** Forgets a call, if it was not made yet. */
  cancel(momentMs: number, call: () => void): void {
    const alarm = this.#alarms.get(momentMs);
    if (!alarm?.calls.delete(call) || alarm.calls.size > 0) return;
    this.#alarms.delete(momentMs);
    alarm.end.abort();
  }

  #begin(momentMs: number): Alarm {
    const alarm = { calls: new Set<() => void>(), end: new AbortController() };
    this.#alarms.set(momentMs, alarm);
    this.#clock.waitUntil(momentMs, alarm.end.signal).then(() => this.#ring(momentMs), () => {});
    return alarm;
  }

  #ring(momentMs: number): void {
    const alarm = this.#alarms.get(momentMs);
    this.#alarms.delete(momentMs);
    for (const call of alarm?.calls ?? []) call();
  }
}
