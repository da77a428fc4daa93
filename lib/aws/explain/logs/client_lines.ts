/**
 * What the runtime clients of the five languages write when a function fails, line by line. Made from
 * what the real clients wrote (`../clients/client_output.json`), not from memory.
 * @module
 */

import type { Language } from "../shared/runtimes.ts";
import { objectIn, textIn } from "../shared/json_members.ts";
import { isQuoted } from "./platform_lines.ts";
import type { Cause, Consequence, Sign } from "./signs.ts";

/** The lines that came before, the newest last, of the same message or log stream. */
export type Before = readonly string[];

/** So many lines are kept for {@linkcode Before}. */
export const LINES_BEFORE = 40;

type Rule = (line: string, before: Before) => Sign | undefined;

/** What a client's line says; undefined for any other line. */
export function clientSign(line: string, before: Before): Sign | undefined {
  for (const rule of RULES) {
    const sign = rule(line, before);
    if (sign) return sign;
  }
  return undefined;
}

type Failure = Extract<Sign, { readonly kind: "failure" }>;

function failure(
  failure: Cause | Consequence,
  language: Language | undefined,
  more: { readonly detail?: string; readonly message?: string; readonly requestId?: string } & {
    readonly inInit?: boolean;
  } = {},
): Failure {
  return { kind: "failure", failure, language, ...more };
}

/** An exception by its type: some types say more than that the function threw. */
function exceptionOf(
  language: Language,
  detail: string,
  message: string,
  more: { readonly requestId?: string; readonly inInit?: boolean } = {},
): Failure {
  return failure(causeOfError(detail, message), language, { detail, message, ...more });
}

/** What an error says by its type and message. */
export function causeOfError(type: string, message: string): Cause {
  if (IMPORT_TYPES.test(type)) return "importError";
  if (/^Cannot find (?:module|package) /.test(message)) return "importError";
  if (MEMORY_TYPES.test(type) || message.startsWith("java.lang.OutOfMemoryError")) {
    return "outOfMemory";
  }
  if (/MarshalError$|JSONStringifyError$|UnsupportedTypeError$/.test(type)) return "unserialisable";
  if (
    /^Unable to stringify response body|^An error occurred during JSON serialization/.test(message)
  ) {
    return "unserialisable";
  }
  return "exception";
}

const IMPORT_TYPES =
  /ImportModuleError$|HandlerNotFound$|MalformedHandlerName$|UserCodeSyntaxError$|ClassNotFoundException$|NoClassDefFoundError$|CallbackHandlerDeprecated$|MODULE_NOT_FOUND$/;
const MEMORY_TYPES = /^MemoryError$|OutOfMemoryError$|^Runtime\.OutOfMemory$/;

/** People often post it without its beginning. */
const LAMBDA_RUNTIME =
  /(?:\[ERROR\] \[\d+\] )?(?:LAMBDA_RUNTIME )?Failed to post handler success response\. Http response code: (\d+)/;

// All: the C++ client in Node 18 to 24, Python and Java.
const tooLarge: Rule = (line) => {
  const match = LAMBDA_RUNTIME.exec(line);
  if (!match || isQuoted(line, match.index)) return undefined;
  return match[1] === "413"
    ? failure("tooLarge", undefined)
    : failure("postFailed", undefined, { detail: `HTTP ${match[1]}` });
};

const tooLargeInGo: Rule = (line) => {
  const match = /failed to POST to \S+\/response: got unexpected status code: (\d+)/.exec(line);
  if (!match || isQuoted(line, match.index)) return undefined;
  return match[1] === "413"
    ? failure("tooLarge", "go")
    : failure("postFailed", "go", { detail: `HTTP ${match[1]}` });
};

const inRust: Rule = (line) => {
  if (!line.includes("Lambda ")) return undefined;
  const match = /\bERROR Lambda runtime invoke\{requestId="([^"]*)"[^}]*\}: (.*)$/.exec(line);
  if (!match) return bareRust(line);
  const [, requestId, said] = match;
  return rustSign(said, requestId);
};

const bareRust: (line: string) => Sign | undefined = (line) => {
  const match = /Lambda Runtime API returned non-200 response:? status=(\d+)/.exec(line);
  if (!match || isQuoted(line, match.index) || match[1] !== "413") return undefined;
  return failure("tooLarge", "rust");
};

