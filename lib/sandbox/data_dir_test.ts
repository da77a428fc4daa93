import { assert, assertThrows } from "@std/assert";
import { join } from "node:path";
import { claimDataDir } from "./data_dir.ts";

Deno.test("claimDataDir() gives a folder to one sandbox at a time, and again after its release", () => {
  const path = join(Deno.makeTempDirSync(), "data");
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
  Deno.removeSync(path, { recursive: true });
});
