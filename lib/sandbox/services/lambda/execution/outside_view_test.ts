import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { tempFolder } from "../../../testing/temp_folder.ts";
import { until } from "../../../testing/until.ts";
import { directView, HelperView } from "./outside_view.ts";

const IS_LINUX = Deno.build.os === "linux";

const options = { ignore: !IS_LINUX, sanitizeResources: false, sanitizeOps: false };

/** The helper keeps no program alive: a sandbox has its server for that. */
function keepAlive(): Disposable {
  const timer = setInterval(() => {}, 1_000);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Empty for a process that has ended. */
function commandLine(pid: number): string {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/cmdline`);
  } catch {
    return "";
  }
}

Deno.test("the helper sees the memory and the files that are seen directly", options, async () => {
  using _alive = keepAlive();
  using folder = tempFolder();
  await Deno.writeFile(join(folder.path, "kept"), new Uint8Array(100_000));
  using deleted = await Deno.open(join(folder.path, "deleted"), { create: true, write: true });
  await deleted.write(new Uint8Array(50_000));
  await Deno.remove(join(folder.path, "deleted"));
  const helper = new HelperView();
  const [seen, direct] = [await helper.memory(Deno.pid), await directView.memory(Deno.pid)];
  assert(seen && direct && seen.usedBytes > direct.usedBytes / 2, JSON.stringify(seen));
  assert(seen.pids.includes(Deno.pid));
  assertEquals(await helper.memory(2 ** 22 + 1), undefined);
  const pids = [Deno.pid];
  assert(await directView.tmpBytes(folder.path, pids) >= 150_000);
  assertEquals(
    await helper.tmpBytes(folder.path, pids),
    await directView.tmpBytes(folder.path, pids),
  );
  assertEquals(await helper.endOrphans(folder.path), 0);
});

Deno.test("a helper that has ended is replaced", options, async () => {
  using _alive = keepAlive();
  const helper = new HelperView();
  const own = (await helper.memory(Deno.pid))?.pids ?? [];
  // Tests of other files run in this process, too, and have their own children.
  const helpers = own.filter((pid) => commandLine(pid).includes("outside_helper.ts"));
  assert(helpers.length > 0);
  for (const pid of helpers) Deno.kill(pid, "SIGKILL");
  await until("another helper", () => helper.memory(Deno.pid));
});

/** A process with a helper, a guarded folder in another one, and a function's process that never ends. */
const GUARDING = (module: string, folder: string) => `
import { HelperView } from ${JSON.stringify(module)};
const helper = new HelperView();
helper.guard({ folder: ${JSON.stringify(folder)} });
const [inner, environments] = ${JSON.stringify([`${folder}/r`, `${folder}/r/e`])};
helper.guard({ folder: inner, environments });
await helper.memory(Deno.pid);
const args = ["eval", "console.log(Deno.pid); for (;;);"];
const env = { TMPDIR: ${JSON.stringify(`${folder}/r/e/1`)} };
new Deno.Command(Deno.execPath(), { args, env }).spawn();
setInterval(() => {}, 1_000);
`;

Deno.test(
  "the helper ends functions and removes a temporary folder after its sandbox was killed",
  options,
  async () => {
    const folder = await Deno.makeTempDir();
    await Deno.mkdir(join(folder, "r/e/1"), { recursive: true });
    const module = new URL("./outside_view.ts", import.meta.url).href;
    const program = await Deno.makeTempFile({ suffix: ".ts" });
    await Deno.writeTextFile(program, GUARDING(module, folder));
    const sandbox = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", program],
      stdout: "piped",
    }).spawn();
    const reader = sandbox.stdout.pipeThrough(new TextDecoderStream()).getReader();
    const pid = Number((await reader.read()).value);
    assert(pid > 0);
    sandbox.kill("SIGKILL");
    await sandbox.status;
    await until(
      "nothing to be left",
      async () => commandLine(pid) === "" && !await Deno.stat(folder).catch(() => undefined),
    );
    await reader.cancel();
    await Deno.remove(program);
  },
);
