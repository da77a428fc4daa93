/**
 * The event that a Lambda function gets from Firehose, as for a Direct PUT stream.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesisfirehose.html
 * @module
 */

import { assert } from "../../../assert.ts";
import type { Slice } from "../journal/slices.ts";
import type { SourceRecord } from "../record.ts";

/** The records of a slice. Ids are 62 digits, as in recorded events: a sequence number and `000000`. */
export function sourceRecords(slice: Slice): SourceRecord[] {
  const { seq, firstRecord, lengths, arrivalMs } = slice;
  const data = slice.read();
  const shared = `4966${String(arrivalMs).padStart(20, "0")}${String(seq).padStart(20, "0")}`;
  const records: SourceRecord[] = [];
  let offset = 0;
  for (const [index, length] of lengths.entries()) {
    const record = data.subarray(offset, offset + length);
    records.push({
      recordId: `${shared}${String(firstRecord + index).padStart(12, "0")}000000`,
      data: record,
      rawData: record,
      sourceBytes: length,
      arrivalMs,
    });
    offset += length;
  }
  return records;
}

/** A sub-record of `record`. Its id is the record's with the last six digits counted up (assumed). */
export function subRecord(record: SourceRecord, index: number, data: Uint8Array): SourceRecord {
  const recordId = record.recordId.slice(0, -6) + String(index).padStart(6, "0");
  if (record.rawData === record.data) {
    return { ...record, recordId, data, rawData: data, sourceBytes: data.length };
  }
  return { ...record, recordId, data, sourceBytes: index === 0 ? record.sourceBytes : 0 };
}

/** Bytes of a record in the event beside its data, its id and its time. */
const FRAME_BYTES = '{"recordId":"","approximateArrivalTimestamp":,"data":""},'.length;

/**
 * The event as JSON in UTF-8. Joined as text, because nothing in it needs escaping, and record by
 * record into the bytes: one text of all records is garbage of megabytes.
 */
export function lambdaEvent(
  { invocationId, deliveryStreamArn, region, records }: {
    readonly invocationId: string;
    readonly deliveryStreamArn: string;
    readonly region: string;
    readonly records: readonly SourceRecord[];
  },
): Uint8Array {
  const head = encoder.encode(
    `${JSON.stringify({ invocationId, deliveryStreamArn, region }).slice(0, -1)},"records":[`,
  );
  const sizeMax = records.reduce((sum, record) => sum + frameBytes(record), 0);
  const event = new Uint8Array(head.length + sizeMax + 2);
  event.set(head);
  let end = head.length;
  const add = (text: string) => {
    const { read, written } = encoder.encodeInto(text, event.subarray(end));
    assert(read === text.length, "an event has room for its records");
    end += written;
  };
  for (const [index, { recordId, data, arrivalMs }] of records.entries()) {
    const comma = index === 0 ? "" : ",";
    add(`${comma}{"recordId":"${recordId}","approximateArrivalTimestamp":${arrivalMs},"data":"`);
    add(data.toBase64());
    add('"}');
  }
  add("]}");
  return event.subarray(0, end);
}

const encoder = new TextEncoder();

/** The bytes that a record takes in the event, with a comma. */
const frameBytes = ({ recordId, data, arrivalMs }: SourceRecord) =>
  FRAME_BYTES + recordId.length + `${arrivalMs}`.length + Math.ceil(data.length / 3) * 4;
