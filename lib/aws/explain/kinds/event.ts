/**
 * Events that Firehose sends to a transformation function, held against Lambda's limits.
 * @module
 */

import { Buffer } from "node:buffer";
import { assertEvent, type FirehoseTransformationEvent } from "../../../../lambda/event.ts";
import { base64Size, getSize, RESPONSE_BYTES_MAX } from "../../../../lambda/size.ts";
import { transform } from "../../../../lambda/transform.ts";
import { bytesText, count, COURSE, type Explanation, percentText } from "../shared/explanation.ts";
import { contentBytes } from "../shared/raw_data.ts";
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
  const contents = event.records.map(({ recordId, data }) => {
    const bytes = contentBytes(Buffer.from(data, "base64"));
    return { recordId, bytes, dataBytes: base64Size(bytes) };
  });
  const sum = contents.reduce((total, { bytes }) => total + bytes, 0);
  const largest = Math.max(0, ...contents.map(({ bytes }) => bytes));
  const sizeFrom = (one: Runtime) => responseSize(contents, one);
  const naive = sizeFrom(runtime);
  const isTooLarge = naive > RESPONSE_BYTES_MAX;
  const others = EVERY_WRITING.filter((one) => (sizeFrom(one) > RESPONSE_BYTES_MAX) !== isTooLarge);
  const results = transform(event).response.records.map(({ result }) => result);
  const of = (wanted: string) => results.filter((result) => result === wanted).length;
  return {
    subject: `Firehose's event with ${count(event.records.length, "record")}`,
    happened: isTooLarge
      ? `A function in ${runtime.title} that answers with the decompressed records would get 413 for ` +
        "this event, at every attempt."
      : `A function in ${runtime.title} that answers with the decompressed records can answer this ` +
        "event.",
    rule: `A request may take ${bytesText(REQUEST_BYTES_MAX)}, a response ${
      bytesText(RESPONSE_BYTES_MAX)
    }, as JSON with base64 in it.`,
    numbers: [
      `the event takes ${bytesText(getSize(event))}`,
      `its records decompress to ${bytesText(sum)}, the largest to ${bytesText(largest)}`,
      `answered whole (without partition keys) that is ${bytesText(naive)} from ${runtime.title}, ${
        percentText(naive, RESPONSE_BYTES_MAX)
      } of what a response may take`,
      ...others.map((one) =>
        `from ${one.title} it is ${bytesText(sizeFrom(one))}: it ${
          isTooLarge ? "fits" : "does not fit"
        }`
      ),
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
