/**
 * The log stream of one execution environment: takes lines as they come and writes them to
 * CloudWatch Logs in small batches, with the function's role.
 * @module
 */

import type { Caller } from "../../../access/caller.ts";
import type { LogLine, LogSink } from "../../../ports/log_sink.ts";

/** How long a line of a running function waits for others. Real time. */
const BATCH_MS = 200;
/**
 * How long the lines of an invocation that has ended wait. Its answer goes out before they are
 * written and synced, and calls that follow each other share one commit.
 */
const ENDED_MS = 20;

/** Where the lines go. */
export interface LogStreamOptions {
  readonly sink: LogSink;
  /** The session of the execution role. */
  readonly caller: Caller;
  readonly logGroupName: string;
  readonly logStreamName: string;
}

/** Writes in the order of the lines. A failure to write is the function's loss, as on AWS. */
export class LogStreamWriter {
  readonly #options: LogStreamOptions;
  #lines: LogLine[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether the timer is that of an invocation that has ended. */
  #isEnded = false;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: LogStreamOptions) {
    this.#options = options;
  }

  add(line: LogLine): void {
    this.#lines.push(line);
    this.#timer ??= setTimeout(() => void this.flush(), BATCH_MS);
  }

  /** Writes the lines soon: no more come until the next invocation. */
  endInvocation(): void {
    if (this.#isEnded) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), ENDED_MS);
    this.#isEnded = true;
  }

  /** Resolves when every line that was added has been written. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isEnded = false;
    const { sink, ...request } = this.#options;
    const lines = this.#lines;
    this.#lines = [];
    if (lines.length > 0) {
      this.#writing = this.#writing
        .then(() => sink.write({ ...request, lines, onMissing: "create" }))
        .catch(() => {});
    }
    return this.#writing;
  }
}
