/**
 * Events and responses of transformation functions, held against Lambda's limits and Firehose's
 * rules.
 * @module
 */

import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import type { FirehoseTransformationEvent } from "../../../lambda/event.ts";
import { base64Size, getSize, RESPONSE_BYTES_MAX } from "../../../lambda/size.ts";
import { transform } from "../../../lambda/transform.ts";
import { count, COURSE, type Explanation } from "./explanation.ts";

const REQUEST_BYTES_MAX = 6_291_456;
/** More than this is not decompressed to be measured. */
const MEASURED_BYTES_MAX = 256 * 1024 * 1024;

const bytesText = (bytes: number) => `${bytes.toLocaleString("en")} bytes`;

/** What a function would make of an event: whether an answer with the records' contents fits. */
export function explainEvent(event: FirehoseTransformationEvent): Explanation {
  const sizes = event.records.map(({ data }) => contentBytes(Buffer.from(data, "base64")));
  const contents = sizes.reduce((sum, size) => sum + size, 0);
  const requestBytes = getSize(event);
  const envelope = getSize({
    records: event.records.map(({ recordId }) => ({ recordId, result: "Ok", data: "" })),
  });
  const naive = envelope + sizes.reduce((sum, size) => sum + base64Size(size), 0);
  const results = transform(event).response.records.map(({ result }) => result);
  const of = (wanted: string) => results.filter((result) => result === wanted).length;
  const largest = Math.max(0, ...sizes);
  const isTooLarge = naive > RESPONSE_BYTES_MAX;
  return {
    subject: `Firehose's event with ${count(event.records.length, "record")}`,
    happened: isTooLarge
      ? "A function that answers with the decompressed records would get 413 for this event, at " +
        "every attempt."
      : "A function that answers with the decompressed records can answer this event.",
    rule: `A request may take ${bytesText(REQUEST_BYTES_MAX)}, a response ${
      bytesText(RESPONSE_BYTES_MAX)
    }, as JSON with base64 in it.`,
    numbers: [
      `the event takes ${bytesText(requestBytes)}`,
      `its records decompress to ${bytesText(contents)}, the largest to ${bytesText(largest)}`,
      `answered whole (without partition keys) that is ${bytesText(naive)}, ${
        percent(naive, RESPONSE_BYTES_MAX)
      } of what a response may take`,
      `this project's transform makes of them: ${of("Ok")} Ok, ${of("Dropped")} Dropped and put ` +
      `back, ${of("ProcessingFailed")} ProcessingFailed`,
    ],
    ...(isTooLarge
      ? {
        cure:
          "Keep the response within a budget and put the rest back, or keep records compressed.",
        course: base64Size(largest) > RESPONSE_BYTES_MAX ? COURSE.loop : COURSE.reingest,
      }
      : { course: COURSE.event }),
  };
}

function contentBytes(data: Buffer): number {
  if (data[0] !== 0x1f || data[1] !== 0x8b) return data.length;
  try {
    return gunzipSync(data, { maxOutputLength: MEASURED_BYTES_MAX }).length;
  } catch {
    return data.length;
  }
}

/** A response, as much of it as can be told apart. */
export interface ResponseLike {
  readonly records: readonly unknown[];
}

const RESULTS = ["Ok", "Dropped", "ProcessingFailed"];

/** What Firehose will make of a response; with its event also whether ids are missing. */
export function explainResponse(
  response: ResponseLike,
  event: FirehoseTransformationEvent | undefined,
): Explanation {
  const records = response.records.map(memberOf);
  const bytes = getSize(response);
  const faults = faultsOf(records, event);
  const isTooLarge = bytes > RESPONSE_BYTES_MAX;
  const counts = RESULTS.map((result) =>
    `${records.filter((record) => record.result === result).length} ${result}`
  );
  const numbers = [
    `${bytesText(bytes)} as compact JSON, ${percent(bytes, RESPONSE_BYTES_MAX)} of the limit`,
    counts.join(", "),
    ...faults.map(({ text }) => text),
  ];
  const subject = `a response with ${count(records.length, "record")}`;
  if (isTooLarge) {
    return {
      subject,
      happened: "Lambda refuses this response with 413, and Firehose sees a function error.",
      rule: `A response may take ${bytesText(RESPONSE_BYTES_MAX)}.`,
      numbers,
      cure: "Keep the response within a budget: put the rest back, or keep records compressed.",
      course: COURSE.tooLarge,
    };
  }
  const [first] = faults;
  if (!first) {
    const happened = event || records.length === 0
      ? "Firehose takes this response."
      : "Firehose takes this response, if the ids are those of its event (name that file, too).";
    return { subject, happened, numbers, course: COURSE.results };
  }
  return { subject, numbers, ...first.verdict };
}

interface Fault {
  readonly text: string;
  readonly verdict: Pick<Explanation, "happened" | "rule" | "cure" | "course">;
}

const INVALID: Fault["verdict"] = {
  happened: "Firehose refuses the whole batch as a function error, and tries it again.",
  rule: "Results are Ok, Dropped or ProcessingFailed, and data is base64.",
  cure: "Spell the results so, and encode data with base64.",
  course: COURSE.results,
};

function faultsOf(
  records: readonly Record<string, unknown>[],
  event: FirehoseTransformationEvent | undefined,
): Fault[] {
  const ids = records.map(({ recordId }) => recordId);
  const wanted = event?.records.map(({ recordId }) => recordId) ?? [];
  const given = new Set(ids);
  const known = new Set<unknown>(wanted);
  const fault = (some: readonly unknown[], what: string, verdict: Fault["verdict"]) =>
    some.length === 0 ? [] : [{ text: `${count(some.length, "record")} ${what}`, verdict }];
  return [
    ...fault(
      records.filter(({ result }) => !RESULTS.includes(`${result}`)),
      "with another result",
      INVALID,
    ),
    ...fault(records.filter(({ data }) => !isBase64(data)), "whose data is no base64", INVALID),
    ...fault(wanted.filter((id) => !given.has(id)), "of the event left out", {
      happened: "Records of the event are missing: Lambda.MissingRecordId for each of them.",
      rule: "Every recordId of the event must come back exactly once.",
      cure: "Answer every record: Dropped or ProcessingFailed where it is not to be delivered.",
      course: COURSE.missingIds,
    }),
    ...fault(ids.filter((id, index) => ids.indexOf(id) < index), "answered again", {
      happened: "Ids come twice: Lambda.DuplicatedRecordId for those records.",
      rule: "Every recordId of the event must come back exactly once.",
      course: COURSE.results,
    }),
    ...fault(event ? ids.filter((id) => !known.has(id)) : [], "with an id that the event has not", {
      happened: "Unknown ids are ignored, and the records they stand for count as missing.",
      rule: "Record ids come back unchanged.",
      course: COURSE.missingIds,
    }),
    ...fault(
      records.filter(({ result, data }) => result === "Ok" && typeof data !== "string"),
      "Ok without data",
      {
        happened: "Ok without data: Lambda.InvalidReturnFormat for those records.",
        rule: "An Ok record must have data, in base64.",
        course: COURSE.results,
      },
    ),
  ];
}

function memberOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function isBase64(data: unknown): boolean {
  if (data === undefined || data === null) return true;
  if (typeof data !== "string") return false;
  return data.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(data);
}

function percent(part: number, whole: number): string {
  return `${(part / whole * 100).toLocaleString("en", { maximumFractionDigits: 1 })} %`;
}
