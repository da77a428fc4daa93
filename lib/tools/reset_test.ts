import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ensureSandbox, findSandbox, stopSandbox } from "../aws/place/sandbox_process.ts";
import { reset } from "./reset.ts";

/** An empty project, and a port that was free a moment ago. */
async function freshProject() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const folder = await Deno.makeTempDir();
  const dataDir = join(folder, "data");
  return {
    place: { port, dataDir, speed: 60 },
    places: { dataDir, progressFile: join(folder, "progress.json") },
    [Symbol.asyncDispose]: async () => {
      await stopSandbox({ dataDir });
      await Deno.remove(folder, { recursive: true });
    },
  };
}

Deno.test("reset() stops the sandbox and removes its data, its AWS files and the progress", async () => {
  await using project = await freshProject();
  const { place, places } = project;
  await ensureSandbox(place);
  await Deno.writeTextFile(places.progressFile, "[]");
  const done = await reset(places);
  assertStringIncludes(done[0], `http://127.0.0.1:${place.port}`);
  assertEquals(done.length, 3);
  assertEquals(await findSandbox(place), undefined);
  assert(!existsSync(places.dataDir) && !existsSync(places.progressFile));
});

Deno.test("reset() has nothing to do in a fresh clone, and the second time", async () => {
  await using project = await freshProject();
  await stopSandbox(await ensureSandbox(project.place));
  assertEquals((await reset(project.places)).length, 1);
  assertEquals(await reset(project.places), []);
});

Deno.test("reset() does not touch another program on the sandbox's port", async () => {
  await using project = await freshProject();
  const { place, places } = project;
  await stopSandbox(await ensureSandbox(place));
  await using _stranger = Deno.serve(
    { hostname: "127.0.0.1", port: place.port, onListen: () => {} },
    () => new Response("hello"),
  );
  assertEquals((await reset(places)).length, 1);
  assertEquals(await (await fetch(`http://127.0.0.1:${place.port}`)).text(), "hello");
});

Deno.test("reset() removes a damaged folder too", async () => {
  await using project = await freshProject();
  const { places } = project;
  await Deno.mkdir(join(places.dataDir, "aws"), { recursive: true });
  await Deno.writeTextFile(join(places.dataDir, "aws/config"), "[profile sandbox]\nnonsense");
  assertEquals((await reset(places)).length, 1);
});

Deno.test("reset() removes nothing if it can't find the sandbox that holds the folder", async () => {
  await using project = await freshProject();
  const { places } = project;
  await Deno.mkdir(places.dataDir);
  const holder = new DatabaseSync(join(places.dataDir, "lock.sqlite"));
  holder.exec("BEGIN EXCLUSIVE");
  await assertRejects(() => reset(places), Error, places.dataDir);
  assert(existsSync(places.dataDir));
  holder.close();
});
