/**
 * The function that Lambda runs: the thin shell around the transform. Checks the event, logs.
 * @module
 */

import { assertEvent } from "./event.ts";
import type { FirehoseTransformationResult } from "./event.ts";
import { getSize, transform } from "./transform.ts";

/**
 * Answers Firehose's transformation event. Logs one line for each failed record (its id and the
 * reason, never its data) and one for the batch. Throws a `TypeError` for any other event.
 */
// deno-lint-ignore require-await -- Lambda ignores what a function returns, unless it is a promise
export async function handler(event: unknown): Promise<FirehoseTransformationResult> {
  assertEvent(event);
  const { response, failures } = transform(event);
  for (const { recordId, reason } of failures) {
    console.warn(`record ${JSON.stringify(recordId)} is ProcessingFailed: ${reason}`);
  }
  const records = response.records.length;
  console.log(
    `${records - failures.length} of ${records} records are Ok; ` +
      `the response takes ${getSize(response)} bytes`,
  );
  return response;
}
