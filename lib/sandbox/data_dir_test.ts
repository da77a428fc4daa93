import { assert, assertThrows } from "@std/assert";
import { join } from "node:path";
import { tempFolder } from "./testing/temp_folder.ts";
import { claimDataDir } from "./data_dir.ts";

Deno.test("claimDataDir() gives a folder to one sandbox at a time, and again after its release", () => {
  using folder = tempFolder();
  const path = join(folder.path, "data");
  const first = claimDataDir(path);
  assertThrows(
    () => claimDataDir(path),
    Error,
    "Another sandbox keeps its data in",
  );
  first.release();
  const second = claimDataDir(path);
  assert(Deno.statSync(path).isDirectory);
  second.release();
});
