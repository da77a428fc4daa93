import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { FirehoseTransformationResultRecord } from "./event.ts";
import { DOCUMENT, eventOf, gzipped } from "./sample_event.ts";
import { DOCUMENT_BYTES_MAX, getSize, RESPONSE_BYTES_MAX, transform } from "./transform.ts";

/** The bytes that Firehose would write, or undefined where the record is not Ok. */
function written(record: FirehoseTransformationResultRecord): string | undefined {
  return record.result === "Ok" ? Buffer.from(record.data, "base64").toString() : undefined;
}

/** What the Lambda runtime posts. */
const postedBytes = (response: unknown) =>
  new TextEncoder().encode(JSON.stringify(response)).length;

Deno.test("transform() answers a gzip record with its line and its partition keys", () => {
  const event = eventOf([gzipped(DOCUMENT)]);
  const { response, reingest, failures } = transform(event);
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
  assertEquals([reingest, failures], [[], []]);
});

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
  Deno.test(`transform() fails the record alone where ${reason}`, () => {
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

Deno.test("transform() takes another rule for the partition keys", () => {
  const { response } = transform(eventOf([gzipped({ customer: "c1" })]), {
    partitionKeysOf: ({ customer }) => ({ value: { customer: String(customer) } }),
  });
  const [record] = response.records;
  assert(record.result === "Ok");
  assertEquals(record.metadata.partitionKeys, { customer: "c1" });
});

Deno.test("transform() fills the response to the last byte, and fails the record that is one over", () => {
  const event = eventOf([gzipped(DOCUMENT), gzipped(DOCUMENT)]);
  const whole = getSize(transform(event).response);
  const results = (responseBytesMax: number) =>
    transform(event, { responseBytesMax }).response.records.map(({ result }) => result);
  assertEquals(results(whole), ["Ok", "Ok"]);
  assertEquals(results(whole - 1), ["Ok", "ProcessingFailed"]);
});

Deno.test("transform() goes on with smaller records after one that found no room", () => {
  const large = gzipped({ ...DOCUMENT, text: randomBytes(3_000).toString("hex") });
  const event = eventOf([gzipped(DOCUMENT), large, gzipped(DOCUMENT)]);
  const { response, failures } = transform(event, { responseBytesMax: 3_000 });
  assertEquals(response.records.map(({ result }) => result), ["Ok", "ProcessingFailed", "Ok"]);
  assertEquals(failures[0].reason, "the response has no room left: it may take 3000 bytes");
});

Deno.test("transform() keeps Lambda's limit where records decompress to far more", () => {
  const text = "a".repeat(400_000);
  const event = eventOf(Array.from({ length: 40 }, (_, id) => gzipped({ ...DOCUMENT, id, text })));
  const { response, failures } = transform(event);
  const bytes = postedBytes(response);
  assert(bytes <= RESPONSE_BYTES_MAX && bytes > RESPONSE_BYTES_MAX - 540_000, `${bytes} bytes`);
  assertEquals(response.records.length, 40);
  assertEquals(failures.length, response.records.filter((r) => r.result !== "Ok").length);
});

Deno.test("transform() throws where not even the shortest answers fit", () => {
  assertThrows(() => transform(eventOf([gzipped(DOCUMENT)]), { responseBytesMax: 50 }), RangeError);
});

const goodDocument = fc.record({
  database: fc.string({ minLength: 1, maxLength: 20, unit: "binary" }),
  table: fc.string({ maxLength: 20, unit: "binary" }),
  text: fc.string({ maxLength: 500 }),
}).map((members) => ({ ...DOCUMENT, ...members }));
const anyPayload = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.jsonValue().map((value) => gzipped(JSON.stringify(value))),
  goodDocument.map(gzipped),
);

Deno.test("transform() answers every record exactly once, in order and within the budget, whatever the bytes", () => {
  const budget = fc.integer({ min: 2_000, max: 6_000 });
  fc.assert(fc.property(fc.array(anyPayload, { maxLength: 12 }), budget, (payloads, bytesMax) => {
    const event = eventOf(payloads);
    const { response, failures } = transform(event, { responseBytesMax: bytesMax });
    assertEquals(
      response.records.map(({ recordId }) => recordId),
      event.records.map(({ recordId }) => recordId),
    );
    assert(postedBytes(response) <= bytesMax);
    const failed = response.records.filter(({ result }) => result === "ProcessingFailed");
    assertEquals(failures.map(({ recordId }) => recordId), failed.map(({ recordId }) => recordId));
  }));
});

Deno.test("transform() gives every good document back as one line, under keys that make one path each", () => {
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

Deno.test("transform() is pure: the same event gives the same answer, and stays as it was", () => {
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
