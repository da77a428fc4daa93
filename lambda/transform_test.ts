import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import type { FirehoseTransformationResultRecord } from "./event.ts";
import { DOCUMENT, eventOf, gzipped } from "./sample_event.ts";
import { transform } from "./transform.ts";
import { codePoint } from "./testing.ts";

/** The bytes that Firehose would write, or undefined where the record is not Ok. */
function written(record: FirehoseTransformationResultRecord): string | undefined {
  return record.result === "Ok" ? Buffer.from(record.data, "base64").toString() : undefined;
}

Deno.test("transform() answers a gzip record with its line and its partition keys", () => {
  const event = eventOf([gzipped(DOCUMENT)]);
  const { response, reingest, writes, failures } = transform(event);
  assertEquals<unknown>(response, {
    records: [{
      recordId: event.records[0].recordId,
      result: "Ok",
      data: Buffer.from(`${JSON.stringify(DOCUMENT)}\n`).toString("base64"),
      metadata: {
        partitionKeys: {
          database: "shop",
          table: "orders",
          year: "2026",
          month: "11",
          day: "24",
          hour: "09",
        },
      },
    }],
  });
  assertEquals([reingest, writes, failures], [[], [], []]);
});

/** Base64 of one byte more does not fit into the budget of 5 MB. */
const DOCUMENT_BYTES_MAX = 3_932_160;
const bomb = gzipSync(Buffer.alloc(DOCUMENT_BYTES_MAX + 1, " "));
for (
  const [payload, reason] of [
    [Buffer.alloc(0), "the record is empty"],
    [Buffer.from(JSON.stringify(DOCUMENT)), "the data is not gzip"],
    [gzipped(DOCUMENT).subarray(0, -3), "the gzip data is truncated"],
    [bomb, `the data decompresses to more than ${DOCUMENT_BYTES_MAX} bytes`],
    [gzipped("hello"), "the document is not JSON, or more than one document"],
    [gzipped("[1]"), "the document is not a JSON object"],
    [
      gzipped(`${JSON.stringify(DOCUMENT)}\n${JSON.stringify(DOCUMENT)}\n`),
      "the document is not JSON, or more than one document",
    ],
    [
      Buffer.concat([gzipped(DOCUMENT), gzipped(DOCUMENT)]),
      "the document is not JSON, or more than one document",
    ],
    [gzipped({ ...DOCUMENT, database: "" }), 'the member "database" is empty'],
    [gzipped({ ...DOCUMENT, table: undefined }), 'the member "table" is missing'],
    [
      gzipped({ ...DOCUMENT, table: "t".repeat(256) }),
      'the member "table" takes more than 255 bytes as a key',
    ],
    [
      gzipped({ ...DOCUMENT, time: "soon" }),
      'the member "time" is not an RFC 3339 time with an offset',
    ],
  ] as const
) {
  Deno.test(`transform() fails only the record: ${reason}`, () => {
    const event = eventOf([gzipped(DOCUMENT), payload, gzipped(DOCUMENT)]);
    const { response, failures } = transform(event);
    assertEquals(response.records.map(({ result }) => result), ["Ok", "ProcessingFailed", "Ok"]);
    assertEquals(failures, [{ recordId: event.records[1].recordId, reason }]);
  });
}

Deno.test("transform() fails a record whose base64 is damaged", () => {
  const event = eventOf([gzipped(DOCUMENT)]);
  const data = event.records[0].data.replace(/.{4}$/, "*");
  const { response } = transform({ ...event, records: [{ ...event.records[0], data }] });
  assertEquals(response.records[0].result, "ProcessingFailed");
});

Deno.test("transform() accepts another rule for the partition keys", () => {
  const { response } = transform(eventOf([gzipped({ customer: "c1" })]), {
    partitionKeysOf: ({ customer }) => ({ value: { customer: String(customer) } }),
  });
  const [record] = response.records;
  assert(record.result === "Ok");
  assertEquals(record.metadata.partitionKeys, { customer: "c1" });
});

const goodDocument = fc.record({
  database: fc.string({ minLength: 1, maxLength: 20, unit: codePoint }),
  table: fc.string({ maxLength: 20, unit: codePoint }),
  text: fc.string({ maxLength: 500 }),
}).map((members) => ({ ...DOCUMENT, ...members }));
const anyPayload = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.jsonValue().map((value) => gzipped(JSON.stringify(value))),
  goodDocument.map(gzipped),
);

Deno.test("transform() answers every good document as one line, under keys that make one path each", () => {
  fc.assert(fc.property(fc.array(goodDocument, { maxLength: 5 }), (documents) => {
    const { response } = transform(eventOf(documents.map(gzipped)));
    response.records.forEach((record, index) => {
      assertEquals(record.result, documents[index].table === "" ? "ProcessingFailed" : "Ok");
      if (record.result !== "Ok") return;
      assertEquals(written(record), `${JSON.stringify(documents[index])}\n`);
      for (const value of Object.values(record.metadata.partitionKeys)) {
        assert(!value.includes("/") && !/^\.*$/.test(value), value);
      }
    });
  }));
});

Deno.test("transform() is pure: the same event gives the same answer, and is not changed", () => {
  fc.assert(fc.property(fc.array(anyPayload, { maxLength: 5 }), (payloads) => {
    const event = eventOf(payloads);
    const before = structuredClone(event);
    assertEquals(transform(event), transform(event));
    assertEquals(event, before);
  }));
});

Deno.test("transform() names no data in its reasons", () => {
  const secret = "s3cr3t";
  const event = eventOf([
    Buffer.from(secret),
    gzipped(secret),
    gzipped(`{"${secret}": ${secret}`),
    gzipped({ ...DOCUMENT, time: secret }),
    gzipped({ ...DOCUMENT, table: [secret] }),
    gzipped({ ...DOCUMENT, database: secret.repeat(100) }),
  ]);
  const { failures } = transform(event);
  assertEquals(failures.length, event.records.length);
  assert(!JSON.stringify(failures).includes(secret));
});
