import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { RECORD_BYTES_MAX } from "./batches.ts";
import type { FirehoseTransformationResult } from "./event.ts";
import { withRounds } from "./gzip_rounds.ts";
import { DOCUMENT, eventOf, gzipped } from "./sample_event.ts";
import { codePoint, gzipHeader, gzipWith } from "./testing.ts";
import { getSize, RESPONSE_BUDGET_BYTES, transform } from "./transform.ts";

const MERGE = { strategy: "merge-compressed" } as const;

const resultsOf = ({ records }: FirehoseTransformationResult) =>
  records.map(({ result }) => result);

/** The lines of each record that is Ok, by its id. */
function linesOf({ records }: FirehoseTransformationResult): Map<string, string[]> {
  return new Map(records.flatMap((record) => {
    if (record.result !== "Ok") return [];
    const lines = gunzipSync(Buffer.from(record.data, "base64")).toString().split("\n");
    assertEquals(lines.pop(), "", "a line feed ends the last line");
    return [[record.recordId, lines]];
  }));
}

const order = (id: number, members: object = {}) => ({ ...DOCUMENT, id, ...members });

Deno.test("merge-compressed answers records with the same keys as one gzip member, the others as Dropped", () => {
  const documents = [order(1), order(2, { table: "items" }), order(3), order(4)];
  const event = eventOf(documents.map(gzipped));
  const { response, merged, reingest, writes, failures } = transform(event, MERGE);
  assertEquals(resultsOf(response), ["Ok", "Ok", "Dropped", "Dropped"]);
  const [first, second, third, fourth] = event.records.map(({ recordId }) => recordId);
  assertEquals(merged, [{ recordId: third, into: first }, { recordId: fourth, into: first }]);
  assertEquals([reingest, writes, failures], [[], [], []]);
  const text = (index: number) => JSON.stringify(documents[index]);
  assertEquals(
    linesOf(response),
    new Map([[first, [text(0), text(2), text(3)]], [second, [text(1)]]]),
  );
});

Deno.test("merge-compressed fails only the records that cannot be read", () => {
  const payloads = [gzipped(order(1)), Buffer.from("no gzip"), gzipped("[]"), gzipped(order(2))];
  const { response, failures } = transform(eventOf(payloads), MERGE);
  assertEquals(resultsOf(response), ["Ok", "ProcessingFailed", "ProcessingFailed", "Dropped"]);
  assertEquals(failures.length, 2);
});

Deno.test("merge-compressed answers 10,000 records within the budget", () => {
  const event = eventOf(
    Array.from({ length: 10_000 }, (_, id) => gzipped(order(id, { table: `t${id % 40}` }))),
  );
  const { response, merged } = transform(event, MERGE);
  const bytes = getSize(response);
  assert(bytes <= RESPONSE_BUDGET_BYTES && bytes < getSize(event), `${bytes} bytes`);
  assertEquals(merged.length, 9_960);
  const ids = [...linesOf(response).values()].flat().map((line) => JSON.parse(line).id);
  assertEquals(ids.sort((a, b) => a - b), Array.from({ length: 10_000 }, (_, id) => id));
});

Deno.test("merge-compressed makes several records of a partition that outgrows one", () => {
  const noise = () => randomBytes(300_000).toString("base64");
  const payloads = Array.from({ length: 8 }, (_, id) => gzipped(order(id, { noise: noise() })));
  const { response } = transform(eventOf(payloads), MERGE);
  const sizes = response.records.flatMap((record) =>
    record.result === "Ok" ? [Buffer.from(record.data, "base64").length] : []
  );
  assertEquals(sizes.length, 3);
  for (const size of sizes) assert(size <= RECORD_BYTES_MAX);
  assertEquals([...linesOf(response).values()].map(({ length }) => length), [3, 3, 2]);
});

Deno.test("merge-compressed fails records that do not fit, and answers the rest of their partition", () => {
  const noise = () => randomBytes(1_000).toString("base64");
  const event = eventOf(
    Array.from({ length: 8 }, (_, id) => gzipped(order(id, { noise: noise() }))),
  );
  const { response, merged, failures } = transform(event, { ...MERGE, responseBytesMax: 8_000 });
  assert(getSize(response) <= 8_000);
  assert(merged.length > 0 && failures.length > 0);
  assertEquals(failures[0].reason, "the response is full: it may have 8000 bytes");
  const lines = [...linesOf(response).values()].flat();
  assertEquals(lines.length + failures.length, 8);
});

