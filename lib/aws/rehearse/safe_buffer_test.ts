import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { RESPONSE_BYTES_MAX } from "../../../lambda/size.ts";
import { answerSizes, partitionKeyBytes } from "./answer_sizes.ts";
import { batchRanges, MIB } from "./batches.ts";
import { filled, largestResponse, type MeasuredRecords, safeBuffer } from "./safe_buffer.ts";

const same = (count: number, recordBytes: number, answerBytes: number): MeasuredRecords => ({
  recordBytes: new Array<number>(count).fill(recordBytes),
  answerBytes: new Array<number>(count).fill(answerBytes),
});

Deno.test("batchRanges() takes what fits, one record at least, and 10,000 at most", () => {
  assertEquals(batchRanges([], 1000), []);
  assertEquals(batchRanges([5000, 10], 1000), [{ start: 0, end: 1 }, { start: 1, end: 2 }]);
  assertEquals(batchRanges([500, 500, 1], 1000), [{ start: 0, end: 2 }, { start: 2, end: 3 }]);
  const many = new Array<number>(10_001).fill(1);
  assertEquals(batchRanges(many, MIB).map(({ end }) => end), [10_000, 10_001]);
});

Deno.test("safeBuffer() says which records no buffer helps, and when none is small enough", () => {
  assertEquals(safeBuffer(same(1, 1000, RESPONSE_BYTES_MAX)).kind, "tooLarge");
  assertEquals(safeBuffer(same(1000, 600, 33_000)).kind, "none");
  assertEquals(safeBuffer(same(1000, 1000, 1300)), {
    kind: "safe",
    megabytes: 3,
    largestResponseBytes: 4_088_515,
    longestMs: 0,
    limitedBy: undefined,
  });
});

Deno.test("safeBuffer() does not call a buffer safe because a few records do not fill it", () => {
  // 40 records of 600 bytes fit into any response; a full buffer of them does not.
  assertEquals(safeBuffer(same(40, 600, 33_000)).kind, "none");
  assertEquals(safeBuffer(same(1, 25_000, 300_000)), safeBuffer(same(100, 25_000, 300_000)));
});

Deno.test("safeBuffer() leaves a fifth of the function's time, and says when no buffer is processed in time", () => {
  const records = same(1000, 1000, 1300);
  // 1 ms for each kB: 1.5 MiB take 1,572 ms, 1.6 MiB more than 80 % of 2 s.
  const time = { limitMs: 2_000, millisecondsOf: (bytes: number) => bytes / 1000 };
  const safe = safeBuffer(records, time);
  assertEquals(safe.kind === "safe" && [safe.megabytes, safe.limitedBy], [1.5, "time"]);
  assertEquals(safeBuffer(records, { ...time, limitMs: 100 }).kind, "tooSlow");
});

Deno.test("at the safe buffer no batch overflows, and one step above one does, whatever the records", () => {
  const record = fc.record({
    recordBytes: fc.integer({ min: 100, max: 200_000 }),
    ratio: fc.integer({ min: 1, max: 40 }),
  }).map(({ recordBytes, ratio }) => ({
    recordBytes,
    answerBytes: Math.min(RESPONSE_BYTES_MAX / 2, Math.ceil(recordBytes * ratio * 4 / 3)),
  }));
  fc.assert(fc.property(fc.array(record, { minLength: 1, maxLength: 300 }), (all) => {
    const few = {
      recordBytes: all.map(({ recordBytes }) => recordBytes),
      answerBytes: all.map(({ answerBytes }) => answerBytes),
    };
    const safe = safeBuffer(few);
    const records = filled(few);
    if (safe.kind !== "safe") {
      assert(safe.kind === "none" && largestResponse(records, 0.2) > RESPONSE_BYTES_MAX);
      return;
    }
    assert(largestResponse(records, safe.megabytes) <= RESPONSE_BYTES_MAX);
    const above = Math.round(safe.megabytes * 10 + 1) / 10;
    assert(above > 3 || largestResponse(records, above) > RESPONSE_BYTES_MAX);
  }));
});

/** A response as a runtime writes it: Node without blanks, Python with them and with escapes. */
const WRITERS: Readonly<Record<string, (value: unknown) => string>> = {
  "nodejs22.x": JSON.stringify,
  "python3.11": (value) => escaped(pythonJson(value)),
  "python3.12": (value) => pythonJson(value),
};

const escaped = (json: string) =>
  json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, of]) =>
    `${pythonJson(name)}: ${pythonJson(of)}`
  );
  return `{${members.join(", ")}}`;
}

for (const [runtime, write] of Object.entries(WRITERS)) {
  Deno.test(`the safe buffer holds to the byte for responses that ${runtime} writes, whatever the records`, () => {
    const record = fc.record({
      recordBytes: fc.integer({ min: 500, max: 50_000 }),
      ratio: fc.integer({ min: 1, max: 30 }),
      keys: fc.dictionary(
        fc.constantFrom("a", "ł", "key"),
        fc.constantFrom("x", "Łódź", "\u{1F600}"),
      ),
    });
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 40 }), (few) => {
        const answers = few.map(({ recordBytes, ratio, keys }, index) => ({
          recordId: String(index).padStart(62, "4"),
          result: "Ok",
          data: "A".repeat(Math.ceil(recordBytes * ratio / 3) * 4),
          metadata: { partitionKeys: keys },
        }));
        const bytesOf = (chosen: readonly unknown[]) =>
          new TextEncoder().encode(write({ records: chosen })).length;
        const parts = answers.map(({ data, metadata: { partitionKeys } }) => {
          const [json, keys] = [JSON.stringify(partitionKeys), Object.keys(partitionKeys).length];
          return {
            dataBytes: data.length / 4 * 3,
            keyBytes: partitionKeyBytes(json, keys, runtime),
          };
        });
        const sizes = answerSizes(bytesOf(answers), parts);
        const recordBytes = few.map((record) => record.recordBytes);
        // A batch of any records has the bytes that the sizes add up to, but for rounding.
        for (let end = 1; end <= answers.length; end++) {
          const added = sizes.slice(0, end).reduce((sum, bytes) => sum + bytes, 0);
          assert(Math.abs(added - bytesOf(answers.slice(0, end))) <= 2 * end + 20);
        }
        const safe = safeBuffer({ recordBytes, answerBytes: sizes });
        if (safe.kind !== "safe") return;
        for (
          const { start, end } of batchRanges(recordBytes, safe.megabytes * MIB)
        ) {
          assert(bytesOf(answers.slice(start, end)) <= RESPONSE_BYTES_MAX);
        }
      }),
      { numRuns: 20 },
    );
  });
}
