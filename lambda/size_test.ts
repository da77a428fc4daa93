import { assertEquals, assertThrows } from "@std/assert";
import { Buffer } from "node:buffer";
import { base64Size, getSize } from "./size.ts";

for (
  const [value, bytes, why] of [
    [{ a: 1 }, 7, "JSON without spaces"],
    ["é", 4, "UTF-8 takes two bytes"],
    ["€", 5, "UTF-8 takes three bytes"],
    ["😀", 6, "a pair of surrogates is one character of four bytes"],
    ["\ud800", 8, "half a pair is written as an escape"],
    ['"\\\n', 8, "two bytes for each of these escapes"],
    ["\u0001", 8, "six bytes for another control character"],
    [undefined, 4, "the runtime posts null"],
    [() => 1, 4, "a function has no JSON"],
    [[undefined, NaN], 11, "in a list, too"],
    [{ a: undefined, b: () => 1 }, 2, "as members they are left out"],
    [{ toJSON: () => "x" }, 3, "an object may say what stands for it"],
  ] as const
) {
  Deno.test(`getSize() is ${bytes} for ${JSON.stringify(value) ?? String(value)}: ${why}`, () => {
    assertEquals(getSize(value), bytes);
  });
}

Deno.test("getSize() refuses what cannot be posted", () => {
  assertThrows(() => getSize({ a: 1n }), TypeError);
});

Deno.test("base64Size() is the length of base64", () => {
  for (let bytes = 0; bytes < 10; bytes++) {
    assertEquals(base64Size(bytes), Buffer.alloc(bytes).toString("base64").length);
  }
});
