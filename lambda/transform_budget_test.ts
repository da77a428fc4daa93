import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { RECORD_BYTES_MAX } from "./batches.ts";
import type { FirehoseTransformationResult } from "./event.ts";
import { readRounds, withRounds } from "./gzip_rounds.ts";
import { DOCUMENT, eventOf, gzipped } from "./sample_event.ts";
import {
  getSize,
  RESPONSE_BUDGET_BYTES,
  RESPONSE_BYTES_MAX,
  transform,
  withFailures,
} from "./transform.ts";
import { STRATEGIES } from "./transform_options.ts";

/** What the Lambda runtime posts. */
const postedBytes = (response: unknown) =>
  new TextEncoder().encode(JSON.stringify(response)).length;

const resultsOf = ({ records }: FirehoseTransformationResult) =>
  records.map(({ result }) => result);

/** A record that decompresses to about so many bytes. */
const documentOf = (bytes: number, members: object = {}) =>
  gzipped({ ...DOCUMENT, ...members, text: "a".repeat(bytes) });

/** A record that has been put back so often. */
function afterRounds(data: Buffer, rounds: number): Buffer {
  const counted = withRounds(data, rounds);
  assert(counted);
  return counted;
}

Deno.test("transform() fills the response to the last byte, and puts a record that is one byte over again", () => {
  const event = eventOf([gzipped(DOCUMENT), gzipped(DOCUMENT)]);
  const whole = getSize(transform(event).response);
  const results = (responseBytesMax: number) =>
    resultsOf(transform(event, { responseBytesMax }).response);
  assertEquals(results(whole), ["Ok", "Ok"]);
  assertEquals(results(whole - 1), ["Ok", "Dropped"]);
});

Deno.test("transform() fills 5 MB by default, and at most Lambda's limit", () => {
  const event = eventOf(Array.from({ length: 40 }, (_, id) => documentOf(400_000, { id })));
  for (const responseBytesMax of [undefined, RESPONSE_BYTES_MAX]) {
    const { response, reingest } = transform(event, { responseBytesMax });
    const max = responseBytesMax ?? RESPONSE_BUDGET_BYTES;
    const bytes = postedBytes(response);
    assert(bytes <= max && bytes > max - 540_000, `${bytes} bytes`);
    assertEquals(
      reingest.map(({ recordId }) => recordId),
      response.records.filter((r) => r.result === "Dropped").map(({ recordId }) => recordId),
    );
  }
  assertThrows(() => transform(event, { responseBytesMax: RESPONSE_BYTES_MAX + 1 }), RangeError);
});

Deno.test("transform() puts the same bytes again, with the count of rounds in their header", () => {
  const data = documentOf(3_000);
  const again = afterRounds(data, 4);
  const { reingest } = transform(eventOf([documentOf(3_000), data, again]), {
    responseBytesMax: 5_000,
  });
  // The one that has gone round most often comes first, so that no record waits without end.
  assertEquals(reingest.map(({ rounds }) => rounds), [1, 1]);
  for (const record of reingest) {
    assertEquals(readRounds(record.data), record.rounds);
    assertEquals(gunzipSync(record.data), gunzipSync(data));
    assertEquals(record.data.length, data.length + 7);
  }
});

Deno.test("transform() goes on with smaller records after one that did not fit", () => {
  const large = gzipped({ ...DOCUMENT, text: randomBytes(3_000).toString("hex") });
  const event = eventOf([gzipped(DOCUMENT), large, gzipped(DOCUMENT)]);
  const { response } = transform(event, { responseBytesMax: 8_600 });
  assertEquals(resultsOf(response), ["Ok", "Dropped", "Ok"]);
});

Deno.test("transform() fails a record that was put back as often as allowed", () => {
  const payloads = [1, 2, 3].map((rounds) => afterRounds(documentOf(3_000), rounds));
  const { response, failures } = transform(eventOf(payloads), {
    responseBytesMax: 4_800,
    roundsMax: 2,
  });
  assertEquals(resultsOf(response), ["Dropped", "ProcessingFailed", "Ok"]);
  assertEquals(
    failures[0].reason,
    "it was put back 2 times and still does not fit: the response may have 4800 bytes",
  );
});

for (
  const [payload, reason] of [
    [documentOf(6_000), "the data decompresses to more than 3000 bytes"],
    [
      documentOf(2_890),
      "it does not fit into a response even alone: a response may have 4000 bytes",
    ],
  ] as const
) {
  Deno.test(`transform() never puts a record again that cannot fit: ${reason}`, () => {
    const { response, reingest, failures } = transform(eventOf([payload]), {
      responseBytesMax: 4_000,
    });
    assertEquals([resultsOf(response), reingest], [["ProcessingFailed"], []]);
    assertEquals(failures[0].reason, reason);
  });
}

Deno.test("transform() fails a record that would exceed the limit of a record with its count", () => {
  const noise = randomBytes(RECORD_BYTES_MAX).toString("base64").slice(0, RECORD_BYTES_MAX - 300);
  const data = gzipSync(JSON.stringify({ ...DOCUMENT, noise }), { level: 0 });
  const padded = Buffer.concat([data, Buffer.alloc(RECORD_BYTES_MAX - data.length)]);
  const { failures } = transform(eventOf([data, padded]), { responseBytesMax: 1_500_000 });
  assertEquals(failures.map(({ reason }) => reason), [
    "it does not fit, and cannot be put back with a count of its rounds",
  ]);
});

