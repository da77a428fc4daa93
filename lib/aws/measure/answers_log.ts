/**
 * The lines about answers in the log of the course's function.
 * @module
 */

import { type BatchSummary, readSummaryLine } from "../../../lambda/summary_line.ts";
import type { Lab } from "../place/begin.ts";
import { logMessages } from "./function_log.ts";

/** One answer to a batch. */
export interface LoggedAnswer extends Omit<BatchSummary, "streamName" | "inCalls"> {
  readonly failed: number;
}

/**
 * The answers to a delivery stream's batches among the lines of a function's log. (A smoke test's
 * event names another stream.)
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const line = "3 of 8 records of s are Ok; 4 are Dropped and put back in 1 calls; the response takes 900 bytes";
 * const [answer] = answersIn([line], "s");
 * assertEquals([answer.putBack, answer.failed], [4, 1]);
 * ```
 */
export function answersIn(messages: readonly string[], streamName: string): LoggedAnswer[] {
  return messages.flatMap((message) => {
    const summary = readSummaryLine(message);
    if (summary?.streamName !== streamName) return [];
    const { records, ok, putBack, merged, written, responseBytes } = summary;
    const failed = records - ok - putBack - merged - written;
    return [{ records, ok, putBack, merged, written, failed, responseBytes }];
  });
}

/** The answers that the notebook's function has logged since this moment. */
export async function answersSince({ logs, names }: Lab, sinceMs: number): Promise<LoggedAnswer[]> {
  const query = { logGroupName: names.functionLogGroup, sinceMs };
  const messages = (await logMessages(logs, query)).map(({ message }) => message);
  return answersIn(messages, names.stream);
}
