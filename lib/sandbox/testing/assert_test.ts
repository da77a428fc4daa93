import {
  assert,
  assertArrayIncludes,
  assertEquals,
  assertGreaterOrEqual,
  assertInstanceOf,
  assertLess,
  assertLessOrEqual,
  assertObjectMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";

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

Deno.test("assertGreaterOrEqual() and assertLessOrEqual() take equal numbers, and no other side", () => {
  assertGreaterOrEqual(2, 2);
  assertLessOrEqual(2, 2);
  assertThrows(() => assertGreaterOrEqual(1, 2), Error, "at least 2");
  assertThrows(() => assertLessOrEqual(NaN, 2), Error, "at most 2");
});

Deno.test("assertInstanceOf() wants the class or one below it", () => {
  assertInstanceOf(new TypeError("x"), Error);
  assertThrows(() => assertInstanceOf(new Error("x"), TypeError), Error, "expected TypeError");
});

Deno.test("assertArrayIncludes() compares values, and names what is missing", () => {
  assertArrayIncludes([{ a: 1 }, { a: 2 }], [{ a: 2 }]);
  assertThrows(() => assertArrayIncludes([{ a: 1 }], [{ a: 2 }]), Error, "{ a: 2 }");
});

Deno.test("assertObjectMatch() looks only at what is expected, at any depth", () => {
  assertObjectMatch({ a: { b: 1, c: 2 }, d: [1, 2] }, { a: { c: 2 }, d: [1, 2] });
  assertThrows(() => assertObjectMatch({ a: { b: 1 } }, { a: { b: 2 } }), Error);
  assertThrows(() => assertObjectMatch({}, { a: undefined }), Error);
  assertThrows(() => assertObjectMatch({ d: [1, 2] }, { d: [1] }), Error);
});
