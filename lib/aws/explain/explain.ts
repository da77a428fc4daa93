/**
 * Explains what came out of somebody's pipeline: events, responses, log lines, error objects. Pure:
 * files in, explanations out.
 * @module
 */

import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { assertEvent, type FirehoseTransformationEvent } from "../../../lambda/event.ts";
import { type FailedRecord, failedRecord } from "../streams/failed_record.ts";
import { functionErrorKnowledge } from "./error_codes.ts";
import { explainErrorLines } from "./error_object.ts";
import type { Explanation } from "./explanation.ts";
import { explainEvent, explainResponse, type ResponseLike } from "./invocation.ts";
import { explainLog } from "./log_lines.ts";

/** A file's name and its bytes. */
export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What was found in one file. */
export interface ExplainedFile {
  readonly name: string;
  /** Empty where nothing in it is known. */
  readonly explanations: readonly Explanation[];
}

/** A file may be this many bytes decompressed. */
const TEXT_BYTES_MAX = 256 * 1024 * 1024;

/** Explains files; a response is held against an event among them. */
export function explainFiles(files: readonly NamedFile[]): ExplainedFile[] {
  const contents = files.map(({ name, bytes }) => ({ name, content: contentOf(textOf(bytes)) }));
  const event = contents.map(({ content }) => content)
    .find((content) => content.kind === "event")?.event;
  return contents.map(({ name, content }) => ({ name, explanations: explain(content, event) }));
}

function textOf(bytes: Uint8Array): string {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const plain = isGzip ? gunzipSync(bytes, { maxOutputLength: TEXT_BYTES_MAX }) : bytes;
  return Buffer.from(plain.buffer, plain.byteOffset, plain.length).toString();
}

/** What a text turned out to be. */
type Content =
  | { readonly kind: "event"; readonly event: FirehoseTransformationEvent }
  | { readonly kind: "response"; readonly response: ResponseLike }
  | { readonly kind: "functionError"; readonly errorType: string; readonly errorMessage: string }
  | { readonly kind: "errorLines"; readonly records: readonly FailedRecord[] }
  | { readonly kind: "log"; readonly lines: readonly string[] };

function contentOf(text: string): Content {
  const value = parsed(text);
  if (value !== undefined) {
    const content = contentOfDocument(value);
    if (content) return content;
  }
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const records = lines.flatMap((line) => errorLine(parsed(line)));
  if (records.length > 0) return { kind: "errorLines", records };
  return { kind: "log", lines };
}

function contentOfDocument(value: unknown): Content | undefined {
  if (typeof value === "string") return { kind: "log", lines: [value] };
  if (Array.isArray(value)) return contentOfList(value);
  if (typeof value !== "object" || value === null) return undefined;
  if ("records" in value && Array.isArray(value.records)) {
    return isEvent(value)
      ? { kind: "event", event: value }
      : { kind: "response", response: { ...value, records: value.records } };
  }
  // What FilterLogEvents and GetLogEvents answer.
  if ("events" in value && Array.isArray(value.events)) return contentOfList(value.events);
  if ("errorType" in value && typeof value.errorType === "string") {
    const errorMessage = "errorMessage" in value ? `${value.errorMessage}` : "";
    return { kind: "functionError", errorType: value.errorType, errorMessage };
  }
  const records = errorLine(value);
  return records.length > 0 ? { kind: "errorLines", records } : undefined;
}

function contentOfList(values: readonly unknown[]): Content | undefined {
  const records = values.flatMap(errorLine);
  if (records.length > 0) return { kind: "errorLines", records };
  const lines = values.flatMap((value) => {
    if (typeof value === "string") return [value];
    const hasMessage = typeof value === "object" && value !== null && "message" in value;
    return hasMessage ? [`${value.message}`] : [];
  });
  return lines.length > 0 ? { kind: "log", lines } : undefined;
}

function explain(
  content: Content,
  event: FirehoseTransformationEvent | undefined,
): readonly Explanation[] {
  switch (content.kind) {
    case "event":
      return [explainEvent(content.event)];
    case "response":
      return [explainResponse(content.response, event)];
    case "functionError": {
      const { errorType, errorMessage } = content;
      const subject = `what an invoker gets: ${errorType}`;
      return [{ subject, ...functionErrorKnowledge(errorType), numbers: [errorMessage] }];
    }
    case "errorLines":
      return explainErrorLines(content.records);
    case "log":
      return explainLog(content.lines);
  }
}

function isEvent(value: unknown): value is FirehoseTransformationEvent {
  try {
    assertEvent(value);
    return true;
  } catch {
    return false;
  }
}

function errorLine(value: unknown): FailedRecord[] {
  const isOne = typeof value === "object" && value !== null && "rawData" in value &&
    typeof value.rawData === "string";
  return isOne ? [failedRecord(value)] : [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
