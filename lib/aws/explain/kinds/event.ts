/**
 * Events that Firehose sends to a transformation function, held against Lambda's limits.
 * @module
 */

import { Buffer } from "node:buffer";
import { assertEvent, type FirehoseTransformationEvent } from "../../../../lambda/event.ts";
import { base64Size, getSize, RESPONSE_BYTES_MAX } from "../../../../lambda/size.ts";
import { transform } from "../../../../lambda/transform.ts";
import {
  bytesText,
  count,
  COURSE,
  type Explanation,
  percentText,
} from "../../../sandbox/knowledge/explanation.ts";
import { contentBytes, ContentCounts, lookInto } from "../../../sandbox/knowledge/raw_data.ts";
import { EVERY_WRITING, responseSize, type Runtime } from "../shared/runtimes.ts";

const REQUEST_BYTES_MAX = 6_291_456;

/** Whether a document is an event of Firehose, and no response. */
export function isEvent(value: unknown): value is FirehoseTransformationEvent {
  try {
    assertEvent(value);
    return true;
  } catch {
    return false;
  }
}

/** What a function would make of an event: whether an answer with the records' contents fits. */
export function explainEvent(event: FirehoseTransformationEvent, runtime: Runtime): Explanation {
  const contents = contentsOf(event);
  const isTooLarge = responseSize(contents, runtime) > RESPONSE_BYTES_MAX;
  const largest = Math.max(0, ...contents.map(({ dataBytes }) => dataBytes));
  const answer = `A function in ${runtime.title} that answers with the decompressed records`;
  return {
    subject: `Firehose's event with ${count(event.records.length, "record")}`,
    happened: isTooLarge
      ? `${answer} would get 413 for this event at every attempt.`
      : `${answer} can answer this event.`,
    rule: `A request may have ${bytesText(REQUEST_BYTES_MAX)}, and a response ${
      bytesText(RESPONSE_BYTES_MAX)
    }, as JSON with base64 in it.`,
    numbers: numbersOf(event, contents, runtime),
    ...(isTooLarge
      ? {
        cure: "Limit the response and put the other records back, or keep records compressed.",
        course: largest > RESPONSE_BYTES_MAX ? COURSE.loop : COURSE.reingest,
      }
      : { course: COURSE.event }),
  };
}

/** A record's content, decompressed. */
interface RecordContent {
  readonly recordId: string;
  readonly bytes: number;
  /** The same in base64. */
  readonly dataBytes: number;
}

function contentsOf({ records }: FirehoseTransformationEvent): RecordContent[] {
  return records.map(({ recordId, data }) => {
    const bytes = contentBytes(Buffer.from(data, "base64"));
    return { recordId, bytes, dataBytes: base64Size(bytes) };
  });
}

function numbersOf(
  event: FirehoseTransformationEvent,
  contents: readonly RecordContent[],
  runtime: Runtime,
): string[] {
  const sum = contents.reduce((total, { bytes }) => total + bytes, 0);
  const largest = Math.max(0, ...contents.map(({ bytes }) => bytes));
  const size = responseSize(contents, runtime);
  const results = transform(event).response.records.map(({ result }) => result);
  const of = (wanted: string) => results.filter((result) => result === wanted).length;
  return [
    `the event has ${bytesText(getSize(event))}`,
    `its records decompress to ${bytesText(sum)}, the largest to ${bytesText(largest)}`,
    ...heldBy(event),
    `a response with all of them (without partition keys) has ${
      bytesText(size)
    } from ${runtime.title}, ${percentText(size, RESPONSE_BYTES_MAX)} of the limit`,
    ...otherwise(contents, size > RESPONSE_BYTES_MAX),
    `this project's transform answers ${of("Ok")} Ok, ${of("Dropped")} Dropped and put ` +
    `back, ${of("ProcessingFailed")} ProcessingFailed`,
  ];
}

/** What the records are, as a function meets them. */
function heldBy({ records }: FirehoseTransformationEvent): string[] {
  const counts = new ContentCounts("Lambda.FunctionError");
  for (const { data } of records) counts.add(lookInto(Buffer.from(data, "base64")));
  return counts.lines();
}

/** The runtimes from which the same answer ends otherwise. */
function otherwise(contents: readonly RecordContent[], isTooLarge: boolean): string[] {
  return EVERY_WRITING.map((runtime) => ({ runtime, size: responseSize(contents, runtime) }))
    .filter(({ size }) => (size > RESPONSE_BYTES_MAX) !== isTooLarge)
    .map(({ runtime, size }) =>
      `from ${runtime.title} it has ${bytesText(size)}: it ${isTooLarge ? "fits" : "does not fit"}`
    );
}
