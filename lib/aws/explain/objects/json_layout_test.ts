import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type JsonLayout, JsonLayoutReader } from "./json_layout.ts";
import { codePoint } from "../../../sandbox/testing/code_point.ts";

function layoutOf(text: string, pieceBytes = 1_000): JsonLayout {
  const bytes = new TextEncoder().encode(text);
  const reader = new JsonLayoutReader();
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    reader.push(bytes.subarray(at, at + pieceBytes));
  }
  return reader.finish();
}

Deno.test("JsonLayoutReader counts values, and those that run together, whatever they hold", () => {
  const record = fc.tuple(
    fc.dictionary(fc.string({ unit: codePoint }), fc.jsonValue()),
    fc.constantFrom("\n", "\r\n", "", " "),
  );
  fc.assert(
    fc.property(fc.array(record), fc.integer({ min: 1, max: 40 }), (records, pieceBytes) => {
      const text = records.map(([value, end]) => JSON.stringify(value) + end).join("");
      const layout = layoutOf(text, pieceBytes);
      const together = records.slice(0, -1).filter(([, end]) => !end.includes("\n")).length;
      assertEquals([layout.values, layout.runTogether], [records.length, together]);
      assertEquals(layout.members, Object.keys(records[0]?.[0] ?? {}));
      assertEquals(layout.endsWithLineFeed, records.length === 0 || text.endsWith("\n"));
      assertEquals([layout.otherLines, layout.bytes], [0, new TextEncoder().encode(text).length]);
    }),
  );
});

Deno.test("JsonLayoutReader reads indented documents as one value each", () => {
  const text = [{ a: [1, { b: 2 }] }, { c: 3 }].map((value) => JSON.stringify(value, null, 2));
  const { values, runTogether } = layoutOf(text.join("\n"));
  assertEquals([values, runTogether], [2, 0]);
});

Deno.test("JsonLayoutReader counts lines of text, and no brackets in them", () => {
  const { values, otherLines } = layoutOf('GET / {"a": 1}\n\nid,name\n{"a":1}\n');
  assertEquals([values, otherLines], [1, 2]);
});

Deno.test("JsonLayoutReader keeps no first value that is large", () => {
  const large = JSON.stringify({ a: "x".repeat(100_000) });
  assertEquals(layoutOf(large).members, []);
});
