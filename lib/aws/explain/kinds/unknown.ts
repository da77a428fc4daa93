/**
 * The last resort: what a file looks like of which nothing is known, and what to try.
 * @module
 */

import { bytesText, count, type Explanation } from "../../../sandbox/knowledge/explanation.ts";
import { objectIn } from "../shared/json_members.ts";

/** The kinds of file that are known, in a sentence each. */
export const KNOWN_KINDS: readonly string[] = [
  "the event that Firehose sends to a function, and what the function answered (name both to compare)",
  "a function's log: as text, as JSON, from aws logs tail, the AWS CLI, sam logs, Insights, the console, " +
  "an export to S3, a subscription",
  "Firehose's own log",
  "an error object, as Firehose writes it under the error output prefix, in any compression",
  "what Lambda answered to an invocation, and Firehose to a put",
  "a delivered object: what it is made of, and which readers get it wrong",
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
    rule: `Known are: ${KNOWN_KINDS.join("; ")}.`,
    numbers: [bytesText(bytes), ...(lines > 0 ? [count(lines, "line")] : [])],
    cure:
      "If it is a log, take it from START to REPORT, errors and all. If it is one of the kinds " +
      "above, it may be cut off: compare its beginning and its end. For other log groups try Firehose's " +
      "own (/aws/kinesisfirehose/…) and the function's (/aws/lambda/…).",
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
