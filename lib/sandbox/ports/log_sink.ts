/**
 * How one service of the sandbox writes to CloudWatch Logs on behalf of a role.
 * @module
 */

import type { Caller } from "../access/caller.ts";

/** One line on its way to a log stream. */
export interface LogLine {
  readonly timestampMs: number;
  readonly message: string;
}

/** Writes log events with the caller's permissions, as AWS services do: without them, silently nothing. */
export interface LogSink {
  write(request: {
    readonly caller: Caller;
    readonly logGroupName: string;
    readonly logStreamName: string;
    readonly lines: readonly LogLine[];
    /** Lambda creates a missing group and stream; Firehose writes only to existing ones. */
    readonly onMissing: "create" | "drop";
  }): Promise<void>;
}
