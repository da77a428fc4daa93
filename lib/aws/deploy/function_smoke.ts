/**
 * Invokes a deployed function once and compares its answer with this project's transform.
 * @module
 */

import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import type { FirehoseTransformationEvent } from "../../../lambda/event.ts";
import { isGzip } from "../../../lambda/gunzip.ts";
import { DOCUMENT, eventOf, gzipped } from "../../../lambda/sample_event.ts";
import type { TransformSettings } from "../../../lambda/environment.ts";
import { transform } from "../../../lambda/transform.ts";

/** A smoke test that passed. */
export interface SmokeTest {
  /** How many records were answered as they should be. */
  readonly records: number;
  /** The end of the function's log of this invocation, at most 4 KB. */
  readonly log: string;
}

/** What the smoke test sends: a record that is Ok and one that fails. */
function smokeTestEvent(): FirehoseTransformationEvent {
  return eventOf([gzipped(DOCUMENT), Buffer.from("not gzip, on purpose")]);
}

/** Throws an `Error` with the answer and the log where the function fails or answers otherwise. */
export async function smokeTest(
  lambda: LambdaClient,
  functionName: string,
  settings: TransformSettings = {},
): Promise<SmokeTest> {
  const event = smokeTestEvent();
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
  const wanted = JSON.stringify(transform(event, settings).response);
  if (withPlainData(answer) !== withPlainData(wanted)) {
    throw new Error(`the function answered ${answer}\nand not, as here, ${wanted}\n${log}`);
  }
  return { records: event.records.length, log };
}

/**
 * A response's JSON with its gzip data decompressed: the function's zlib is another one than the one
 * here, so the same lines need not have the same compressed bytes.
 */
function withPlainData(response: string): string {
  return JSON.stringify(JSON.parse(response), (name, value: unknown) => {
    const bytes = name === "data" ? Buffer.from(`${value}`, "base64") : undefined;
    return bytes && isGzip(bytes) ? gunzipSync(bytes).toString() : value;
  });
}
