/**
 * The queue of asynchronous invocations: kept in the database until the function has succeeded or
 * was tried for the last time. Follows "Asynchronous invocation"
 * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html).
 * @module
 */

import type { Clock } from "../../../clock.ts";
import type { Database } from "../../../store/database.ts";

/** An invocation that waits for its turn. */
export interface QueuedEvent {
  readonly functionId: number;
  readonly functionName: string;
  readonly qualifier?: string;
  /** The same for each attempt. */
  readonly requestId: string;
  readonly clientContext?: string;
  readonly receivedMs: number;
}

/** The outcome of an attempt. */
export type Attempt =
  /** It succeeded, or a retry cannot help. */
  | "done"
  /** The function failed. */
  | "failed"
  /** Lambda could not run it: throttled, or the function is being created. */
  | "refused";

/** What a queue is made of. */
export interface EventQueueOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly attempt: (event: QueuedEvent, payload: Uint8Array) => Promise<Attempt>;
  /** Called with an event that is dropped. */
  readonly onDropped: (event: QueuedEvent) => void;
  readonly onInternalError: (error: unknown) => void;
}

/** Pauses after a function's error: it is run three times in all. */
const RETRY_PAUSES_MS: readonly number[] = [60_000, 120_000];
/** Pauses after a refusal grow from a second to five minutes, for six hours in all. */
const REFUSED_FIRST_MS = 1_000;
const REFUSED_LAST_MS = 300_000;
const EVENT_AGE_MAX_MS = 6 * 3_600_000;

/** The events of all functions, each handled separately. */
export class EventQueue {
  readonly #options: EventQueueOptions;
  /** Aborted when the events that are tended now are given up. */
  #waits = new AbortController();
  readonly #tended = new Set<Promise<void>>();

  constructor(options: EventQueueOptions) {
    this.#options = options;
    options.database.define(`
      CREATE TABLE IF NOT EXISTS lambda_event (
        id INTEGER PRIMARY KEY AUTOINCREMENT, document TEXT NOT NULL, payload BLOB NOT NULL,
        failures INTEGER NOT NULL
      );
    `);
  }

  /** Resumes the events that waited when the sandbox last ended. */
  start(): void {
    for (
      const { id } of this.#options.database.statement("SELECT id FROM lambda_event").all()
    ) {
      this.#tend(Number(id));
    }
  }

  /** Stops trying. The next start resumes what waits. */
  async stop(): Promise<void> {
    this.#waits.abort();
    await Promise.all(this.#tended);
  }

  /** Adds an event, and resolves once it is on disk. */
  async add(event: QueuedEvent, payload: Uint8Array): Promise<void> {
    const { database } = this.#options;
    const id = await database.commit(() => {
      const { lastInsertRowid } = database.statement(
        "INSERT INTO lambda_event (document, payload, failures) VALUES (?, ?, 0)",
      )
        .run(JSON.stringify(event), payload);
      return Number(lastInsertRowid);
    });
    this.#tend(id);
  }

  /** Drops all events; only inside a commit. */
  clear(): void {
    const { database } = this.#options;
    database.statement("DELETE FROM lambda_event").run();
    database.afterCommit(() => {
      this.#waits.abort();
      this.#waits = new AbortController();
    });
  }

  #tend(id: number): void {
    const { signal } = this.#waits;
    const tended = this.#untilDone(id, signal)
      .catch((error) => {
        if (!signal.aborted) this.#options.onInternalError(error);
      })
      .finally(() => this.#tended.delete(tended));
    this.#tended.add(tended);
  }

  async #untilDone(id: number, signal: AbortSignal): Promise<void> {
    const { clock, database, onDropped } = this.#options;
    for (let refusals = 0;;) {
      const row = database.statement("SELECT document, failures FROM lambda_event WHERE id = ?")
        .get(id);
      if (!row) return;
      // Our own row, written by `add`.
      const event: QueuedEvent = JSON.parse(String(row.document));
      const attempt = await this.#attempt(id, event);
      signal.throwIfAborted();
      const failures = Number(row.failures) + (attempt === "failed" ? 1 : 0);
      const pauseMs = attempt === "failed"
        ? RETRY_PAUSES_MS[failures - 1]
        : Math.min(REFUSED_FIRST_MS * 2 ** refusals++, REFUSED_LAST_MS);
      const endMs = clock.deadlineMs(event.receivedMs, EVENT_AGE_MAX_MS);
      const isGivenUp = pauseMs === undefined || clock.nowMs() >= endMs;
      if (attempt === "done" || isGivenUp) {
        await database.commit(() =>
          database.statement("DELETE FROM lambda_event WHERE id = ?").run(id)
        );
        if (attempt !== "done") onDropped(event);
        return;
      }
      await database.commit(() =>
        database.statement("UPDATE lambda_event SET failures = ? WHERE id = ?")
          .run(failures, id)
      );
      await clock.wait(pauseMs, signal);
    }
  }

  /** Its payload is in memory no longer than this: events may wait for hours. */
  async #attempt(id: number, event: QueuedEvent): Promise<Attempt> {
    const row = this.#options.database.statement("SELECT payload FROM lambda_event WHERE id = ?")
      .get(id);
    if (!(row?.payload instanceof Uint8Array)) return "done";
    return await this.#options.attempt(event, row.payload);
  }
}
