/**
 * Removes the events of streams and groups that are deleted, and of groups whose events have
 * expired, in portions: a million events take seconds, and other calls must not wait for them.
 * @module
 */

import { nextTurn } from "../../next_turn.ts";
import type { Database } from "../../store/database.ts";
import type { LogEvents } from "./log_events.ts";
import type { LogGroups } from "./log_groups.ts";

/** What {@linkcode LogSweeper} acts on. */
export interface LogSweeperOptions {
  readonly database: Database;
  readonly groups: LogGroups;
  readonly events: LogEvents;
  /** Called with a readable line when events could not be removed. */
  readonly onProblem?: (line: string) => void;
}

/** Works while there is something to remove, and goes on after a restart. */
export class LogSweeper {
  readonly #options: LogSweeperOptions;
  /** By group id: the moment before which events have expired. */
  readonly #expired = new Map<number, number>();
  #working: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: LogSweeperOptions) {
    this.#options = options;
  }

  /** Removes what is left of deleted streams and groups. */
  wake(): void {
    if (this.#isStopped) return;
    this.#working ??= this.#sweep().finally(() => {
      this.#working = undefined;
    });
  }

  /** Removes what a group has from before `beforeMs`. */
  expire(groupId: number, beforeMs: number): void {
    this.#expired.set(groupId, beforeMs);
    this.wake();
  }

  /** Resolves when nothing is being removed. */
  async swept(): Promise<void> {
    await this.#working;
  }

  /** Ends the work; the next start takes it up. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#working;
  }

  async #sweep(): Promise<void> {
    try {
      const sweepSome = () => this.#options.database.commit(() => this.#sweepSome());
      while (!this.#isStopped && await sweepSome()) await nextTurn();
    } catch (error) {
      // A full disk, for example: the next sweep, or the next start, continues.
      this.#options.onProblem?.(
        `log events that were deleted or have expired could not be removed from disk: ${error}`,
      );
    }
  }

  /** One portion, in a commit. Returns whether there may be more. */
  #sweepSome(): boolean {
    const { events, groups } = this.#options;
    const [expired] = this.#expired;
    if (expired) {
      const [groupId, beforeMs] = expired;
      if (!events.expire(groupId, beforeMs)) this.#expired.delete(groupId);
      return true;
    }
    const streamId = groups.removedStream();
    if (streamId === undefined) {
      for (const groupId of groups.forgetGroups()) events.forget(groupId);
      return false;
    }
    if (!events.removeOf(streamId)) groups.forgetStream(streamId);
    return true;
  }
}
