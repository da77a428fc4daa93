import { assertEquals } from "@std/assert";
import { numberText } from "./number_text.ts";

/** What Debian's jq 1.6-2.1+deb12u3 prints. */
const PRINTED: readonly (readonly [number, string])[] = [
  [0, "0"],
  [-0, "-0"],
  [1.10, "1.1"],
  [1e15, "1000000000000000"],
  [1e16, "1e+16"],
  [1.25e20, "1.25e+20"],
  [123456789012345680000, "123456789012345680000"],
  [0.0001, "0.0001"],
  [0.00012, "0.00012"],
  [0.00001, "1e-05"],
  [1.5e-7, "1.5e-07"],
  [5e-324, "5e-324"],
  [-1.5e300, "-1.5e+300"],
  [Infinity, "1.7976931348623157e+308"],
  [-Infinity, "-1.7976931348623157e+308"],
];

for (const [value, text] of PRINTED) {
  Deno.test(`jq 1.6 writes ${value} as ${text}`, () => assertEquals(numberText(value), text));
}