/** What lambda_runtime says inside of its span, as text and as JSON. */
function rustSign(said: string, requestId: string | undefined): Sign {
  const [, status] = /^Lambda Runtime API returned non-200 response:? status=(\d+)/.exec(said) ??
    [];
  if (status === "413") return failure("tooLarge", "rust", { requestId });
  if (status) return failure("postFailed", "rust", { requestId, detail: `HTTP ${status}` });
  if (said.startsWith("user handler panicked")) {
    return { ...failure("panic", "rust", { requestId }), isEcho: true };
  }
  return exceptionOf("rust", "Error", said.replace(/^"(.*)"$/s, "$1"), { requestId });
}

const panicInRust: Rule = (line, before) => {
  const isPanic = /\bthread '[^']*' (?:\(\d+\) )?panicked at [^\n]*:$/;
  // The message stands on the line after.
  if (isPanic.test(before.at(-1) ?? "")) return failure("panic", "rust", { message: line.trim() });
  const older = /\bthread '[^']*' panicked at '(.*)', \S+:\d+:\d+$/.exec(line);
  return older ? failure("panic", "rust", { message: older[1] }) : undefined;
};

const memoryInRust: Rule = (line) =>
  /(?:^|[\s|])memory allocation of \d+ bytes failed\s*$/.test(line)
    ? failure("outOfMemory", "rust")
    : undefined;

