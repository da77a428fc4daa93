import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { claimDataDir } from "../../sandbox/data_dir.ts";
import { writeRunningFile } from "../../sandbox/running_file.ts";
import { tempFolder } from "../../sandbox/testing/temp_folder.ts";
import { processStart } from "./process_start.ts";
import {
  assertPortIsFree,
  ensureSandbox,
  findSandbox,
  PROJECT_DIR,
  stopSandbox,
} from "./sandbox_process.ts";

/** A place nobody uses: a port that was free a moment ago and an empty folder. */
async function freePlace() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const dataDir = await Deno.makeTempDir();
  return {
    place: { port, dataDir, speed: 60 },
    [Symbol.asyncDispose]: async () => {
      await stopSandbox({ dataDir });
      await Deno.remove(dataDir, { recursive: true });
    },
  };
}

Deno.test("ensureSandbox() starts one sandbox for two who ask at once", async () => {
  await using free = await freePlace();
  const both = await Promise.all([ensureSandbox(free.place), ensureSandbox(free.place)]);
  assertEquals(both.map(({ startedByUs }) => startedByUs).toSorted(), [false, true]);
  assertEquals(both[0].dataDir, both[1].dataDir);
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

Deno.test("ensureSandbox() finds the folder's sandbox at whatever port it listens", async () => {
  await using free = await freePlace();
  const { endpoint } = await ensureSandbox(free.place);
  const again = await ensureSandbox({ ...free.place, port: 1 });
  assertEquals([again.endpoint, again.startedByUs], [endpoint, false]);
});

Deno.test("assertPortIsFree() names a taken port, unless the folder's own sandbox has it", async () => {
  await using free = await freePlace();
  await assertPortIsFree(free.place, "deno task site");
  await ensureSandbox(free.place);
  await assertPortIsFree(free.place, "deno task site");
  await using other = await freePlace();
  const ask = () => assertPortIsFree({ ...other.place, port: free.place.port }, "deno task site");
  const { message } = await assertRejects(ask, Error);
  assertStringIncludes(message, `Port ${free.place.port} of`);
  assertStringIncludes(message, "`deno task site --port N`");
});

/** A process that is not a sandbox, and a folder whose files say that it is one. */
async function fakeSandbox(folder: string, startedMs: (realMs: number) => number) {
  const bystander = new Deno.Command(Deno.execPath(), {
    args: ["eval", "setInterval(() => {}, 1000)"],
  }).spawn();
  const start = await processStart(bystander.pid);
  const page = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () =>
      Response.json({
        sandbox: "firehose-lab",
        ready: true,
        pid: bystander.pid,
        proof: "00".repeat(32),
      }),
  );
  const claim = claimDataDir(folder, () => {});
  writeRunningFile(folder, {
    endpoint: `http://127.0.0.1:${page.addr.port}`,
    accountId: "123456789012",
    region: "us-east-1",
    speed: 60,
    pid: bystander.pid,
    startedMs: startedMs(typeof start === "number" ? start : 0),
    secret: "0".repeat(64),
  });
  return {
    bystander,
    [Symbol.asyncDispose]: async () => {
      claim.release();
      await page.shutdown();
      bystander.kill("SIGKILL");
      await bystander.status;
    },
  };
}

Deno.test("a health page without the folder's secret is no sandbox", async () => {
  using folder = tempFolder();
  await using _fake = await fakeSandbox(folder.path, (realMs) => realMs);
  assertEquals(await findSandbox({ dataDir: folder.path }), undefined);
});

Deno.test("stopSandbox() ends no process that began at another time than the file says", async () => {
  using folder = tempFolder();
  await using fake = await fakeSandbox(folder.path, (realMs) => realMs - 60_000);
  const stop = () => stopSandbox({ dataDir: folder.path });
  assertStringIncludes((await assertRejects(stop, Error)).message, "its process is not known");
  assert(await processStart(fake.bystander.pid) !== undefined, "the bystander lives");
});

Deno.test("stopSandbox() ends no process for a file that other people could write", async () => {
  using folder = tempFolder();
  await using fake = await fakeSandbox(folder.path, (realMs) => realMs);
  await Deno.chmod(join(folder.path, "sandbox.json"), 0o666);
  await assertRejects(() => stopSandbox({ dataDir: folder.path }), Error, "is not known");
  assert(await processStart(fake.bystander.pid) !== undefined, "the bystander lives");
});

Deno.test("a proxy in the environment is never asked where the sandbox is", async () => {
  await using free = await freePlace();
  await ensureSandbox(free.place);
  let asked = 0;
  await using proxy = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response(`${++asked}`),
  );
  const script = `import { findSandbox } from "./lib/aws/place/sandbox_process.ts";
    console.log((await findSandbox(${JSON.stringify(free.place)}))?.endpoint);`;
  const address = `http://127.0.0.1:${proxy.addr.port}`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", script],
    cwd: PROJECT_DIR,
    env: { HTTP_PROXY: address, http_proxy: address, ALL_PROXY: address, NODE_USE_ENV_PROXY: "1" },
  }).output();
  assertStringIncludes(new TextDecoder().decode(stdout), `http://127.0.0.1:${free.place.port}`);
  assertEquals(asked, 0);
});
