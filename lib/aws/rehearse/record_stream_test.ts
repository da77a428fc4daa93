import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { compressed } from "../../sandbox/decoding/testing.ts";
import { readRecords } from "./record_stream.ts";
import { recordsIn } from "./records.ts";

/** Small ones, so that a test need not write megabytes. */
const SIZES = { wholeBytes: 64, blockBytes: 32 };

/** The records of a file that comes in pieces of `step` bytes. */
async function read(file: Uint8Array, step: number) {
  const records: string[] = [];
  async function* pieces() {
    for (let at = 0; at < file.length; at += step) yield file.slice(at, at + step);
  }
  const said = await readRecords(
    pieces(),
    (record) => records.push(Buffer.from(record).toString("latin1")),
    SIZES,
  );
  return { ...said, records };
}

Deno.test("readRecords() finds what recordsIn() finds, however large the file and its pieces", async () => {
  const record = fc.oneof(
    fc.object({ maxDepth: 1 }).map((value) => JSON.stringify(value)),
    fc.string({ minLength: 1 }).filter((text) => !/^[[{]/.test(text.trim())),
  ).filter((text) => text.trim() !== "" && !/[\r\n]|\}\s*\{|^\uFEFF/.test(text));
  const files = fc.array(record, { minLength: 1, maxLength: 30 });
  const pieces = fc.integer({ min: 1, max: 200 });
  await fc.assert(fc.asyncProperty(files, pieces, fc.nat(2), async (lines, step, layers) => {
    let file: Uint8Array = Buffer.from(lines.join("\n"));
    const whole = recordsIn(file);
    for (let layer = 0; layer < layers; layer++) file = gzipSync(file);
    const { kind, count, records } = await read(file, step);
    assertEquals(records, whole.records.map((it) => Buffer.from(it).toString("latin1")));
    assertEquals([kind, count], [whole.kind, records.length]);
  }));
});

for (
  const [what, text, wanted] of [
    ["a JSON array", JSON.stringify(Array.from({ length: 50 }, (_, n) => ({ n })), null, 1), 50],
    ["a JSON array in one line", JSON.stringify(Array.from({ length: 50 }, (_, n) => ({ n }))), 50],
    ["a JSON document over many lines", JSON.stringify({ a: "x".repeat(200) }, null, 1), 1],
    ["error objects", `{"errorCode":"x","rawData":"YQ=="}\n`.repeat(30), 30],
    ["lines of Windows", "abcdefgh\r\n".repeat(30), 30],
    ["objects that run together", '{"a":1}{"a":2}\n'.repeat(30), 60],
  ] as const
) {
  Deno.test(`readRecords() of ${what}, larger than a block, gives what recordsIn() gives`, async () => {
    const whole = recordsIn(Buffer.from(text));
    const { kind, records, notes } = await read(Buffer.from(text), 10);
    assertEquals([kind, notes, records.length], [whole.kind, whole.notes, wanted]);
    assertEquals(records, whole.records.map((it) => Buffer.from(it).toString("latin1")));
  });
}

for (const format of ["GZIP", "ZIP", "Snappy", "HADOOP_SNAPPY"] as const) {
  Deno.test(`readRecords() reads an error object of a stream with ${format}`, async () => {
    const lines = Buffer.from(`{"errorCode":"x","rawData":"YQ=="}\n`.repeat(30));
    const { kind, records } = await read(await compressed(lines, format), 20);
    assertEquals([kind, records], ["error object", Array.from({ length: 30 }, () => "a")]);
  });
}

for (
  const [what, file, cure] of [
    ["UTF-16", Buffer.from('\ufeff{"a":1}\n{"a":2}\n', "utf16le"), "iconv -f UTF-16 -t UTF-8"],
    ["zstd", Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0), "it is zstd"],
  ] as const
) {
  Deno.test(`readRecords() takes no file that is ${what} for one record`, async () => {
    await assertRejects(() => read(file, 20), TypeError, cure);
  });
}

Deno.test("readRecords() says what is wrong with gzip that is cut, and of a file without records", async () => {
  const cut = gzipSync("a\n".repeat(500)).subarray(0, 20);
  const error = await assertRejects(() => read(cut, 5), TypeError);
  assertStringIncludes(error.message, "the gzip is cut off or damaged: unexpected end of file");
  await assertRejects(() => read(new Uint8Array(), 5), TypeError, "there is no record in it");
});

Deno.test("readRecords() refuses an error object of which a later block has another line", async () => {
  const file = Buffer.from(`${'{"errorCode":"x","rawData":"YQ=="}\n'.repeat(30)}{"id":1}\n`);
  await assertRejects(() => read(file, 20), TypeError, "one of its lines can't be read");
});
