import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { jq, JqError, jqRows } from "./jq.ts";

Deno.test("jq() gives all results, or none", async () => {
  assertEquals(await jq(".a", { a: "x" }), ["x"]);
  assertEquals(await jq(".[] | {v: .}", [1, "é"]), [{ v: 1 }, { v: "é" }]);
  assertEquals(await jq("empty", 1), []);
  assertEquals(await jq("-1", null), [-1]);
});

Deno.test("jq() fails with jq's own words, of a value and of an expression", async () => {
  const value = await assertRejects(() => jq(".a", [1]), JqError);
  assertEquals(value.message, 'jq: error: Cannot index array with string "a"');
  const expression = await assertRejects(() => jq('{a: .b // "c"}', {}), JqError);
  assertMatch(expression.message, /syntax error, unexpected \/\/, expecting '}'/);
});

Deno.test("jq() runs in the thread of the call before, since a kernel needs a second for a new one", async () => {
  await jq(".", 1);
  const { Worker } = globalThis;
  let started = 0;
  globalThis.Worker = class extends Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      started++;
      super(...args);
    }
  };
  try {
    await jqRows({}, [".a", ".b"]);
    await assertRejects(() => jq(".a", [1]), JqError);
    assertEquals(started, 0);
  } finally {
    globalThis.Worker = Worker;
  }
});

Deno.test("jq() stops an expression without an end", async () => {
  const endless = () => jq("last(range(1e15))", 1, { withinSeconds: 0.2 });
  await assertRejects(endless, JqError, "over 0.2 seconds");
});

Deno.test("jqRows() has a result or an error for each expression, also after one without an end", async () => {
  const expressions = [".a[]", "last(range(1e15))", ".b", "empty", ".a.c"];
  assertEquals(
    (await jqRows({ a: [1, 2] }, expressions, { withinSeconds: 0.5 })).map(({ gives }) => gives),
    [
      "1  2",
      "jq was stopped: it took over 0.5 seconds, or too much memory",
      "null",
      "(nothing)",
      'jq: error: Cannot index array with string "c"',
    ],
  );
});
