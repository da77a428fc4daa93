import { assert, assertEquals, assertLess, assertRejects, assertThrows } from "@std/assert";

Deno.test("assertEquals() compares values, not identities, and tells undefined from absent", () => {
  assertEquals({ a: [1, new Uint8Array([2])] }, { a: [1, new Uint8Array([2])] });
  assertThrows(() => assertEquals<unknown>({ a: undefined }, {}), Error);
});

Deno.test("assertThrows() gives back the error, and fails when none or another one comes", async () => {
  const error = assertThrows(() => JSON.parse("{"), SyntaxError);
  assert(error.message.length > 0);
  assertThrows(() => assertThrows(() => 1, Error), Error, "none was thrown");
  assertThrows(() => assertThrows(() => JSON.parse("{"), TypeError), Error, "expected TypeError");
  await assertRejects(() => Promise.reject(new RangeError("far out")), RangeError, "far");
});

Deno.test("assertLess() fails for equal numbers", () => {
  assertLess(1, 2);
  assertThrows(() => assertLess(2, 2), Error, "expected 2 to be less than 2");
});
