/**
 * Puts back every record that does not fit, also one that can never fit: many people write it so at
 * first. Notebook 5 deploys it to show the endless loop. The course's own function is `../handler.ts`.
 * @module
 */

import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { connectAws } from "../aws.ts";
import {
  assertEvent,
  type FirehoseTransformationResult,
  type FirehoseTransformationResultRecord,
} from "../event.ts";
import { partitionKeysOf } from "../partition_keys.ts";
import { getSize } from "../size.ts";

const BUDGET_BYTES = 5_000_000;
const PUT_WITHIN_MS = 10_000;
const aws = connectAws();

/** Answers the records that fit, drops the others and puts them back. */
export async function handler(event: unknown): Promise<FirehoseTransformationResult> {
  assertEvent(event);
  const records: FirehoseTransformationResultRecord[] = [];
  const again: Buffer[] = [];
  let room = BUDGET_BYTES;
  for (const { recordId, data } of event.records) {
    const answer = answerOf(recordId, Buffer.from(data, "base64"));
    const bytes = getSize(answer);
    if (bytes > room) {
      records.push({ recordId, result: "Dropped" });
      again.push(Buffer.from(data, "base64"));
      continue;
    }
    records.push(answer);
    room -= bytes;
  }
  const streamName = event.deliveryStreamArn.split("/")[1];
  if (again.length > 0) {
    await aws.putRecordBatch(streamName, again, AbortSignal.timeout(PUT_WITHIN_MS));
  }
  console.log(`${again.length} of ${records.length} records are Dropped and put back`);
  return { records };
}

function answerOf(recordId: string, compressed: Buffer): FirehoseTransformationResultRecord {
  const document = gunzipSync(compressed);
  const keys = partitionKeysOf(JSON.parse(document.toString()));
  if (keys.reason !== undefined) return { recordId, result: "ProcessingFailed" };
  const data = Buffer.concat([document, Buffer.from("\n")]).toString("base64");
  return { recordId, result: "Ok", data, metadata: { partitionKeys: keys.value } };
}