const compress = fc.tuple(gzipHeader, fc.constantFrom("", "\n", "\r\n", "\n\n"), fc.nat(2)).map(
  ([header, end, indent]) => (document: object) =>
    gzipWith(Buffer.from(JSON.stringify(document, null, indent) + end), header),
);
const table = fc.constantFrom("orders", "items", "_audit");
const good = fc.record({ table, text: fc.string({ maxLength: 300, unit: codePoint }), compress })
  .map(({ table, text, compress }) => ({
    kind: "good" as const,
    make: (id: number) => compress(order(id, { table, text })),
  }));
const inParts = fc.record({ table, text: fc.string(), empty: fc.boolean() })
  .map(({ table, text, empty }) => ({
    kind: "good" as const,
    make: (id: number) => {
      const json = JSON.stringify(order(id, { table, text }));
      const cut = empty ? 0 : 20;
      return Buffer.concat([gzipSync(json.slice(0, cut)), gzipSync(json.slice(cut))]);
    },
  }));
const again = good.map(({ kind, make }) => ({
  kind,
  make: (id: number) => {
    const data = withRounds(make(id), 3);
    assert(data);
    return data;
  },
}));
const bad = fc.uint8Array({ maxLength: 60 })
  .map((bytes) => ({ kind: "bad" as const, make: () => Buffer.from(bytes) }));
const batch = fc.array(fc.oneof(good, inParts, again, bad), { maxLength: 25 });

for (const strategy of ["keep-compressed", "merge-compressed"] as const) {
  Deno.test(`${strategy} delivers each good record's document exactly once, whatever the batch`, () => {
    fc.assert(fc.property(batch, (records) => {
      const payloads = records.map(({ make }, id) => make(id));
      const event = eventOf(payloads);
      const { response, merged, failures } = transform(event, { strategy });
      const ids = event.records.map(({ recordId }) => recordId);
      assertEquals(response.records.map(({ recordId }) => recordId), ids);

      const lines = linesOf(response);
      const delivered = [...lines.values()].flat().map((line) => JSON.parse(line));
      const wanted = records.flatMap(({ kind }, id) =>
        kind === "good" ? [JSON.parse(`${gunzipSync(payloads[id])}`)] : []
      );
      assertEquals(delivered.sort((a, b) => a.id - b.id), wanted);
      const failed = ids.filter((_, index) => records[index].kind === "bad");
      assertEquals(failures.map(({ recordId }) => recordId), failed);
      for (const { recordId, into } of merged) {
        const documents = lines.get(into)?.map((line) => JSON.parse(line).id);
        assert(documents?.includes(ids.indexOf(recordId)));
      }
    }));
  });
}

Deno.test("merge-compressed takes no more bytes than keep-compressed, whatever the batch and its order", () => {
  fc.assert(fc.property(batch, (records) => {
    const event = eventOf(records.map(({ make }, id) => make(id)));
    const [kept, merged] = (["keep-compressed", "merge-compressed"] as const)
      .map((strategy) => getSize(transform(event, { strategy }).response));
    assert(merged <= kept, `${merged} to ${kept} bytes`);
  }));
});

Deno.test("merge-compressed answers records of one partition in fewer bytes than the request has, whatever they hold", () => {
  const partitionKeysOf = () => ({ value: { table: "orders" } });
  const some = fc.array(fc.oneof(good, inParts, again), { minLength: 1, maxLength: 25 });
  fc.assert(fc.property(some, (records) => {
    const event = eventOf(records.map(({ make }, id) => make(id)));
    const { response } = transform(event, { ...MERGE, partitionKeysOf });
    assert(getSize(response) < getSize(event), `${getSize(response)} of ${getSize(event)} bytes`);
  }));
});

Deno.test("merge-compressed sets a record aside for S3 if that is chosen", () => {
  const noise = randomBytes(3_000).toString("base64");
  const event = eventOf([gzipped(order(1)), gzipped(order(2, { noise })), gzipped(order(3))]);
  const options = { ...MERGE, responseBytesMax: 2_000, tooLarge: "write-to-s3" } as const;
  const { response, writes } = transform(event, options);
  assertEquals(resultsOf(response), ["Ok", "Dropped", "Dropped"]);
  assertEquals(writes.map(({ recordId }) => recordId), [event.records[1].recordId]);
});
