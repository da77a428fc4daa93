import { assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { makeRuntimeFolder } from "./runtime_folder.ts";

Deno.test("a folder for runtimes that can't be made is named, with the variable for another one", async () => {
  const file = await Deno.makeTempFile();
  const place = join(file, "runtimes", "python3.12");
  const fill = () => Promise.resolve();
  const error = await assertRejects(() => makeRuntimeFolder(place, fill), Error);
  assertStringIncludes(error.message, `can't be kept in ${file}/runtimes: `);
  assertStringIncludes(error.message, "set FIREHOSE_LAB_RUNTIMES");
  await Deno.remove(file);
});
