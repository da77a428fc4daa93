import { assertEquals } from "@std/assert";
import { tryOn } from "./try_query.ts";

Deno.test("a query that does not compile is answered with jq's words about the query alone", async () => {
  const [said] = await tryOn([{ a: 1 }], "{a: .a");
  assertEquals(`${said}`.startsWith("jq: error: syntax error, unexpected $end"), true);
  assertEquals(`${said}`.includes("catch"), false);
});

Deno.test("each event has its own value, or jq's words", async () => {
  assertEquals(await tryOn([{ a: 1 }, { a: [] }], ".a + 1"), [
    2,
    "jq: array ([]) and number (1) cannot be added",
  ]);
});
