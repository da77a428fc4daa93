/**
 * The log stream of one execution environment: takes lines as they come and writes them to
 * CloudWatch Logs in small batches, with the function's role.
 * @module
 */

import type { Caller } from "../../../access/caller.ts";
import type { LogLine, LogSink } from "../../../ports/log_sink.ts";

/** How long a line of a running function waits for others. Real time. */
const BATCH_MS = 200;

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
  #writing: Promise<void> = Promise.resolve();

  constructor(options: LogStreamOptions) {
    this.#options = options;
  }

  add(line: LogLine): void {
    this.#lines.push(line);
    this.#timer ??= setTimeout(() => void this.flush(), BATCH_MS);
  }

  /** Resolves when every line that was added has been written. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
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
