import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { ensureSandbox, findSandbox, PROJECT_DIR, stopSandbox } from "./sandbox_process.ts";

/** A place nobody uses: a port that was free a moment ago and an empty folder. */
async function freePlace() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const dataDir = await Deno.makeTempDir();
  return {
    place: { port, dataDir, speed: 60 },
    [Symbol.asyncDispose]: async () => {
      const left = await findSandbox({ port, dataDir }).catch(() => undefined);
      if (left) await stopSandbox(left);
      await Deno.remove(dataDir, { recursive: true });
    },
  };
}

Deno.test("ensureSandbox() starts one sandbox for two who ask at once", async () => {
  await using free = await freePlace();
  const both = await Promise.all([ensureSandbox(free.place), ensureSandbox(free.place)]);
  assertEquals(both.map(({ startedByUs }) => startedByUs).toSorted(), [false, true]);
  assertEquals(both[0].pid, both[1].pid);
  assertEquals(both[0].endpoint, `http://127.0.0.1:${free.place.port}`);
  const config = await Deno.readTextFile(join(both[0].awsDir, "config"));
  assertStringIncludes(config, `endpoint_url = ${both[0].endpoint}`);
});

Deno.test("a sandbox outlives the process that started it", async () => {
  await using free = await freePlace();
  const script = `import { ensureSandbox } from "./lib/aws/place/sandbox_process.ts";
    await ensureSandbox(${JSON.stringify(free.place)});`;
  const starter = await new Deno.Command(Deno.execPath(), {
    args: ["eval", script],
    cwd: PROJECT_DIR,
  })
    .output();
  assert(starter.success, new TextDecoder().decode(starter.stderr));
  assert(await findSandbox(free.place), "it still answers");
});

Deno.test("stopSandbox() ends it, and the next start finds its key again", async () => {
  await using free = await freePlace();
  const first = await ensureSandbox(free.place);
  const credentials = await Deno.readTextFile(join(first.awsDir, "credentials"));
  await stopSandbox(first);
  assertEquals(await findSandbox(free.place), undefined);
  const second = await ensureSandbox(free.place);
  assert(second.startedByUs);
  assertEquals(await Deno.readTextFile(join(second.awsDir, "credentials")), credentials);
});

Deno.test("ensureSandbox() names the port when another program holds it", async () => {
  await using free = await freePlace();
  await using _stranger = Deno.serve(
    { hostname: "127.0.0.1", port: free.place.port, onListen: () => {} },
    () => new Response("hello"),
  );
  const error = await assertRejects(() => ensureSandbox(free.place), Error);
  assertStringIncludes(error.message, `Port ${free.place.port} of 127.0.0.1 is taken`);
  assertStringIncludes(error.message, "--port");
});

Deno.test("ensureSandbox() refuses a sandbox with other data", async () => {
  await using free = await freePlace();
  const { awsDir } = await ensureSandbox(free.place);
  const other = await Deno.makeTempDir();
  const error = await assertRejects(() => ensureSandbox({ ...free.place, dataDir: other }), Error);
  assertStringIncludes(error.message, awsDir);
  await Deno.remove(other, { recursive: true });
});
