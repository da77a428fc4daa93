/**
 * The last resort: what a file looks like of which nothing is known, and what to try.
 * @module
 */

import { bytesText, count, type Explanation } from "../../../sandbox/knowledge/explanation.ts";
import { objectIn } from "../shared/json_members.ts";

/** The kinds of file that are known, in a sentence each. */
export const KNOWN_KINDS: readonly string[] = [
  "the event that Firehose sends to a function, and the function's response (name both to compare them)",
  "a function's log: as text or JSON, from aws logs tail, the AWS CLI, sam logs, Insights, the console, " +
  "an export to S3 or a subscription",
  "Firehose's own log",
  "an error object, as Firehose writes it under the error output prefix, in any compression",
  "Lambda's answer to an invocation, or Firehose's answer to a put",
  "a delivered object: explain says what is in it, and which readers read it wrongly",
];

/** What a file of an unknown kind looked like. */
export function explainUnknown(
  { bytes, lines, firstLine, value }: {
    readonly bytes: number;
    readonly lines: number;
    readonly firstLine: string;
    /** The whole file as JSON, if it is. */
    readonly value: unknown;
  },
): Explanation {
  return {
    subject: "nothing known in it",
    happened: `It looks like ${looksLike(bytes, firstLine, value)}.`,
    rule: `explain knows: ${KNOWN_KINDS.join("; ")}.`,
    numbers: [bytesText(bytes), ...(lines > 0 ? [count(lines, "line")] : [])],
    cure: cureOf(bytes, firstLine, value),
  };
}

const SHOWN = 80;

/** What gzip begins with, read as UTF-8. */
const GZIP_AS_TEXT = "\x1f\ufffd";

function looksLike(bytes: number, firstLine: string, value: unknown): string {
  if (bytes === 0) return "an empty file";
  if (firstLine.startsWith(GZIP_AS_TEXT)) return "gzip inside of another compression";
  if (isEmptySearch(value)) return "an answer of CloudWatch Logs without one event";
  if (isCloudTrail(value)) {
    return "a log of CloudTrail: it says who made which call, not what became of records";
  }
  if (Array.isArray(value)) return `a JSON list of ${count(value.length, "item")}`;
  if (typeof value === "object" && value !== null) {
    const names = Object.keys(objectIn(value)).slice(0, 8).join(", ");
    return `a JSON object with ${names === "" ? "no members" : `the members ${names}`}`;
  }
  if (value !== undefined) return `a JSON ${typeof value}`;
  // deno-lint-ignore no-control-regex
  if (/[\x00-\x08\ufffd]/.test(firstLine)) return "binary data";
  const text = firstLine.trim();
  if (text === "") return "a file without text";
  return `text that begins with "${text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}"`;
}

function cureOf(bytes: number, firstLine: string, value: unknown): string {
  if (bytes === 0) return "If a command wrote it, look at what that command said.";
  if (firstLine.startsWith(GZIP_AS_TEXT)) return "Decompress it once, and explain what comes out.";
  if (isEmptySearch(value)) {
    return "The search found nothing: look at its group, Region, start and end time (in milliseconds " +
      "since 1970) and its filter pattern. A log shows up some seconds after the invocation.";
  }
  return "If it is a log, copy everything from START to REPORT. If it is another of these kinds, it may be " +
    "cut off: look at its beginning and its end. Is it the right log group? Firehose's is " +
    "/aws/kinesisfirehose/…, and the function's is /aws/lambda/….";
}

/** filter-log-events, get-log-events or get-query-results that found no event. */
function isEmptySearch(value: unknown): boolean {
  const { events, results, searchedLogStreams, nextForwardToken, status } = objectIn(value);
  return isEmptyList(events) && (searchedLogStreams ?? nextForwardToken) !== undefined ||
    isEmptyList(results) && status !== undefined;
}

const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0;

/** Its objects lie in a bucket like delivered ones, as one gzip. */
export function isCloudTrail(value: unknown): boolean {
  const { Records: records } = objectIn(value);
  return Array.isArray(records) && records.length > 0 &&
    records.every((record) =>
      "eventVersion" in objectIn(record) && "eventName" in objectIn(record)
    );
}
