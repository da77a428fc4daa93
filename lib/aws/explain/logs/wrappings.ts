/**
 * Takes lines of a log out of their wrappings, before any rule sees them: what `aws logs tail`, the
 * AWS CLI's text, `sam logs`, exports to S3 and copies from the console put around a message, and the
 * documents that CloudWatch Logs, its Insights and Lambda answer with.
 * @module
 */

import { Buffer } from "node:buffer";
import { memberOf, objectIn, textIn } from "../shared/json_members.ts";

/** A message of a log, without its wrapping. It may have several lines. */
export interface LogMessage {
  readonly text: string;
  /** The log stream, where the wrapping names it. */
  readonly stream?: string;
}

const TIME = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?`;
const GO_TIME = String.raw`\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d+)?`;
const STREAM = String.raw`\d{4}\/\d\d\/\d\d\/[\w-]*\[[^\]\s]+\][0-9a-f]{8,32}`;

/** `2026-11-30T10:00:00.123000+00:00 2026/11/30/[$LATEST]0a1b… message`, colours off; also `sam logs`. */
const TIME_AND_STREAM = new RegExp(
  `^\\s*(?:\\S+ )??(?:${TIME} (${STREAM})|(${STREAM}) ${TIME})[ \\t](.*)$`,
  "s",
);
/** `--format short`, and an export to S3. A tab after the time is Node's own and stays. */
const TIME_ONLY = new RegExp(`^\\s*${TIME} +(.*)$`, "s");
/** A row of Insights' table, as it is copied. */
const PIPED = new RegExp(`^\\|\\s*${TIME}\\s*\\|\\s*(.*?)\\s*\\|?\\s*$`, "s");
/** The most frequent kind of line there is has no wrapping. */
const NODE_LINE = /^\d{4}-\d\d-\d\dT[\d:.]{12}Z\t/;
/** `--query 'events[].[timestamp,message]' --output text`. */
const EPOCH_ONLY = /^\d{13}\t(.*)$/s;
/** What Go's log package puts before a line. */
const GO_TIME_ONLY = new RegExp(`^\\s*${GO_TIME} (.*)$`, "s");
/** `filter-log-events --output text`: the event's members by name, so the message is the fourth. */
const FILTERED_TEXT = /^EVENTS\t\d+\t\d{13}\t([^\t]+)\t(.*)$/s;
/** `get-log-events --output text`. */
const GOT_TEXT = /^EVENTS\t\d{13}\t(.*)$/s;
/** The line that ends such an event: its time alone. */
const TEXT_END = /\t\d{13}$/;
/** Nothing but the wrapping: the time of an event whose message follows, or has ended. */
const NO_MESSAGE = new RegExp(`^\\s*(?:${TIME}|\\d{13})\\s*$`);
// deno-lint-ignore no-control-regex
const COLOURS = /\x1b\[[0-9;]*m/g;

/** A line without its wrapping, and the log stream where it was named. */
export function unwrapLine(line: string): LogMessage {
  const plain = line.includes("\x1b") ? line.replaceAll(COLOURS, "") : line;
  const first = plain.charCodeAt(plain.search(/\S/));
  if (NODE_LINE.test(plain)) return { text: plain };
  if (plain.startsWith("|")) return { text: PIPED.exec(plain)?.[1] ?? plain };
  const isDigit = first >= 48 && first <= 57;
  if (isDigit && plain.length < 48 && NO_MESSAGE.test(plain)) return { text: "" };
  if (!isDigit && !plain.startsWith("EVENTS\t") && !plain.includes("]")) return { text: plain };
  const [, tailStream, samStream, both] = TIME_AND_STREAM.exec(plain) ?? [];
  if (both !== undefined) return { text: both, stream: tailStream ?? samStream };
  const [, filtered, message] = FILTERED_TEXT.exec(plain) ?? [];
  if (message !== undefined) return { text: message.replace(TEXT_END, ""), stream: filtered };
  const text = TIME_ONLY.exec(plain)?.[1] ?? GO_TIME_ONLY.exec(plain)?.[1] ??
    EPOCH_ONLY.exec(plain)?.[1] ?? GOT_TEXT.exec(plain)?.[1].replace(TEXT_END, "");
  return { text: text ?? plain };
}

/** Lists of documents that hold the events of a log. */
export const LOG_LISTS = ["events", "logEvents", "results", "messages"] as const;

/**
 * The messages of a document that CloudWatch Logs, Insights, a subscription or `lambda invoke` answered
 * with, or of one item of its list. Undefined for any other document.
 */
export function messagesIn(value: unknown, stream?: string): readonly LogMessage[] | undefined {
  if (typeof value === "string") return [{ text: value, stream }];
  if (Array.isArray(value)) return insightsRow(value) ?? everyMessageIn(value, stream);
  const document = objectIn(value);
  const text = textIn(document, "message") ?? textIn(document, "@message");
  if (text !== undefined && isEvent(document)) {
    const own = textIn(document, "logStreamName") ?? textIn(document, "@logStream") ?? stream;
    return [{ text, stream: own }];
  }
  const tail = textIn(document, "LogResult");
  if (tail !== undefined) return [{ text: Buffer.from(tail, "base64").toString() }];
  for (const name of LOG_LISTS) {
    const list = memberOf(document, name);
    if (!Array.isArray(list)) continue;
    const found = everyMessageIn(list, textIn(document, "logStream") ?? stream);
    if (found || (list.length === 0 && isLogDocument(document))) return found ?? [];
  }
  return undefined;
}

/** Members that stand beside a message in what CloudWatch Logs answers. */
const EVENT_MEMBERS = [
  "timestamp",
  "ingestionTime",
  "eventId",
  "logStreamName",
  "id",
  "@timestamp",
  "@ptr",
];

/** A JSON line of a log also has a message and a time; it has a level besides. */
function isEvent(document: Readonly<Record<string, unknown>>): boolean {
  if ("level" in document || "logger" in document) return false;
  return Object.hasOwn(document, "@message") || Object.keys(document).length === 1 ||
    EVENT_MEMBERS.some((name) => Object.hasOwn(document, name));
}

/** The same document, empty: what was in its list may have been handed out before. */
function isLogDocument(document: Readonly<Record<string, unknown>>): boolean {
  return [
    "searchedLogStreams",
    "nextForwardToken",
    "nextToken",
    "statistics",
    "messageType",
    "logGroup",
  ]
    .some((name) => Object.hasOwn(document, name)) || Object.keys(document).length === 1;
}

/** A row of Insights' answer is a list of fields. */
function insightsRow(value: readonly unknown[]): readonly LogMessage[] | undefined {
  const fields = new Map(value.map((item) => {
    const { field, value } = objectIn(item);
    return [field, value];
  }));
  const text = fields.get("@message");
  const stream = fields.get("@logStream");
  if (typeof text !== "string") return undefined;
  return [{ text, stream: typeof stream === "string" ? stream : undefined }];
}

function everyMessageIn(
  values: readonly unknown[],
  stream: string | undefined,
): readonly LogMessage[] | undefined {
  const found = values.map((value) => messagesIn(value, stream));
  const messages = found.flatMap((one) => one ?? []);
  return messages.length > 0 && found.every((one) => one !== undefined) ? messages : undefined;
}
