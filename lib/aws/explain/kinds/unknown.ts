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
    cure:
      "If it is a log, copy everything from START to REPORT. If it is another of these kinds, it may be cut " +
      "off: look at its beginning and its end. Is it the right log group? Firehose's is " +
      "/aws/kinesisfirehose/…, and the function's is /aws/lambda/….",
  };
}

const SHOWN = 80;

function looksLike(bytes: number, firstLine: string, value: unknown): string {
  if (bytes === 0) return "an empty file";
  if (Array.isArray(value)) return `a JSON list of ${count(value.length, "item")}`;
  if (typeof value === "object" && value !== null) {
    const names = Object.keys(objectIn(value)).slice(0, 8).join(", ");
    return `a JSON object with ${names === "" ? "no members" : `the members ${names}`}`;
  }
  if (value !== undefined) return `a JSON ${typeof value}`;
  // deno-lint-ignore no-control-regex
  if (/[\x00-\x08\ufffd]/.test(firstLine)) return "binary data";
  const text = firstLine.trim();
  return `text that begins with "${text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}"`;
}
