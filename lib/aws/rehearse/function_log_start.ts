/**
 * The beginning of a function's log, out of CloudWatch Logs.
 * @module
 */

import { type CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";

/** Events that are read: enough for an error and all that came before it. */
const EVENTS_READ = 1_000;
/** The log of an invocation may arrive a moment after its response. */
const TRIES = 20;
const PAUSE_MS = 50;

/**
 * The log from the moment `sinceMs` on, with the first invocation in it whole; undefined if that
 * does not fit into 1,000 events, or does not come within a second.
 */
export async function logStart(
  logs: CloudWatchLogsClient,
  logGroupName: string,
  sinceMs: number,
): Promise<string | undefined> {
  const query = { logGroupName, startTime: sinceMs, limit: EVENTS_READ };
  for (let tries = 0; tries < TRIES; tries++) {
    const { events = [] } = await logs.send(new FilterLogEventsCommand(query))
      .catch(() => ({ events: [] })); // there is no log group yet
    const all = events.map(({ message = "" }) => message.trimEnd());
    const messages = fromFirstStart(all);
    if (messages.some((message) => message.startsWith("REPORT RequestId:"))) {
      return messages.join("\n");
    }
    if (events.length === EVENTS_READ) return undefined;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return undefined;
}

/**
 * The lines from the start of an invocation on: the last lines of the one before may be of the same
 * millisecond.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const lines = ["REPORT RequestId: 1", "START RequestId: 2 Version: 1", "Runtime.OutOfMemory"];
 * assertEquals(fromFirstStart(lines), lines.slice(1));
 * ```
 */
export function fromFirstStart(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => /^(INIT_START |START RequestId: )/.test(line));
  return first < 0 ? [] : lines.slice(first);
}
