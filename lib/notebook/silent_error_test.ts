import { assert, assertStringIncludes } from "@std/assert";
import { diagnosisOf } from "./silent_error.ts";

Deno.test("diagnosisOf() says what is wrong with a cell that does not parse", async () => {
  const said = await diagnosisOf('const a = 1;\nconst b = {;\nconsole.log("never");');
  assertStringIncludes(said, "const b = {;");
  assert(!said.includes(".check"), said);
});

Deno.test("diagnosisOf() says which package a cell imports that does not exist", async () => {
  const said = await diagnosisOf('import it from "npm:@firehose-lab/there-is-no-such-package@1";');
  assertStringIncludes(said, "@firehose-lab/there-is-no-such-package");
});

Deno.test("diagnosisOf() says so where Deno finds nothing wrong", async () => {
  assertStringIncludes(await diagnosisOf("const a = 1;"), "can read the cell");
});
