import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { base64Size, getSize } from "./size.ts";

/** What the Lambda runtime posts. */
const posted = (value: unknown) => new TextEncoder().encode(JSON.stringify(value) ?? "null");

Deno.test("getSize() is the number of bytes of the JSON, whatever the value", () => {
  const text = fc.string({ unit: "binary" });
  const loose = fc.array(fc.integer({ min: 0, max: 0xffff }))
    .map((units) => String.fromCharCode(...units)); // lone surrogates too
  const value = fc.anything({
    key: fc.oneof(text, loose),
    values: [text, loose, fc.double(), fc.integer(), fc.boolean(), fc.constant(undefined)],
    withBoxedValues: true,
    withDate: true,
    withNullPrototype: true,
    withSparseArray: true,
  });
  fc.assert(fc.property(value, (any) => assertEquals(getSize(any), posted(any).length)), {
    numRuns: 500,
  });
});

for (const length of [1, 200]) {
  Deno.test(`getSize() counts every UTF-16 unit as JSON writes it, in a text of ${length}`, () => {
    for (let unit = 0; unit <= 0xffff; unit += 1) {
      const text = String.fromCharCode(unit) + " ".repeat(length - 1);
      if (getSize(text) !== posted(text).length) assertEquals(getSize(text), posted(text).length);
    }
  });
}

Deno.test("getSize() counts long texts, wherever what is escaped stands and pairs are cut", () => {
  const unit = fc.constantFrom('"', "\\", "\n", "\u0001", "\u007f", "é", "€", "😀", "\ud83d", "a");
  const part = fc.tuple(unit, fc.nat(40_000)).map(([text, times]) => text.repeat(times));
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const text = parts.join("");
      assertEquals(
        getSize({ [text.slice(0, 300)]: text }),
        posted({ [text.slice(0, 300)]: text }).length,
      );
    }),
    { numRuns: 60 },
  );
});

Deno.test("getSize() hands toJSON() the key, leaves out what JSON leaves out, and refuses a BigInt", () => {
  const keyed = { toJSON: (key: string) => `key ${key}` };
  const twice = { toJSON: () => ({ toJSON: () => "never asked", z: 1 }) };
  const value = { t: twice, a: keyed, b: [keyed, () => 1, Symbol("s")], c: () => 1, d: undefined };
  assertEquals(getSize(value), posted(value).length);
  assertEquals(getSize(undefined), 4);
  assertThrows(() => getSize({ a: 1n }), TypeError);
});

Deno.test("base64Size() is the length of base64", () => {
  for (let bytes = 0; bytes < 10; bytes++) {
    assertEquals(base64Size(bytes), Buffer.alloc(bytes).toString("base64").length);
  }
});
