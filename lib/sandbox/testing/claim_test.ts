import { assertEquals } from "@std/assert";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { claim, claimFile } from "./claim.ts";
import { tempFolder } from "./temp_folder.ts";

Deno.test("a path is claimed by one at a time, and no file stays", async () => {
  using folder = tempFolder();
  const path = join(folder.path, "claimed");
  Deno.writeTextFileSync(claimFile(path), ""); // a killed test has left it
  let [now, most] = [0, 0];
  const use = async () => {
    using _ = await claim(path);
    most = Math.max(most, ++now);
    await Deno.stat(folder.path);
    now--;
  };
  await Promise.all(Array.from({ length: 20 }, use));
  assertEquals([now, most, existsSync(claimFile(path))], [0, 1, false]);
});
