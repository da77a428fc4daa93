/**
 * Every way in which people have a log at hand, made of its events: what the AWS CLI (2.9.19: its
 * formatters of `logs tail` and of text), SAM, CloudWatch Logs, Insights, the console and Lambda make
 * of them.
 * @module
 */

import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import type { LogEvent } from "./platform.ts";

const EVENT_ID = "3".repeat(56);
const isoOf = (ms: number) => new Date(ms).toISOString();
const utc = (ms: number, digits: string) => isoOf(ms).replace(/(\.\d+)?Z$/, digits);

const jsonOf = (events: readonly LogEvent[]) => ({
  events: events.map((event) => ({
    ...event,
    ingestionTime: event.timestamp + 500,
    eventId: EVENT_ID,
  })),
  searchedLogStreams: [],
});

const rows = (events: readonly LogEvent[]) =>
  events.map(({ timestamp, message, logStreamName }) => [
    { field: "@timestamp", value: isoOf(timestamp).replace("T", " ").replace("Z", "") },
    { field: "@message", value: message },
    { field: "@logStream", value: logStreamName },
  ]);

const csvField = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** What the console shows of an event once it is opened, and what a copy of it has. */
function consoleText(message: string): string {
  const expanded = message.trimEnd().replace(/\{".*\}$/s, (json) => {
    try {
      return JSON.stringify(JSON.parse(json), null, 4);
    } catch {
      return json;
    }
  });
  return expanded.replaceAll("\t", " ").split("\n").map((line) => `    ${line}`).join("\n");
}

/** By name. Each takes events in the order of time. */
export const WRAPPINGS: Readonly<Record<string, (events: readonly LogEvent[]) => Uint8Array>> = {
  "plain lines": (events) => Buffer.from(events.map(({ message }) => message).join("")),
  "aws logs tail": (events) =>
    Buffer.from(
      events.map(({ timestamp, message, logStreamName }) =>
        `${utc(timestamp, ".123000+00:00")} ${logStreamName} ${message.trimEnd()}\n`
      ).join(""),
    ),
  "aws logs tail in colour": (events) =>
    Buffer.from(
      events.map(({ timestamp, message, logStreamName }) =>
        `\x1b[32m${
          utc(timestamp, ".123000+00:00")
        }\x1b[0m \x1b[36m${logStreamName}\x1b[0m ${message.trimEnd()}\n`
      ).join(""),
    ),
  "aws logs tail --format short": (events) =>
    Buffer.from(
      events.map(({ timestamp, message }) => `${utc(timestamp, "")} ${message.trimEnd()}\n`).join(
        "",
      ),
    ),
  "filter-log-events": (events) => Buffer.from(JSON.stringify(jsonOf(events), null, 4)),
  "filter-log-events on one line": (events) => Buffer.from(JSON.stringify(jsonOf(events))),
  "get-log-events": (events) =>
    Buffer.from(JSON.stringify(
      {
        events: events.map(({ timestamp, message }) => ({
          timestamp,
          message,
          ingestionTime: timestamp,
        })),
        nextForwardToken: "f/1/s",
        nextBackwardToken: "b/1/s",
      },
      null,
      4,
    )),
  "filter-log-events --output text": (events) =>
    Buffer.from(
      events.map(({ timestamp, message, logStreamName }) =>
        `EVENTS\t${EVENT_ID}\t${timestamp}\t${logStreamName}\t${message}\t${timestamp}\n`
      ).join(""),
    ),
  "get-log-events --output text": (events) =>
    Buffer.from(
      `b/1/s\tf/1/s\n${
        events.map(({ timestamp, message }) => `EVENTS\t${timestamp}\t${message}\t${timestamp}\n`)
          .join("")
      }`,
    ),
  "filter-log-events --query of times and messages as text": (events) =>
    Buffer.from(
      events.map(({ timestamp, message }) => `${timestamp}\t${message}\n`).join(""),
    ),
  "lines with another tool's prefix": (events) =>
    Buffer.from(
      events.map(({ message }) =>
        message.trimEnd().split("\n").map((line) => `[pod/function-7f9c/app] ${line}\n`).join("")
      ).join(""),
    ),
  "filter-log-events --query of the messages": (events) =>
    Buffer.from(JSON.stringify(events.map(({ message }) => message), null, 4)),
  "Insights": (events) =>
    Buffer.from(
      JSON.stringify({ results: rows(events), statistics: {}, status: "Complete" }, null, 4),
    ),
  "a copy of Insights' table": (events) =>
    Buffer.from(
      events.map(({ timestamp, message }) =>
        `| ${isoOf(timestamp).replace("T", " ").replace("Z", "")} | ${message.trimEnd()} |\n`
      ).join(""),
    ),
  "Insights' CSV": (events) =>
    Buffer.from(
      `@timestamp,@message,@logStream\n${
        events.map(({ timestamp, message, logStreamName }) =>
          [isoOf(timestamp), csvField(message), logStreamName].join(",")
        ).join("\n")
      }\n`,
    ),
  "the console's CSV": (events) =>
    Buffer.from(
      `timestamp,message\r\n${
        events.map(({ timestamp, message }) => `${timestamp},${csvField(message)}`).join("\r\n")
      }\r\n`,
    ),
  "a copy from the console": (events) =>
    Buffer.from(
      events.map(({ timestamp, message }) =>
        `${isoOf(timestamp).replace("Z", "+00:00")}\n${consoleText(message)}\n`
      ).join("\n"),
    ),
  "an export to S3": (events) =>
    gzipSync(
      events.map(({ timestamp, message }) => `${isoOf(timestamp)} ${message.trimEnd()}\n`).join(""),
    ),
  "a subscription's document": (events) =>
    gzipSync(JSON.stringify({
      messageType: "DATA_MESSAGE",
      owner: "123456789012",
      logGroup: "/aws/lambda/f",
      logStream: events[0].logStreamName,
      subscriptionFilters: ["all"],
      logEvents: events.map(({ timestamp, message }) => ({ id: EVENT_ID, timestamp, message })),
    })),
  "sam logs": (events) =>
    Buffer.from(
      events.map(({ timestamp, message, logStreamName }) =>
        `${logStreamName} ${utc(timestamp, ".123000")} ${message.trimEnd()}\n`
      ).join(""),
    ),
  "invoke --log-type Tail": (events) =>
    Buffer.from(JSON.stringify(
      {
        StatusCode: 200,
        LogResult: Buffer.from(events.map(({ message }) => message).join("")).toString("base64"),
        ExecutedVersion: "$LATEST",
      },
      null,
      4,
    )),
};
