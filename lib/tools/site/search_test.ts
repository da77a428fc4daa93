import { assertEquals, assertThrows } from "@std/assert";
import { searchWithNumbers } from "./search.ts";

Deno.test("searchWithNumbers() lets Sphinx's search take numbers", () => {
  assertEquals(
    searchWithNumbers("if (a ||\n  queryTerm.match(/^\\d+$/)\n) x;"),
    "if (a ||\n  false\n) x;",
  );
});

Deno.test("searchWithNumbers() says so if Sphinx's script is another", () => {
  assertThrows(() => searchWithNumbers("if (a) x;"), Error, "searchtools.js has changed");
});
