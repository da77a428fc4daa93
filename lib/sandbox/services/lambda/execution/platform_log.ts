/**
 * The lines that Lambda itself writes into a function's log, in text format, and what the invoker
 * gets where the runtime posted nothing. Texts captured on AWS in 2025-11 unless noted.
 * @module
 */

import { createHash } from "node:crypto";

/** How a runtime ended by itself, or was ended. */
export type Exit =
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "signalled"; readonly signal: string }
  | { readonly kind: "outOfMemory" }
  /** Its program could not be started. */
  | { readonly kind: "unstartable"; readonly reason: string };

/** A failure that the platform reports, because the runtime could not. */
export interface PlatformFailure {
  /** `Sandbox.Timedout`, `Runtime.ExitError`, `Runtime.OutOfMemory`. */
  readonly errorType: string;
  /** Without `RequestId: … Error: ` before it. */
  readonly reason: string;
}

/** The words Go has for the signals that end a function. */
const SIGNAL_WORDS: Readonly<Record<string, string>> = {
  SIGKILL: "killed",
  SIGSEGV: "segmentation fault",
  SIGABRT: "aborted",
  SIGTRAP: "trace/breakpoint trap",
  SIGILL: "illegal instruction",
  SIGBUS: "bus error",
  SIGFPE: "floating point exception",
  SIGTERM: "terminated",
  SIGINT: "interrupt",
};

/** What an exit is to the invoker. */
export function exitFailure(exit: Exit): PlatformFailure {
  if (exit.kind === "outOfMemory") {
    // Assumed: the log's error type was seen, the payload is an exit's.
    return {
      errorType: "Runtime.OutOfMemory",
      reason: "Runtime exited with error: signal: killed",
    };
  }
  if (exit.kind === "unstartable") {
    return { errorType: "Runtime.InvalidEntrypoint", reason: exit.reason };
  }
  const errorType = "Runtime.ExitError";
  if (exit.kind === "signalled") {
    const words = SIGNAL_WORDS[exit.signal] ?? exit.signal;
    return { errorType, reason: `Runtime exited with error: signal: ${words}` };
  }
  return exit.code === 0
    ? { errorType, reason: "Runtime exited without providing a reason" }
    : { errorType, reason: `Runtime exited with error: exit status ${exit.code}` };
}

/** What a timeout is to the invoker: the configured seconds, with two decimals. */
export function timeoutFailure(timeoutSeconds: number): PlatformFailure {
  return {
    errorType: "Sandbox.Timedout",
    reason: `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
  };
}

/** The invoker's payload of a failure. */
export function failurePayload(requestId: string, { errorType, reason }: PlatformFailure): string {
  return JSON.stringify({ errorType, errorMessage: `RequestId: ${requestId} Error: ${reason}` });
}

/** The invoker's payload after a response that was too large: it does not say how large it was. */
export const TOO_LARGE_PAYLOAD = JSON.stringify({
  errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
  errorType: "Function.ResponseSizeTooLarge",
});

/** An ARN like AWS's for a runtime's build. The number is the sandbox's and never changes. */
export function runtimeVersionArn(runtime: string, region: string): string {
  const hash = createHash("sha256").update(`firehose-lab ${runtime}`).digest("hex");
  return `arn:aws:lambda:${region}::runtime:${hash}`;
}

export function initStartLine(runtime: string, region: string): string {
  // `nodejs22.x` is 22 there, `python3.13` is 3.13, `provided.al2023` is al2023.
  const [, language, version] = /^([a-z]+)\.?(.*?)(?:\.x)?$/.exec(runtime) ?? ["", runtime, "0"];
  return `INIT_START Runtime Version: ${language}:${version}.v1\t` +
    `Runtime Version ARN: ${runtimeVersionArn(runtime, region)}\n`;
}

/** The line after an init phase that failed. */
export function initReportLine(
  { durationMs, phase, failure }: {
    readonly durationMs: number;
    readonly phase: "init" | "invoke";
    /** The error's type, or that the phase took too long. */
    readonly failure: { readonly errorType: string } | "timeout";
  },
): string {
  const status = failure === "timeout"
    ? "Status: timeout"
    : `Status: error\tError Type: ${failure.errorType}`;
  return `INIT_REPORT Init Duration: ${durationMs.toFixed(2)} ms\tPhase: ${phase}\t${status}\n`;
}

export const startLine = (requestId: string, version: string) =>
  `START RequestId: ${requestId} Version: ${version}\n`;

export const endLine = (requestId: string) => `END RequestId: ${requestId}\n`;

/** The event of two lines after an exit. */
export const exitLine = (requestId: string, { errorType, reason }: PlatformFailure) =>
  `RequestId: ${requestId} Error: ${reason}\n${errorType}\n`;

/** Whether AWS still writes it beside `Status: timeout` is not certain; the sandbox writes both. */
export const timeoutLine = (requestId: string, nowMs: number, { reason }: PlatformFailure) =>
  `${new Date(nowMs).toISOString()} ${requestId} ${reason}\n\n`;

/** What an invocation took. */
export interface Usage {
  readonly durationMs: number;
  /** Only of a cold start. */
  readonly initDurationMs?: number;
  readonly memorySizeMB: number;
  readonly maxMemoryUsedMB: number;
  /** Only where the platform had to end the invocation. */
  readonly failure?: PlatformFailure;
}

/** REPORT. INIT is billed as well since 2025-08; a tab stands before the newline. */
export function reportLine(requestId: string, usage: Usage): string {
  const { durationMs, initDurationMs, failure } = usage;
  const billedMs = Math.ceil(durationMs + (initDurationMs ?? 0));
  const fields = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${billedMs} ms`,
    `Memory Size: ${usage.memorySizeMB} MB`,
    `Max Memory Used: ${usage.maxMemoryUsedMB} MB`,
  ];
  if (initDurationMs !== undefined) fields.push(`Init Duration: ${initDurationMs.toFixed(2)} ms`);
  if (failure?.errorType === "Sandbox.Timedout") fields.push("Status: timeout");
  else if (failure) fields.push("Status: error", `Error Type: ${failure.errorType}`);
  else fields.push("");
  return `${fields.join("\t")}\n`;
}
