import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { gunzipSync, gzipSync } from "node:zlib";
import { toCompressedLine } from "./compressed_line.ts";
import { type JsonDocument, parseDocument, toLine } from "./document.ts";
import { gzipHeader, gzipWith } from "./testing.ts";

/** The document in gzip data. */
function documentIn(data: Buffer): JsonDocument {
  const { value } = parseDocument(gunzipSync(data));
  assert(value);
  return value;
}

const compressedLine = (data: Buffer) => toCompressedLine(data, documentIn(data));

Deno.test("toCompressedLine() returns the record's own bytes if they are a line", () => {
  const data = gzipSync('{"id":1}\n');
  assertEquals(compressedLine(data), data);
});

Deno.test("toCompressedLine() gives a record's member a plain header, and keeps its compressed bytes", () => {
  fc.assert(fc.property(gzipHeader, (header) => {
    const content = Buffer.from('{"id":1}\n');
    const line = compressedLine(gzipWith(content, header));
    assertEquals(line.subarray(0, 4).toString("hex"), "1f8b0800");
    assertEquals(line.subarray(10), gzipSync(content).subarray(10));
  }));
});

Deno.test("toCompressedLine() adds the line feed as a separate member, the same every time", () => {
  const data = gzipSync('{"id":1}');
  const line = compressedLine(data);
  assertEquals(line.subarray(0, data.length), data);
  assertEquals(line.length, data.length + 21);
  assertEquals(gunzipSync(line).toString(), '{"id":1}\n');
});

for (
  const [data, why] of [
    [gzipSync('{\n  "id": 1\n}\n'), "its document has line ends inside"],
    [gzipSync('{"id":1}\r\n'), "its line ends with a carriage return"],
    [Buffer.concat([gzipSync('{"id"'), gzipSync(":1}")]), "it is several members"],
    [
      Buffer.concat([gzipSync(""), gzipWith(Buffer.from('{"id":1}\n'), { comment: "c" })]),
      "it begins with an empty member",
    ],
    [Buffer.concat([gzipSync('{"id":1}\n'), Buffer.alloc(512)]), "it is padded with zeros"],
  ] as const
) {
  Deno.test(`toCompressedLine() compresses a record again if ${why}`, () => {
    const line = compressedLine(data);
    assertEquals(line, gzipSync(toLine(documentIn(data))));
    assertEquals(gunzipSync(Buffer.concat([line, line])).toString().split("\n").length, 3);
  });
}

Deno.test("toCompressedLine() makes lines that are one gzip file together, whatever the records", () => {
  const indent = fc.constantFrom(0, 2);
  const ending = fc.constantFrom("", "\n", "\r\n", " ");
  const record = fc.tuple(fc.jsonValue(), indent, ending, fc.nat(3));
  fc.assert(fc.property(fc.array(record, { minLength: 1 }), (records) => {
    const file = Buffer.concat(records.map(([value, spaces, end, zeros]) => {
      const data = gzipSync(JSON.stringify({ value }, null, spaces) + end);
      return compressedLine(Buffer.concat([data, Buffer.alloc(zeros)]));
    }));
    const lines = gunzipSync(file).toString().split("\n");
    assertEquals(lines.pop(), "");
    assertEquals(
      lines.map((line) => JSON.parse(line)),
      records.map(([value]) => JSON.parse(JSON.stringify({ value }))),
    );
    assert(file.length > 0);
  }));
});
