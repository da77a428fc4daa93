/**
 * Logs of whole invocations for tests: what a real client wrote, between the lines that Lambda writes
 * around it (as captured on AWS between 2024 and 2026), as events of CloudWatch Logs.
 * @module
 */

import type { ClientOutput } from "../clients/client_output.ts";

/** An event of CloudWatch Logs. */
export interface LogEvent {
  readonly timestamp: number;
  /** Ends with a line feed, as Lambda writes it. */
  readonly message: string;
  readonly logStreamName: string;
}

export const REQUEST_ID = "8f507cfc-7b1a-4a5e-9c3e-000000000001";
const LOG_STREAM = "2026/11/30/[$LATEST]0a1b2c3d4e5f60718293a4b5c6d7e8f9";
const BEGIN_MS = Date.UTC(2026, 10, 30, 10);

/** How an invocation ended, as the platform tells it. */
export interface Ending {
  /** Absent where the process lived on. */
  readonly exit?: string;
  readonly timeoutSeconds?: number;
  readonly durationMs?: number;
  readonly usedMB?: number;
  /** Of REPORT, since 2025. */
  readonly status?: string;
  readonly inInit?: boolean;
}

const REPORT_SIZE = 512;

/** What the client wrote for its first invocation, or all of it where it ended. */
function clientLines({ stdout, stderr }: ClientOutput): string[] {
  // Rust's and Go's panics come before what the client makes of them.
  const lines = `${stderr}\n${stdout}`.split("\n").filter((line) => line.trim() !== "");
  const own = lines.filter((line) => !line.includes("000000000002"));
  return own.map((line) => line.replaceAll("\r", "\n"));
}

/** The events of one invocation in text format. */
export function invocationLog(output: ClientOutput | undefined, ending: Ending): LogEvent[] {
  const client = output ? clientLines(output) : [];
  const messages = ending.inInit
    ? [
      ...client,
      `INIT_REPORT Init Duration: 150.79 ms\tPhase: init\tStatus: error\tError Type: ${
        ending.status ?? "Runtime.ExitError"
      }`,
      `START RequestId: ${REQUEST_ID} Version: $LATEST`,
    ]
    : [`START RequestId: ${REQUEST_ID} Version: $LATEST`, ...client];
  return eventsOf([...messages, ...endOf(ending)]);
}

function endOf({ exit, timeoutSeconds, durationMs = 3.01, usedMB = 36, status }: Ending): string[] {
  const time = new Date(BEGIN_MS + 3_000).toISOString();
  const isMemory = exit === "signal: killed";
  return [
    ...(timeoutSeconds === undefined
      ? []
      : [`${time} ${REQUEST_ID} Task timed out after ${timeoutSeconds.toFixed(2)} seconds\n`]),
    ...(exit === undefined ? [] : [
      `RequestId: ${REQUEST_ID} Error: Runtime exited with error: ${exit}\nRuntime.${
        isMemory ? "OutOfMemory" : "ExitError"
      }`,
    ]),
    `END RequestId: ${REQUEST_ID}`,
    `REPORT RequestId: ${REQUEST_ID}\tDuration: ${durationMs.toFixed(2)} ms\tBilled Duration: ${
      Math.ceil(durationMs)
    } ms\tMemory Size: ${REPORT_SIZE} MB\tMax Memory Used: ${usedMB} MB\t${
      status === undefined ? "" : `Status: ${status}`
    }`,
  ];
}

/** The same in Lambda's JSON format. */
export function invocationJsonLog(output: ClientOutput | undefined, ending: Ending): LogEvent[] {
  const client = output ? clientLines(output) : [];
  const { durationMs = 3.01, usedMB = 36, timeoutSeconds, exit } = ending;
  const status = timeoutSeconds !== undefined
    ? "timeout"
    : exit || ending.status
    ? "error"
    : "success";
  const event = (type: string, record: unknown) =>
    JSON.stringify({ time: new Date(BEGIN_MS).toISOString(), type, record });
  const metrics = {
    durationMs,
    billedDurationMs: Math.ceil(durationMs),
    memorySizeMB: REPORT_SIZE,
    maxMemoryUsedMB: usedMB,
  };
  return eventsOf([
    event("platform.start", { requestId: REQUEST_ID, version: "$LATEST" }),
    ...client,
    event("platform.runtimeDone", {
      requestId: REQUEST_ID,
      status,
      ...(exit ? { errorType: "Runtime.ExitError" } : {}),
    }),
    event("platform.report", { requestId: REQUEST_ID, metrics, status }),
  ]);
}

/** Messages as events of one log stream, ten milliseconds apart. */
export function eventsOf(messages: readonly string[]): LogEvent[] {
  return messages.map((message, index) => ({
    timestamp: BEGIN_MS + 10 * index,
    message: `${message}\n`,
    logStreamName: LOG_STREAM,
  }));
}
