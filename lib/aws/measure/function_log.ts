/**
 * A function's log in CloudWatch Logs.
 * @module
 */

import {
  type CloudWatchLogsClient,
  paginateFilterLogEvents,
} from "@aws-sdk/client-cloudwatch-logs";
import { assertEvent, type FirehoseTransformationEvent } from "../../../lambda/event.ts";
import { unlessMissing } from "../errors/missing.ts";

/** Which messages are wanted. */
export interface LogQuery {
  /** `/aws/lambda/<function>`. */
  readonly logGroupName: string;
  /**
   * All terms must occur. A term with more than letters and digits needs double quotes.
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
   */
  readonly filterPattern?: string;
  /** From this moment on, in milliseconds since 1970. */
  readonly sinceMs?: number;
}

/** One event of a log. */
export interface LogMessage {
  readonly time: Date;
  readonly message: string;
}

/** The messages of a log group in the order of time; none if there is no group yet. */
export async function logMessages(
  logs: CloudWatchLogsClient,
  { logGroupName, filterPattern, sinceMs: startTime }: LogQuery,
): Promise<LogMessage[]> {
  const read = async () => {
    const messages: LogMessage[] = [];
    const query = { logGroupName, filterPattern, startTime };
    for await (const { events = [] } of paginateFilterLogEvents({ client: logs }, query)) {
      messages.push(...events.map(({ timestamp = 0, message = "" }) => ({
        time: new Date(timestamp),
        message: message.trimEnd(),
      })));
    }
    return messages;
  };
  return await unlessMissing(read()) ?? [];
}

/**
 * The events of Firehose that a function logged as JSON, oldest first, for functions that only show
 * their input. Other lines are skipped.
 */
export async function loggedEvents(
  logs: CloudWatchLogsClient,
  query: Omit<LogQuery, "filterPattern">,
): Promise<FirehoseTransformationEvent[]> {
  const found = await logMessages(logs, { ...query, filterPattern: "invocationId" });
  return found.flatMap(({ message }) => {
    const start = message.indexOf('{"invocationId"');
    if (start < 0) return [];
    const event: unknown = JSON.parse(message.slice(start));
    assertEvent(event);
    return [event];
  });
}

/** The cost of invocations, from the platform's reports at the end of each. */
export interface Invocations {
  readonly count: number;
  readonly billedMs: number;
  /** Memory size times billed duration. */
  readonly gbSeconds: number;
}

/**
 * Sums the REPORT lines among `messages`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const report = "REPORT RequestId: 1\tDuration: 3.01 ms\tBilled Duration: 4 ms\tMemory Size: 512 MB\t";
 * assertEquals(invocationsIn([report]), { count: 1, billedMs: 4, gbSeconds: 0.002 });
 * ```
 */
export function invocationsIn(messages: readonly string[]): Invocations {
  const reports = messages.flatMap((message) => {
    const match = /^REPORT RequestId: .*\tBilled Duration: (\d+) ms\tMemory Size: (\d+) MB\t/.exec(
      message,
    );
    return match ? [{ billedMs: Number(match[1]), memoryMB: Number(match[2]) }] : [];
  });
  return {
    count: reports.length,
    billedMs: reports.reduce((sum, { billedMs }) => sum + billedMs, 0),
    gbSeconds: reports.reduce((sum, { billedMs, memoryMB }) => sum + billedMs * memoryMB, 0) /
      1024 / 1000,
  };
}
