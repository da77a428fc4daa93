/**
 * What Lambda itself writes into a function's log, as text and as JSON: starts, reports, timeouts,
 * exits, and starts of environments that failed. Texts as captured on AWS between 2024 and 2026; a
 * copy from the console has blanks for tabs.
 * @module
 */

import { memberOf, numberIn, objectIn, textIn } from "../shared/json_members.ts";
import type { Cause, Figure, Sign } from "./signs.ts";

const REPORT =
  /\bREPORT RequestId:\s*(\S+)\s+Duration:\s*([\d.]+) ms\s+Billed Duration:\s*[\d.]+ ms\s+Memory Size:\s*(\d+) MB\s+Max Memory Used:\s*(\d+) MB(.*)/s;
const STATUS = /\bStatus:\s*(success|failure|error|timeout)\b(?:\s+Error Type:\s*(\S+))?/;
const START = /\bSTART RequestId:\s*(\S+)\s+Version:/;
const TIMEOUT = /(\S+)(?: Error:)? Task timed out after ([\d.]+) seconds/;
const EXIT =
  /(?:\bRequestId:\s*(\S+) )?\bError: Runtime exited (?:with error: (exit status \d+|signal: [a-z]+(?: [a-z]+)*)|without providing a reason)/;
/** Before 2019. */
const OLD_EXIT = /\bRequestId:\s*(\S+) Process exited before completing request/;
/** What the platform says where the runtime says nothing; before 2020 with the size. */
const TOO_LARGE =
  /\bResponse payload size (?:\(\d+ bytes\) )?exceeded maximum allowed payload size \(\d+ bytes\)/;
const INIT_REPORT =
  /\bINIT_REPORT Init Duration:\s*([\d.]+) ms\s+Phase:\s*(\w+)\s+Status:\s*(\w+)(?:\s+Error Type:\s*(\S+))?/;
const RUNTIME = /\bINIT_START Runtime Version:\s*(\w+):([\w.]+?)(?:\.DeprecationInfo)?\.v\d+/;
/** An init may take 10 seconds; it is tried again inside of the first invocation. */
const INIT_SECONDS = 10;

/**
 * A platform line as text; undefined for any other line. Each pattern is tried only where its words
 * stand in the line: a log has millions of lines, and some of them are very long.
 */
export function platformSign(line: string): Sign | undefined {
  return reportSign(line) ?? startSign(line) ?? exitSign(line) ?? tooLargeSign(line) ??
    timeoutSign(line) ??
    initSign(line) ?? runtimeSign(line);
}

/** All that the platform says in a text whose line feeds were lost. */
export function platformSigns(text: string): Sign[] {
  const readers = [startSign, exitSign, tooLargeSign, timeoutSign, initSign, reportSign];
  return readers.flatMap((read) => read(text) ?? []);
}

function reportSign(line: string): Sign | undefined {
  if (!line.includes("REPORT RequestId:")) return undefined;
  const match = REPORT.exec(line);
  if (!match || isQuoted(line, match.index)) return undefined;
  const [, requestId, duration, size, used, rest] = match;
  const [, status, errorType] = STATUS.exec(rest) ?? [];
  const figures: Figure[] = [
    { name: "duration", value: Number(duration) },
    { name: "memoryUsed", value: Number(used) },
    { name: "memorySize", value: Number(size) },
  ];
  return { kind: "report", requestId, figures, status: statusOf(status), errorType };
}

function statusOf(status: unknown) {
  return STATUSES.find((known) => known === status);
}

const STATUSES = ["success", "failure", "error", "timeout"] as const;

function startSign(line: string): Sign | undefined {
  if (!line.includes("START RequestId:")) return undefined;
  const match = START.exec(line);
  if (!match || isQuoted(line, match.index)) return undefined;
  return { kind: "start", requestId: match[1] };
}

function tooLargeSign(line: string): Sign | undefined {
  const at = line.includes("Response payload size ") ? line.search(TOO_LARGE) : -1;
  return at < 0 || isQuoted(line, at) ? undefined : { kind: "failure", failure: "tooLarge" };
}

function exitSign(line: string): Sign | undefined {
  if (!line.includes(" exited ")) return undefined;
  const match = EXIT.exec(line) ?? OLD_EXIT.exec(line);
  if (!match || isQuoted(line, match.index)) return undefined;
  const [, requestId, how = "no reason"] = match;
  // What the kernel does to a process that takes more memory than it may.
  if (how === "signal: killed") return { kind: "failure", failure: "outOfMemory", requestId };
  return { kind: "failure", failure: "exit", requestId, detail: how };
}