Deno.test("transform() sets a record aside for S3 if that is chosen, under the same partition keys", () => {
  const data = documentOf(6_000);
  const event = eventOf([gzipped(DOCUMENT), data]);
  const { response, reingest, writes, failures } = transform(event, {
    responseBytesMax: 4_000,
    tooLarge: "write-to-s3",
  });
  assertEquals([resultsOf(response), reingest, failures], [["Ok", "Dropped"], [], []]);
  assertEquals(writes.map(({ recordId }) => recordId), [event.records[1].recordId]);
  assertEquals(writes[0].partitionKeys.table, DOCUMENT.table);
  assertEquals(gunzipSync(writes[0].bytes).toString(), `${gunzipSync(data)}\n`);
});

Deno.test("keep-compressed answers with the bytes that were put", () => {
  const data = documentOf(6_000_000);
  const event = eventOf([data, gzipped(`${JSON.stringify(DOCUMENT)}\n`)]);
  const { response, reingest } = transform(event, { strategy: "keep-compressed" });
  assertEquals(resultsOf(response), ["Ok", "Ok"]);
  assertEquals(reingest, []);
  assert(postedBytes(response) < getSize(event) + 1_000);
  const [first, second] = response.records;
  assert(first.result === "Ok" && second.result === "Ok");
  assertEquals(second.data, event.records[1].data);
  const file = Buffer.concat([first, second].map(({ data }) => Buffer.from(data, "base64")));
  assertEquals(gunzipSync(file).toString().split("\n").map((line) => line.slice(0, 20)), [
    `${gunzipSync(data)}`.slice(0, 20),
    JSON.stringify(DOCUMENT).slice(0, 20),
    "",
  ]);
});

Deno.test("keep-compressed fails records that do not fit beside thousands of tiny ones", () => {
  const event = eventOf(Array.from({ length: 5 }, () => gzipped(DOCUMENT)));
  const { failures } = transform(event, { strategy: "keep-compressed", responseBytesMax: 1_000 });
  assertEquals(failures.length, 4);
  assertEquals(failures[0].reason, "the response is full: it may have 1000 bytes");
});

Deno.test("transform() gives the shortest answers if not even they fit the budget", () => {
  const { response } = transform(eventOf([gzipped(DOCUMENT)]), { responseBytesMax: 50 });
  assertEquals(response.records.length, 1);
});

for (const options of [{ responseBytesMax: 1.5 }, { roundsMax: 256 }, { roundsMax: -1 }]) {
  Deno.test(`transform() refuses ${JSON.stringify(options)} by name`, () => {
    assertThrows(() => transform(eventOf([]), options), RangeError, Object.keys(options)[0]);
  });
}

const text = fc.string({ maxLength: 500 });
const goodPayload = text.map((value) => gzipped({ ...DOCUMENT, value }));
const largePayload = fc.nat(40_000).map((bytes) => documentOf(bytes));
const payload = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  goodPayload,
  largePayload,
  fc.tuple(largePayload, fc.integer({ min: 1, max: 60 })).map(([data, n]) => afterRounds(data, n)),
);
const options = fc.record({
  responseBytesMax: fc.integer({ min: 1_500, max: 60_000 }),
  strategy: fc.constantFrom(...STRATEGIES),
  tooLarge: fc.constantFrom("processing-failed" as const, "write-to-s3" as const),
  roundsMax: fc.nat(60),
});

Deno.test("transform() gives each record one answer and one fate, in order and within the budget, whatever the records and options", () => {
  fc.assert(fc.property(fc.array(payload, { maxLength: 12 }), options, (payloads, chosen) => {
    const event = eventOf(payloads);
    const { response, reingest, writes, merged, failures } = transform(event, chosen);
    const ids = event.records.map(({ recordId }) => recordId);
    assertEquals(response.records.map(({ recordId }) => recordId), ids);
    const having = (result: string) =>
      response.records.filter((record) => record.result === result).map((r) => r.recordId);
    assertEquals(failures.map(({ recordId }) => recordId), having("ProcessingFailed"));
    const dropped = [...reingest, ...writes, ...merged].map(({ recordId }) => recordId);
    assertEquals(dropped.sort(), having("Dropped").sort());
    for (const { data, rounds } of reingest) {
      assert(rounds <= chosen.roundsMax && readRounds(data) === rounds);
    }
    // Also where nothing is taken back by the stream.
    const refused = reingest.map(({ recordId }) => ({ recordId, reason: "throttled" }));
    assert(postedBytes(withFailures(response, refused)) <= chosen.responseBytesMax);
  }));
});

Deno.test("transform() delivers every good record after some rounds, whatever the sizes and the order", () => {
  const batch = fc.array(fc.nat(3_000), { minLength: 1, maxLength: 20 });
  fc.assert(fc.property(batch, (sizes) => {
    let waiting = sizes.map((bytes, id) => documentOf(bytes, { id }));
    const arrived: number[] = [];
    for (let round = 0; waiting.length > 0; round++) {
      assert(round < 50, "it never ends");
      const { response, reingest } = transform(eventOf(waiting), { responseBytesMax: 6_500 });
      for (const record of response.records) {
        if (record.result !== "Ok") continue;
        arrived.push(JSON.parse(Buffer.from(record.data, "base64").toString()).id);
      }
      waiting = reingest.map(({ data }) => data);
    }
    assertEquals(arrived.sort((a, b) => a - b), sizes.map((_, id) => id));
  }));
});
