/**
 * Invokes a deployed function once and compares its answer with this project's transform.
 * @module
 */

import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { Buffer } from "node:buffer";
import { isDeepStrictEqual } from "node:util";
import { gunzipSync } from "node:zlib";
import type { FirehoseTransformationEvent } from "../../../lambda/event.ts";
import { DOCUMENT, eventOf, gzipped } from "../../../lambda/sample_event.ts";
import type { TransformSettings } from "../../../lambda/environment.ts";
import { transform, type Transformed } from "../../../lambda/transform.ts";

/** A smoke test that passed. */
export interface SmokeTest {
  /** How many records were answered as they should be. */
  readonly records: number;
  /** How many of them have each result. */
  readonly results: Readonly<Record<string, number>>;
  /** Why records are `ProcessingFailed`, with their ids. */
  readonly failures: Transformed["failures"];
  /** The end of the function's log of this invocation, at most 4 KB. */
  readonly log: string;
}

/** What is tested. */
export interface SmokeTestOptions {
  readonly functionName: string;
  readonly settings?: TransformSettings;
  /** Absent means an event with a record that is Ok and one that fails. */
  readonly event?: FirehoseTransformationEvent;
}

/** The answer that this project's transform gives to an event, without any function. */
export function rehearse(
  { settings = {}, event = sampleEvent() }: Pick<SmokeTestOptions, "settings" | "event">,
): Transformed {
  const transformed = transform(event, settings);
  assertNoEffect(transformed);
  return transformed;
}

/** How many records of an answer have each result. */
export function resultsOf({ response }: Transformed): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { result } of response.records) counts[result] = (counts[result] ?? 0) + 1;
  return counts;
}

/** Throws an `Error` with the answer and the log if the function fails or answers otherwise. */
export async function smokeTest(
  lambda: LambdaClient,
  { functionName, settings = {}, event = sampleEvent() }: SmokeTestOptions,
): Promise<SmokeTest> {
  const wanted = rehearse({ settings, event });
  const { FunctionError, LogResult = "", Payload } = await lambda.send(
    new InvokeCommand({
      FunctionName: functionName,
      LogType: "Tail",
      Payload: new TextEncoder().encode(JSON.stringify(event)),
    }),
  );
  const log = Buffer.from(LogResult, "base64").toString();
  const answer = new TextDecoder().decode(Payload);
  if (FunctionError) throw new Error(`it failed with ${answer}\n${log}`);
  if (!isSameAnswer(answer, wanted)) {
    const expected = JSON.stringify(wanted.response);
    throw new Error(
      `the function answered ${answer}\nbut the same transform on this machine answers ${expected}\n${log}`,
    );
  }
  const { failures } = wanted;
  return { records: event.records.length, results: resultsOf(wanted), failures, log };
}

function sampleEvent(): FirehoseTransformationEvent {
  return eventOf([gzipped(DOCUMENT), Buffer.from("not gzip, on purpose")]);
}

/** A test must not put records into a stream or a bucket: those of the event are there already. */
function assertNoEffect({ reingest, writes }: Transformed): void {
  const count = reingest.length + writes.length;
  if (count === 0) return;
  throw new RangeError(
    `with this event the function would put ${count} records back into their stream or write them ` +
      "to S3, and a test must not do that: use an event with fewer records",
  );
}

/** Whether the records are the same; other builds of zlib compress the same bytes to other ones. */
function isSameAnswer(answer: string, { response }: Transformed): boolean {
  if (answer === JSON.stringify(response)) return true;
  const given: { readonly records?: readonly object[] } | null = JSON.parse(answer);
  return Array.isArray(given?.records) &&
    isDeepStrictEqual(given.records.map(unzipped), response.records.map(unzipped));
}

function unzipped(record: object): object {
  if (!("data" in record) || typeof record.data !== "string") return record;
  const data = Buffer.from(record.data, "base64");
  const isGzip = data[0] === 0x1f && data[1] === 0x8b;
  return isGzip ? { ...record, data: gunzipSync(data).toString("base64") } : record;
}
