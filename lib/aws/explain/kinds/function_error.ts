/**
 * What an invoker gets of an invocation that failed, and of the call itself.
 * @module
 */

import { callErrorKnowledge } from "../codes/call_errors.ts";
import { count, COURSE, type Explanation } from "../../../sandbox/knowledge/explanation.ts";
import { causeOfError } from "../logs/client_lines.ts";
import { failureKnowledge } from "../logs/failure_knowledge.ts";
import type { ToldFailure } from "../logs/invocations.ts";
import { memberOf, numberIn, objectIn, textIn } from "../shared/json_members.ts";
import type { Cause, Consequence } from "../logs/signs.ts";

type Document = Readonly<Record<string, unknown>>;

/** The payload of a failed invocation: a type and a message. Undefined for any other document. */
export function explainFunctionError(document: Document): Explanation | undefined {
  const message = textIn(document, "errorMessage");
  if (message === undefined || ["rawData", "attemptsMade", "level"].some((it) => it in document)) {
    return undefined;
  }
  const type = textIn(document, "errorType") ?? "";
  const failure = failureOf(type, message);
  const detail = failure === "exit" ? message.replace(/^.*Error: /s, "") : type || "an error";
  const told: ToldFailure = {
    failure,
    detail,
    language: undefined,
    inInit: false,
    count: 1,
    line: "",
    message,
    messages: new Set(),
    figures: new Map(),
    followed: new Set(),
  };
  return {
    subject: `the error of a failed invocation: ${type || "without a type"}`,
    ...failureKnowledge(told),
    numbers: [message],
  };
}

function failureOf(type: string, message: string): Cause | Consequence {
  if (type.endsWith("ResponseSizeTooLarge") || type === "RequestEntityTooLarge") return "tooLarge";
  if (message.startsWith("Response payload size")) return "tooLarge";
  if (type === "Sandbox.Timedout" || /Task timed out after [\d.]+ seconds$/.test(message)) {
    return "timeout";
  }
  if (type === "Runtime.OutOfMemory" || message.endsWith("signal: killed")) return "outOfMemory";
  if (
    type === "Runtime.ExitError" || message.endsWith("Process exited before completing request")
  ) {
    return "exit";
  }
  return causeOfError(type, message);
}

/** What `aws lambda invoke` prints. Its log, if it has one, is explained besides. */
export function explainInvokeAnswer(document: Document): Explanation | undefined {
  const status = numberIn(document, "StatusCode");
  if (status === undefined || !("ExecutedVersion" in document || "FunctionError" in document)) {
    return undefined;
  }
  const hasFailed = "FunctionError" in document;
  const hasLog = "LogResult" in document;
  return {
    subject: "Lambda's answer to an invocation",
    happened: hasFailed
      ? "The function failed: HTTP 200 only says that Lambda could run it."
      : "Lambda ran the function and got a response. This does not say whether Firehose accepts the " +
        "response: explain the payload that the command wrote into its file.",
    numbers: [
      `StatusCode ${status}${hasFailed ? `, FunctionError ${document.FunctionError}` : ""}`,
    ],
    ...(hasFailed && !hasLog
      ? { cure: "Invoke it with --log-type Tail, or explain the function's log of that time." }
      : {}),
    course: COURSE.deploy,
  };
}

/** What PutRecord and PutRecordBatch answer, also in place of a result. */
export function explainPutAnswer(document: Document): Explanation | undefined {
  const failed = numberIn(document, "FailedPutCount");
  if (failed !== undefined) return explainBatchAnswer(document, failed);
  if (textIn(document, "RecordId") !== undefined && "Encrypted" in document) {
    return {
      subject: "PutRecord's answer",
      happened: "The delivery stream accepted the record.",
      rule:
        "An accepted record is not delivered yet: it waits in a buffer, and may still fail in a function.",
      numbers: [],
      course: COURSE.puts,
    };
  }
  const type = textIn(document, "__type") ?? textIn(document, "code") ?? textIn(document, "Code");
  const message = textIn(document, "message") ?? textIn(document, "Message") ?? "";
  if (type === undefined || !/(Exception|Failure|Error)$/.test(type)) return undefined;
  return {
    subject: `an error of a call: ${type.replace(/^.*#/, "")}`,
    ...callErrorKnowledge(type, message),
    numbers: message === "" ? [] : [message],
  };
}

function explainBatchAnswer(document: Document, failed: number): Explanation {
  const list = memberOf(document, "RequestResponses");
  const responses = Array.isArray(list) ? list.map(objectIn) : [];
  const codes = new Map<string, number>();
  for (const response of responses) {
    const code = textIn(response, "ErrorCode");
    if (code !== undefined) codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  const subject = `PutRecordBatch's answer for ${count(responses.length, "record")}`;
  if (failed === 0) {
    return {
      subject,
      happened: "The delivery stream accepted all records.",
      rule:
        "Accepted records are not delivered yet: they wait in a buffer, and may still fail in a function.",
      numbers: [],
      course: COURSE.puts,
    };
  }
  const [first = ""] = codes.keys();
  return {
    subject,
    ...callErrorKnowledge(first, ""),
    happened:
      `${count(failed, "record")} of the batch ${failed === 1 ? "was" : "were"} not accepted, ` +
      "although the call succeeded (HTTP 200).",
    numbers: [
      `FailedPutCount ${failed.toLocaleString("en")}`,
      ...[...codes].map(([code, times]) => `${times.toLocaleString("en")} ${code}`),
      ...responses.flatMap((response) => textIn(response, "ErrorMessage") ?? []).slice(0, 1),
    ],
    cure: "Send only the records again whose entry has an ErrorCode, with growing pauses.",
  };
}
