/**
 * One line for each request: `PutRecordBatch people  500 records  2 ms`, with the reason of every
 * refusal. Or the same as a JSON object, for machines.
 * @module
 */

import type { Answered } from "./http/answered.ts";
import { terminalLine } from "./terminal_text.ts";

/**
 * The line for people.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const input = { DeliveryStreamName: "people", Records: [{}, {}] };
 * const head = { method: "POST", path: "/", requestId: "r", atMs: 0 };
 * assertEquals(
 *   textLine({ ...head, operation: "PutRecordBatch", input, status: 200, durationMs: 1.6 }),
 *   "PutRecordBatch people  2 records  2 ms",
 * );
 * ```
 */
export function textLine(answer: Answered): string {
  const { operation, method, path, status, durationMs, error } = answer;
  const what = [operation ?? `${method} ${path}`, ...resourceOf(answer)].join(" ");
  // Pages of the sandbox itself have no codes.
  const plain = status >= 400 && operation === undefined ? [`${status}`] : [];
  const why = error ? [`${status} ${error.code}: ${error.message}`] : plain;
  return [what, ...detailsOf(answer), ...why, `${Math.round(durationMs)} ms`]
    .map(terminalLine)
    .join("  ");
}

/** The line for machines: an object of JSON. */
export function jsonLine(answer: Answered): string {
  const { atMs, service, operation, method, path, requestId, status, durationMs, error } = answer;
  return JSON.stringify({
    time: new Date(atMs).toISOString(),
    service,
    operation,
    resource: resourceOf(answer)[0],
    details: detailsOf(answer)[0],
    method,
    path,
    status,
    errorCode: error?.code,
    errorMessage: error?.message,
    durationMs: Math.round(durationMs * 1000) / 1000,
    requestId,
  });
}

/** Members that name the subject of a request, the most specific first. */
const NAMING = (
  "DeliveryStreamName FunctionName logGroupName logGroupIdentifier PolicyName UserName RoleName " +
  "GroupName PolicyArn RoleArn PolicySourceArn AccessKeyId Namespace"
).split(" ");

/** The name of what a request is about, if its input has one. */
export function resourceOf({ input = {} }: Answered): string[] {
  if (typeof input.Bucket === "string") {
    return [typeof input.Key === "string" ? `${input.Bucket}/${input.Key}` : input.Bucket];
  }
  const names = NAMING.map((name) => input[name]).filter((name) => typeof name === "string");
  return names.slice(0, 1);
}

function detailsOf({ input = {}, output }: Answered): string[] {
  const details = [
    ...countOf(input.Records, "record"),
    ...countOf(input.logEvents, "event"),
    ...countOf(member(input.Delete, "Objects"), "key"),
    ...(typeof input.ContentLength === "number" ? [amount(input.ContentLength, "byte")] : []),
    ...failuresIn(output),
  ];
  return details.length === 0 ? [] : [details.join(", ")];
}

function countOf(items: unknown, name: string): string[] {
  return Array.isArray(items) ? [amount(items.length, name)] : [];
}

const amount = (count: number, name: string) => `${count} ${name}${count === 1 ? "" : "s"}`;

/** Records of a batch that were not accepted: the answer is still 200. */
function failuresIn(output: unknown): string[] {
  const failed = member(output, "FailedPutCount");
  if (typeof failed !== "number" || failed === 0) return [];
  const responses = member(output, "RequestResponses");
  const reasons = Array.isArray(responses)
    ? new Set(responses.map((entry) => member(entry, "ErrorCode")).filter((code) => code))
    : [];
  return [`${failed} failed: ${[...reasons].join(", ")}`];
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}
