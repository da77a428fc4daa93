import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { tempFolder } from "../../../testing/temp_folder.ts";
import { tmpBytes } from "./tmp_usage.ts";

Deno.test("empty files and folders count: a function could fill a disk with them", () => {
  using folder = tempFolder();
  assertEquals(tmpBytes(folder.path), 0);
  for (let n = 0; n < 10; n++) Deno.writeTextFileSync(join(folder.path, `file${n}`), "");
  const ofFiles = tmpBytes(folder.path);
  assert(ofFiles >= 10 * 256, `${ofFiles} bytes`);
  for (let n = 0; n < 10; n++) {
    Deno.mkdirSync(join(folder.path, "folders", `${n}`), { recursive: true });
  }
  assert(tmpBytes(folder.path) - ofFiles >= 11 * 256);
});