function timeoutSign(line: string): Sign | undefined {
  if (!line.includes("Task timed out after ")) return undefined;
  const match = TIMEOUT.exec(line);
  if (!match || isQuoted(line, match.index)) return undefined;
  const figures: Figure[] = [{ name: "timeout", value: Number(match[2]) }];
  return { kind: "failure", failure: "timeout", requestId: match[1], figures };
}

function initSign(line: string): Sign | undefined {
  if (!line.includes("INIT_REPORT ")) return undefined;
  const match = INIT_REPORT.exec(line);
  if (!match || isQuoted(line, match.index)) return undefined;
  const [, ms, phase, status, errorType] = match;
  return initFailure(status, errorType, Number(ms), phase);
}

function initFailure(
  status: string,
  errorType: string | undefined,
  ms: number,
  phase: string,
): Sign | undefined {
  if (status === "timeout" && phase === "init") {
    return {
      kind: "failure",
      failure: "initTimeout",
      inInit: true,
      figures: [{ name: "timeout", value: Number.isNaN(ms) ? INIT_SECONDS : ms / 1000 }],
    };
  }
  if (status === "success") return undefined;
  return { ...failureOfType(errorType), inInit: true };
}

/** What the platform's type of an error says; most often that the invocation failed and no more. */
export function failureOfType(errorType: string | undefined): Extract<Sign, { kind: "failure" }> {
  const failure = TYPES.find(([pattern]) => pattern.test(errorType ?? ""))?.[1] ?? "failed";
  return { kind: "failure", failure, detail: errorType };
}

const TYPES: readonly (readonly [RegExp, Cause])[] = [
  [/OutOfMemory$/, "outOfMemory"],
  [/ResponseSizeTooLarge$/, "tooLarge"],
  [
    /(?:ImportModuleError|HandlerNotFound|MalformedHandlerName|UserCodeSyntaxError)$/,
    "importError",
  ],
];

function runtimeSign(line: string): Sign | undefined {
  if (!line.includes("INIT_START ")) return undefined;
  const [, family, version] = RUNTIME.exec(line) ?? [];
  if (family === undefined) return undefined;
  return { kind: "runtime", name: `${family}${version}${family === "nodejs" ? ".x" : ""}` };
}

/**
 * Whether a line's text before `at` shows that somebody else speaks: a message of the function at
 * some level, or a quotation.
 */
export function isQuoted(line: string, at: number): boolean {
  const before = line.slice(0, at);
  return `"'\`\\`.includes(before.trimEnd().at(-1) ?? " ") ||
    /(?:^|[\t ])\[?(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL)\]?[\t ]/.test(before);
}

/** An event of Lambda's JSON log format; undefined for any other document. */
export function platformEvent(
  value: Readonly<Record<string, unknown>>,
): readonly Sign[] | undefined {
  const { type } = value;
  if (typeof type !== "string" || !type.startsWith("platform.")) return undefined;
  const record = objectIn(value.record);
  const requestId = textIn(record, "requestId") ?? "";
  const status = textIn(record, "status") ?? "";
  const errorType = textIn(record, "errorType");
  switch (type) {
    case "platform.start":
      return [{ kind: "start", requestId }];
    case "platform.report":
      return [{
        kind: "report",
        requestId,
        status: statusOf(status),
        errorType,
        figures: figuresOf(objectIn(memberOf(record, "metrics"))),
      }];
    case "platform.runtimeDone":
      if (status === "timeout") return [{ kind: "failure", failure: "timeout", requestId }];
      if (status === "success" || status === "") return [];
      return [{ ...failureOfType(errorType), requestId }];
    case "platform.initStart": {
      const sign = runtimeSign(`INIT_START Runtime Version: ${textIn(record, "runtimeVersion")}`);
      return sign ? [sign] : [];
    }
    case "platform.initReport":
    case "platform.initRuntimeDone": {
      const ms = numberIn(objectIn(memberOf(record, "metrics")), "durationMs") ?? NaN;
      const sign = initFailure(status, errorType, ms, textIn(record, "phase") ?? "init");
      return sign && status !== "" ? [sign] : [];
    }
    case "platform.fault":
      return typeof value.record === "string"
        ? value.record.split(/[\r\n]+/).flatMap((line) => platformSign(line) ?? [])
        : [];
    default:
      return [];
  }
}

function figuresOf(metrics: Readonly<Record<string, unknown>>): Figure[] {
  const names = [["duration", "durationMs"], ["memoryUsed", "maxMemoryUsedMB"], [
    "memorySize",
    "memorySizeMB",
  ]] as const;
  return names.flatMap(([name, member]) => {
    const value = numberIn(metrics, member);
    return value === undefined ? [] : [{ name, value }];
  });
}
