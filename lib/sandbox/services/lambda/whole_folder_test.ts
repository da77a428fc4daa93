import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { makeWhole } from "./whole_folder.ts";

Deno.test("what a kill has left is removed after an hour, by the next that is made there", async () => {
  const parent = await Deno.makeTempDir();
  for (const [name, minutes] of [["part-old", 61], ["part-new", 59], ["whole", 61]] as const) {
    await Deno.mkdir(join(parent, name));
    const then = new Date(Date.now() - minutes * 60_000);
    await Deno.utime(join(parent, name), then, then);
  }
  await makeWhole(join(parent, "made"), () => Promise.resolve());
  const left = await Array.fromAsync(Deno.readDir(parent), ({ name }) => name);
  assertEquals(left.sort(), ["made", "part-new", "whole"]);
  await Deno.remove(parent, { recursive: true });
});

Deno.test("a folder is made once, and is there whole or not at all", async () => {
  const parent = await Deno.makeTempDir();
  const place = join(parent, "made");
  const names = async (folder: string) =>
    (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
  const failing = async (part: string) => {
    await Deno.writeTextFile(join(part, "a"), "");
    throw new RangeError("the disk is full");
  };
  await assertRejects(() => makeWhole(place, failing), RangeError, "the disk is full");
  assertEquals(await names(parent), []);

  // Two at once, as two sandboxes do it.
  const both = Promise.withResolvers<void>();
  let filling = 0;
  const fill = async (part: string) => {
    await Deno.writeTextFile(join(part, "a"), "");
    if (++filling === 2) both.resolve();
    await both.promise;
  };
  await Promise.all([makeWhole(place, fill), makeWhole(place, fill)]);
  assertEquals([await names(parent), await names(place)], [["made"], ["a"]]);
  await makeWhole(place, failing); // it is there: nothing is done
  await Deno.remove(parent, { recursive: true });
});
