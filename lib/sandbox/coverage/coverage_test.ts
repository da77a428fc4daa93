import { assertEquals } from "@std/assert";
import { coverage, COVERAGE_FILE } from "./coverage.ts";

Deno.test("COVERAGE.md is what deno task coverage writes, and no member is accepted and ignored", async () => {
  const { page, problems } = await coverage();
  assertEquals(problems, []);
  assertEquals(
    (await Deno.readTextFile(COVERAGE_FILE)).split("\n"),
    page.split("\n"),
    "COVERAGE.md is stale: run deno task coverage",
  );
});
