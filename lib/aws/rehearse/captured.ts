/**
 * Records out of a JSON document that somebody captured: the event of a function, or what a client put.
 * @module
 */

import { Buffer } from "node:buffer";
import { isObject } from "../../sandbox/values.ts";

/** What a document was taken for, and the records in it. */
export interface Captured {
  readonly kind: "captured event" | "captured put";
  /** What was changed or may surprise, in words; empty if nothing. */
  readonly notes: readonly string[];
  readonly records: readonly Uint8Array[];
}

/**
 * The records of a captured document; undefined for other documents, which are records themselves. Known are
 * Firehose's event, the events that Kinesis and CloudWatch Logs send to a function, and the input of PutRecord
 * and PutRecordBatch. Throws a `TypeError` for a stream that reads from MSK, and for data that is not base64.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const put = captured({ DeliveryStreamName: "a", Record: { Data: "b25l" } });
 * assertEquals(put?.records.map((record) => new TextDecoder().decode(record)), ["one"]);
 * assertEquals(captured({ id: 1 }), undefined);
 * ```
 */
export function captured(document: unknown): Captured | undefined {
  if (Array.isArray(document)) return fromPut(document);
  if (!isObject(document)) return undefined;
  const { records, awslogs, Record, Records, DeliveryStreamName } = document;
  if (Array.isArray(records)) return fromFirehose(records);
  if (isObject(awslogs) && typeof awslogs.data === "string") return fromLogs(awslogs.data);
  if (DeliveryStreamName !== undefined) return fromPut(Array.isArray(Records) ? Records : [Record]);
  return Array.isArray(Records) ? fromKinesis(Records) : undefined;
}

/** The event of a rehearsal is that of a stream with Direct PUT: it has no metadata of Kinesis. */
function fromFirehose(items: readonly unknown[]): Captured {
  if (items.some((item) => isObject(item) && "kafkaRecordValue" in item)) {
    throw new TypeError(
      "it is the event of a stream that reads from MSK: its function finds the data in kafkaRecordValue. Only " +
        "functions for Direct PUT and Kinesis can be rehearsed",
    );
  }
  const records = items.flatMap((item, index) =>
    isObject(item) && typeof item.data === "string" ? [bytesOf(item.data, index)] : []
  );
  const without = items.length - records.length;
  const isOfKinesis = items.some((item) => isObject(item) && "kinesisRecordMetadata" in item);
  const notes = [
    ...without > 0 ? [`without data, and left out: ${without}`] : [],
    ...isOfKinesis
      ? ["kinesisRecordMetadata is left out: the function gets records of Direct PUT"]
      : [],
  ];
  return { kind: "captured event", notes, records };
}

const fromLogs = (data: string): Captured => ({
  kind: "captured event",
  notes: ["of a CloudWatch Logs subscription: Firehose gets the same gzip, in its own event"],
  records: [bytesOf(data, 0)],
});

function fromKinesis(items: readonly unknown[]): Captured | undefined {
  const texts = items.map((item) =>
    isObject(item) && isObject(item.kinesis) ? item.kinesis.data : undefined
  );
  if (!areTexts(texts)) return undefined;
  return {
    kind: "captured event",
    notes: [
      "of a function that Kinesis invokes: Firehose gives the same data in its own event",
    ],
    records: texts.map(bytesOf),
  };
}

/** The AWS CLI takes base64 from version 2 on, and took text before. */
function fromPut(items: readonly unknown[]): Captured | undefined {
  const texts = items.map((item) =>
    isObject(item) && Object.keys(item).length === 1 ? item.Data : undefined
  );
  if (!areTexts(texts)) return undefined;
  const decoded = texts.map(decode);
  const records = decoded.filter((bytes) => bytes !== undefined);
  return records.length === texts.length ? { kind: "captured put", notes: [], records } : {
    kind: "captured put",
    notes: ["its Data is not base64, so it is taken as text"],
    records: texts.map((text) => Buffer.from(text)),
  };
}

const areTexts = (values: unknown[]): values is string[] =>
  values.length > 0 && values.every((value) => typeof value === "string");

function bytesOf(data: string, index: number): Uint8Array {
  const bytes = decode(data);
  if (bytes) return bytes;
  throw new TypeError(
    `the data of record ${index + 1} is not base64, as Firehose sends it: ${
      JSON.stringify(data.slice(0, SHOWN_CHARACTERS))
    }`,
  );
}

const SHOWN_CHARACTERS = 40;

function decode(data: string): Uint8Array | undefined {
  try {
    return Uint8Array.fromBase64(data);
  } catch {
    return undefined;
  }
}
