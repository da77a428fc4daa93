import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { parseDocument, toLine } from "./document.ts";

const lineOf = (text: string) => toLine({ bytes: Buffer.from(text), text }).toString();

for (
  const [bytes, reason] of [
    ["", "the document is not JSON, or more than one document"],
    ["{", "the document is not JSON, or more than one document"],
    ["{}{}", "the document is not JSON, or more than one document"],
    ["{}\n{}\n", "the document is not JSON, or more than one document"],
    ["\ufeff{}", "the document is not JSON, or more than one document"],
    ["[".repeat(1_000_000), "the document is not JSON, or more than one document"],
    ["[1]", "the document is not a JSON object"],
    ["null", "the document is not a JSON object"],
    ['"text"', "the document is not a JSON object"],
    ["7", "the document is not a JSON object"],
    [[0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d], "the document is not UTF-8"],
  ] as const
) {
  const given = typeof bytes === "string" ? bytes.slice(0, 10) : bytes.join(" ");
  Deno.test(`parseDocument() says that ${reason}, given ${JSON.stringify(given)}`, () => {
    const buffer = typeof bytes === "string" ? Buffer.from(bytes) : Buffer.from([...bytes]);
    assertEquals(parseDocument(buffer), { reason });
  });
}

Deno.test("toLine() keeps the document's bytes, on one line", () => {
  const text = '\r\n{\n  "id": 12345678901234567890,\r\n\t"id": 1.0 }\n\n';
  assertEquals(lineOf(text), '{   "id": 12345678901234567890,  \t"id": 1.0 }\n');
});

Deno.test("toLine() gives one line of the same document, whatever stands between its tokens", () => {
  const indent = fc.stringMatching(/^[ \t\n\r]{0,4}$/);
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), indent, (document, blank) => {
    const text = blank + JSON.stringify(document, null, blank) + blank;
    const line = lineOf(text);
    assertEquals(line.indexOf("\n"), line.length - 1);
    assertEquals(line.indexOf("\r"), -1);
    assertEquals(JSON.parse(line), JSON.parse(text));
  }));
});
