import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { eventOf, gzipped } from "../../lambda/sample_event.ts";
import { type Strategy, transform } from "../../lambda/transform.ts";
import { sampleEvents } from "../data/mod.ts";
import { readByAll, type Reading } from "./at_hand.ts";

/** What a function's answers to two batches become in one object. */
function objectOf(strategy: Strategy): Uint8Array {
  const sent = sampleEvents(40).map((event) => gzipped({ ...event, table: "orders" }));
  const answers = [sent.slice(0, 25), sent.slice(25)].flatMap((payloads) => {
    const options = { strategy, partitionKeysOf: () => ({ value: { table: "orders" } }) };
    return transform(eventOf(payloads), options).response.records;
  });
  const bytes = Buffer.concat(
    answers.flatMap((answer) => answer.result === "Ok" ? [Buffer.from(answer.data, "base64")] : []),
  );
  return strategy === "drop-and-reingest" ? gzipSync(bytes) : bytes;
}

const seen = (readings: readonly Reading[]) =>
  Object.fromEntries(readings.map(({ reader, rows, error }) => [reader, error ? "error" : rows]));

const ALL = {
  "node:zlib gunzipSync": 40,
  "node:zlib createGunzip": 40,
  "pako ungzip": 40,
  "fflate Gunzip": 40,
};

// Seen with Deno 2.9.6, pako 3.0.3 and fflate 0.8.3 on 2026-11-30: a new version that changes its
// mind must be seen here.
for (
  const [strategy, others] of [
    ["drop-and-reingest", [40, 40, 40]],
    ["keep-compressed", [1, 0, "error"]],
    ["merge-compressed", [25, 15, "error"]],
  ] as const
) {
  Deno.test(`readers at hand agree about an object of ${strategy}, or not, as the table says`, async () => {
    const [pako, fflate, decompressionStream] = others;
    assertEquals<unknown>(seen(await readByAll(objectOf(strategy))), {
      ...ALL,
      "pako Inflate, in pieces that end with a member": pako,
      "fflate gunzipSync": fflate,
      DecompressionStream: decompressionStream,
    });
  });
}

Deno.test("readers at hand agree about one gzip member, whatever its lines", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue()), async (values) => {
      const lines = values.map((value) => `${JSON.stringify(value)}\n`).join("");
      const readings = await readByAll(gzipSync(lines));
      for (const { rows, error } of readings) {
        assertEquals([rows, error], [values.length, undefined]);
      }
    }),
    { numRuns: 30 },
  );
});

Deno.test("readByAll() refuses plain text", async () => {
  await assertRejects(() => readByAll(Buffer.from("{}\n")), TypeError, "is not gzip");
});
