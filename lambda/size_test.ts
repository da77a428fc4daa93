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

Deno.test("getSize() counts every UTF-16 unit as JSON writes it", () => {
  for (let unit = 0; unit <= 0xffff; unit += 1) {
    const text = String.fromCharCode(unit);
    if (getSize(text) !== posted(text).length) assertEquals(getSize(text), posted(text).length);
  }
});

Deno.test("getSize() hands toJSON() the key, leaves out what JSON leaves out, and refuses a BigInt", () => {
  const keyed = { toJSON: (key: string) => `key ${key}` };
  const value = { a: keyed, b: [keyed, () => 1, Symbol("s")], c: () => 1, d: undefined };
  assertEquals(getSize(value), posted(value).length);
  assertEquals(getSize(undefined), 4);
  assertThrows(() => getSize({ a: 1n }), TypeError);
});

Deno.test("base64Size() is the length of base64", () => {
  for (let bytes = 0; bytes < 10; bytes++) {
    assertEquals(base64Size(bytes), Buffer.alloc(bytes).toString("base64").length);
  }
});
