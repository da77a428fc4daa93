/**
 * Why a batch failed, by the function's log, and what else the log says of an invocation.
 * @module
 */

import { type InvocationReport, invocationReport } from "./report_line.ts";

/** Why all records of a batch failed together. */
export type Failure = "tooLarge" | "timedOut" | "failed";

/** What is kept of an invocation's log. */
export interface LogFacts {
  /** Undefined if each record has its own fate. */
  readonly failure: Failure | undefined;
  /**
   * Whether the invocation ended the function's process, so that the next one begins with a new one.
   * Lambda then starts it inside of that invocation: its time is in Duration, and no Init Duration is
   * reported. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
   */
  readonly endedProcess: boolean;
  /** Undefined if the log has no REPORT line. */
  readonly report: InvocationReport | undefined;
  readonly logBytes: number;
}

/** Reads the end of a log, of which all has `logBytes`. */
export function logFacts(
  log: string,
  { hasFailed, logBytes = log.length }: {
    readonly hasFailed: boolean;
    readonly logBytes?: number;
  },
): LogFacts {
  return {
    failure: hasFailed ? failureIn(log) : undefined,
    endedProcess: hasFailed && ENDED_PROCESS.test(log),
    report: invocationReport(log),
    logBytes,
  };
}

function failureIn(log: string): Failure {
  if (TIMED_OUT.test(log)) return "timedOut";
  return TOO_LARGE.test(log) ? "tooLarge" : "failed";
}

const TOO_LARGE = /Http response code: 413\b|ResponseSizeTooLarge|status=413|status code: 413/;
const TIMED_OUT = /Task timed out|Status: timeout/;
const ENDED_PROCESS = /Runtime\.ExitError|exited with|Task timed out|Status: timeout/;

type Failed = Pick<LogFacts, "failure">;

/** Whether all records of the batch failed together. */
export const hasFailed = ({ failure }: Failed): boolean => failure !== undefined;

/** Whether the batch failed because its response did not fit. */
export const isTooLarge = ({ failure }: Failed): boolean => failure === "tooLarge";

/** Whether the function did not answer within its timeout. */
export const isTimedOut = ({ failure }: Failed): boolean => failure === "timedOut";
