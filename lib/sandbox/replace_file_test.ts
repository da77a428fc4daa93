import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { replaceTextFile } from "./replace_file.ts";
import { tempFolder } from "./testing/temp_folder.ts";

Deno.test("a file is replaced whole, by way of a link too, and is for its owner alone", async () => {
  using folder = tempFolder();
  const [file, link] = ["file", "link"].map((name) => join(folder.path, name));
  const text = "ü".repeat(1_000_000);
  await Deno.symlink(file, link);
  await Deno.writeTextFile(file, "before", { mode: 0o644 });
  await replaceTextFile(link, text);
  assertEquals(await Deno.readTextFile(file), text);
  const { isSymlink } = await Deno.lstat(link);
  const { mode } = await Deno.stat(file);
  assertEquals([isSymlink, (mode ?? 0) & 0o777], [true, 0o600]);
  assertEquals([...Deno.readDirSync(folder.path)].length, 2);
});

Deno.test("a file that cannot be replaced leaves no copy of the secrets beside it", async () => {
  using folder = tempFolder();
  const place = join(folder.path, "credentials");
  await Deno.mkdir(join(place, "in"), { recursive: true });
  await assertRejects(() => replaceTextFile(place, "aws_secret_access_key = x"), Error);
  assertEquals([...Deno.readDirSync(folder.path)].map(({ name }) => name), ["credentials"]);
});
