/**
 * Valid events for tests and for the smoke test after a deployment. A test changes the one thing that
 * it is about.
 * @module
 */

import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import type { FirehoseTransformationEvent } from "./event.ts";

/** A document that the transform accepts. */
export const DOCUMENT = { database: "shop", table: "orders", time: "2026-11-24T09:30:00Z", id: 1 };

/** An event of records with these bytes. Ids have 62 digits, like Firehose's. */
export function eventOf(payloads: readonly Uint8Array[]): FirehoseTransformationEvent {
  return {
    invocationId: "a7234216-12b6-4bc0-96d7-82606c0e80cf",
    deliveryStreamArn: "arn:aws:firehose:us-east-1:111111111111:deliverystream/test",
    region: "us-east-1",
    records: payloads.map((payload, index) => ({
      recordId: `${index}`.padStart(56, "4") + "000000",
      approximateArrivalTimestamp: 1_795_512_600_000 + index,
      data: Buffer.from(payload).toString("base64"),
    })),
  };
}

/** A document's JSON, or a text as it is, compressed. */
export function gzipped(document: object | string): Buffer {
  return gzipSync(typeof document === "string" ? document : JSON.stringify(document));
}
