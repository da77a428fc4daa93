import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { OwnFiles } from "./own_files.ts";
import { tempFolder } from "./testing/temp_folder.ts";
import { until } from "./testing/until.ts";

/** What is said of a folder with one file, after a look. */
async function saidOf(startedMs: number, change = (_file: string) => {}): Promise<string[]> {
  using folder = tempFolder();
  const file = join(folder.path, "execution", "main.mjs");
  Deno.mkdirSync(join(folder.path, "execution"));
  Deno.writeTextFileSync(file, "");
  Deno.writeTextFileSync(join(folder.path, "a_test.ts"), "");
  change(file);
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const own = new OwnFiles({ say, folder: folder.path, startedMs, lookAfterMs: 0 });
  own.look();
  await until("a look", () => said.length > 0 || undefined, 300).catch(() => {});
  own.look();
  own.stop();
  return said.map((line) => line.replace(folder.path, "FOLDER").slice(0, 60));
}

const WARNING = "The files of the sandbox in FOLDER have changed since it was";

Deno.test("a sandbox says that its files were changed after its start, whatever time they have", async () => {
  assertEquals(await saidOf(Date.now()), []);
  const anHourAgo = Date.now() - 3_600_000;
  const unpack = (file: string) => Deno.utimeSync(file, 0, new Date("1985-10-26T08:15:00Z"));
  assertEquals(await saidOf(anHourAgo, unpack), [WARNING]);
});

Deno.test("changed tests of the sandbox are no change of it", async () => {
  assertEquals(await saidOf(Date.now() - 3_600_000, (file) => Deno.removeSync(file)), []);
});