const inNode: Rule = (line) => {
  if (!NODE_WORDS.test(line)) return undefined;
  const match =
    /(\S+)[\t ]+ERROR[\t ]+(Invoke Error|Uncaught Exception|Unhandled Promise Rejection|Init Error)\s+(\{\s*\S.*)$/s
      .exec(line);
  if (!match) return undefined;
  const [, id, , json] = match;
  const requestId = id === "undefined" || id === "-" ? undefined : id;
  return exceptionOf("node", ...errorIn(json), { requestId, inInit: requestId === undefined });
};

/** Type and message of an error in JSON that may be cut off, or stand on one line of several. */
function errorIn(json: string): [type: string, message: string] {
  const member = (name: string) =>
    textOf(new RegExp(`"${name}":\\s*"((?:[^"\\\\]|\\\\.)*)`).exec(json)?.[1]);
  const code = member("code");
  return [
    code.endsWith("MODULE_NOT_FOUND") ? code : member("errorType") || "Error",
    member("errorMessage"),
  ];
}

function textOf(escaped = ""): string {
  try {
    return `${JSON.parse(`"${escaped}"`)}`;
  } catch {
    return escaped;
  }
}

/** The console shows the JSON over many lines: the type stands on one of the next. */
const NODE_WORDS =
  /ERROR[\t ]+(?:Invoke Error|Uncaught Exception|Unhandled Promise Rejection|Init Error)/;

const inNodeSpread: Rule = (line, before) => {
  const isSpread =
    /(\S+)[\t ]+ERROR[\t ]+(?:Invoke Error|Uncaught Exception|Unhandled Promise Rejection|Init Error)\s*\{?\s*$/;
  if (!/(?:^|[\s|])"errorMessage":/.test(line)) return undefined;
  const at = before.findLastIndex((one) => isSpread.test(one));
  if (at < 0 || at < before.length - 4) return undefined;
  const [, id] = isSpread.exec(before[at]) ?? [];
  const requestId = id === "undefined" || id === "-" ? undefined : id;
  const [type, message] = errorIn([...before.slice(at + 1), line].join("\n"));
  return exceptionOf("node", type, message, { requestId, inInit: requestId === undefined });
};

/** Version 4 of the client catches nothing: Node prints the error and ends. */
const uncaughtInNode: Rule = (line, before) => {
  if (!/(?:^|[\s|])Node\.js v\d+\.\d+\.\d+\s*$/.test(line)) return undefined;
  const spelled = /(?:^|[\s|])(?:Uncaught )?([A-Za-z_$][\w$.]*)(?: \[([\w.]+)\])?: (.*)$/;
  for (const one of before) {
    const [, type, code, message] = spelled.exec(one) ?? [];
    if (type === undefined || !/(Error|Exception)$/.test(type)) continue;
    const name = code?.startsWith("Runtime.") ? code : type;
    return { ...exceptionOf("node", name, message), isEcho: true };
  }
  return failure("exception", "node", { detail: "an error" });
};

const memoryInNode: Rule = (line) =>
  /(?:^|[\s|])FATAL ERROR: .*JavaScript heap out of memory/.test(line)
    ? failure("outOfMemory", "node")
    : undefined;

/** `[ERROR] KeyError: 'x'`, then a traceback; the message may have several lines. */
const inPython: Rule = (line, before) => {
  const isTraceback = /(?:^|[\s|])Traceback \(most recent call last\):/.test(line);
  if (!isTraceback) return undefined;
  const at = before.findLastIndex((one) => PYTHON_ERROR.test(one));
  if (
    at < 0 || before.slice(at + 1).some((one) => /(?:^|[\s|])(?:File "|Traceback \()/.test(one))
  ) {
    return undefined;
  }
  const match = PYTHON_ERROR.exec(before[at]);
  if (!match || isQuoted(before[at], match.index)) return undefined;
  const [, type, first = ""] = match;
  const message = [first, ...before.slice(at + 1)].join("\n").trim();
  const inInit = before.slice(Math.max(0, at - 2), at).some((one) =>
    one.includes("LAMBDA_WARNING: Unhandled")
  );
  return exceptionOf("python", type, message, { inInit });
};

const PYTHON_ERROR = /(?:^|[\s|])\[ERROR\] ([A-Za-z_][\w.]*)(?:: (.*))?$/s;

/** The first line alone, e.g. found by a search; the traceback would follow it. */
export function lonePythonError(line: string): Sign | undefined {
  const match = PYTHON_ERROR.exec(line);
  const [, type, message = ""] = match ?? [];
  if (
    !match || isQuoted(line, match.index) ||
    !/(?:Error|Exception|Exit|Interrupt)$|^Runtime\./.test(type)
  ) {
    return undefined;
  }
  return exceptionOf("python", type, message.trim());
}

/** Python's client before 2019, and what it tells Lambda to this day. */
const initInOldPython: Rule = (line) => {
  const match =
    /(?:^|[\s|])(?:module initialization error: (.*)|(Unable to import module '[^']*': .*))$/
      .exec(line);
  if (!match || isQuoted(line, match.index)) return undefined;
  const [, said, unable] = match;
  return unable === undefined
    ? failure("exception", "python", { detail: "an error", message: said, inInit: true })
    : failure("importError", "python", { detail: "Runtime.ImportModuleError", message: unable });
};

const postFailedInPython: Rule = (line) =>
  /(?:^|[\s|])RuntimeError: Failed to post invocation (?:response|error)\s*$/.test(line)
    ? failure("postFailed", "python")
    : undefined;

const JAVA_CLASS = String.raw`(?:[a-z_][\w$]*\.)+[A-Z][\w$.]*`;
const JAVA_HEAD = new RegExp(String.raw`^(.*): (${JAVA_CLASS})$`, "s");

/** `<message>: <class>`, then the stack that begins with the class. */
const inJava: Rule = (line, before) => {
  if (!/(?:^|[\s|])[a-z_][\w$]*\./.test(line)) return undefined;
  const [, said, type] = JAVA_HEAD.exec((before.at(-1) ?? "").trim()) ?? [];
  const at = type === undefined ? -1 : line.indexOf(type);
  if (type === undefined || at < 0 || isQuoted(line, at)) return undefined;
  if (type.endsWith(".LambdaRuntimeClientException")) return failure("postFailed", "java");
  const inInit = /(?:^|\s)(?:Error loading class|Class not found:) /.test(said);
  if (inInit && !type.endsWith("ClassNotFoundException")) {
    return failure("exception", "java", { detail: type, message: said.trim(), inInit });
  }
  // The message may have several lines, of which `said` is the last.
  const message = line.slice(at + type.length + 2).trim() || said.trim();
  return exceptionOf("java", type, message, { inInit });
};

const JAVA_UNCAUGHT = new RegExp(
  String.raw`(?:^|[\s|])Exception in thread "[^"]*" (${JAVA_CLASS})(?:: (.*))?$`,
  "s",
);

const uncaughtInJava: Rule = (line) => {
  const match = JAVA_UNCAUGHT.exec(line);
  if (!match) return undefined;
  const [, type, message = ""] = match;
  if (type.endsWith(".LambdaRuntimeClientException")) return failure("postFailed", "java");
  return exceptionOf("java", type, message);
};

/** `panic: …`, then the goroutines. */
const panicInGo: Rule = (line, before) => {
  if (
    !/(?:^|[\s|])goroutine \d+ .*\[running/.test(line) && !/(?:^|[\s|])runtime stack:/.test(line)
  ) {
    return undefined;
  }
  const at = before.findLastIndex((one) => /(?:^|[\s|])(?:panic|fatal error): /.test(one));
  if (at < 0 || at < before.length - 6) return undefined;
  const [, kind, message] = /(?:^|[\s|])(panic|fatal error): (.*)$/.exec(before[at]) ?? [];
  if (before.slice(at + 1).some((one) => /(?:^|[\s|])(?:goroutine \d|runtime stack:)/.test(one))) {
    return undefined;
  }
  if (/out of memory/.test(message)) return failure("outOfMemory", "go", { message });
  return failure("panic", "go", { detail: kind, message });
};

const RULES: readonly Rule[] = [
  tooLarge,
  tooLargeInGo,
  inRust,
  panicInRust,
  memoryInRust,
  inNode,
  inNodeSpread,
  uncaughtInNode,
  memoryInNode,
  inPython,
  initInOldPython,
  postFailedInPython,
  inJava,
  uncaughtInJava,
  panicInGo,
];

/**
 * What a client wrote as JSON: an error of Node, Python or Java in Lambda's JSON format, of Go in
 * either, of Rust. Empty for any other document, whose texts may still be lines of a log.
 */
export function clientEvent(value: Readonly<Record<string, unknown>>): readonly Sign[] {
  const requestId = textIn(value, "requestId");
  const id = requestId === "-" || requestId === "" ? undefined : requestId;
  const nested = objectIn(value.message);
  const isError = value.level === "ERROR" || value.level === "FATAL";
  if (isError && textIn(nested, "errorType") !== undefined && Array.isArray(nested.stackTrace)) {
    // console.error(error) of the function writes the same: the report decides.
    return [{ ...jsonError("node", nested, id), isDoubtful: true }];
  }
  const { fields, span } = value;
  if (isError && objectIn(span).name === "Lambda runtime invoke") {
    const status = textIn(objectIn(fields), "status");
    const said = `${textIn(objectIn(fields), "message") ?? ""}${status ? ` status=${status}` : ""}`;
    return [rustSign(said, textIn(objectIn(span), "requestId"))];
  }
  const type = textIn(value, "errorType");
  if (type === undefined || textIn(value, "errorMessage") === undefined) return [];
  if (isError && Array.isArray(value.stackTrace) && value.logger === undefined) {
    return [jsonError("python", value, id)];
  }
  // Go's client logs the error as it posts it, with the time before it.
  return value.level === undefined && value.requestId === undefined ? [goError(value)] : [];
}

function jsonError(
  language: Language,
  error: Readonly<Record<string, unknown>>,
  requestId: string | undefined,
): Failure {
  const code = textIn(error, "code");
  const type = code?.endsWith("MODULE_NOT_FOUND") ? code : textIn(error, "errorType");
  const message = textIn(error, "errorMessage") ?? "";
  return exceptionOf(language, type ?? "Error", message, {
    requestId,
    inInit: requestId === undefined,
  });
}

function goError(value: Readonly<Record<string, unknown>>): Sign {
  const [type, message] = [textIn(value, "errorType") ?? "", textIn(value, "errorMessage") ?? ""];
  // The Runtime API's answer to a response, which the C++ client puts after its line.
  if (type === "RequestEntityTooLarge") return { ...failure("tooLarge", undefined), isEcho: true };
  const frames = Array.isArray(value.stackTrace) ? value.stackTrace.map(objectIn) : [];
  const isPanic = frames.some(({ label }) => label === "lambdaPanicResponse");
  return isPanic
    ? failure("panic", "go", { detail: type, message })
    : exceptionOf("go", type, message);
}
