import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { claimDataDir } from "./data_dir.ts";
import { directView } from "./services/lambda/execution/outside_view.ts";
import { removeLeftTempDirs } from "./temp_data_dir.ts";
import { tempFolder } from "./testing/temp_folder.ts";

const MAIN = new URL("./main.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

const namesIn = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name);

const removeLeftIn = (folder: string, laterMs = 3_600_000) =>
  removeLeftTempDirs(folder, directView, Date.now() + laterMs);

/** A sandbox with its data in memory and its temporary folder in `tempDir`, once it is ready. */
async function startInMemory(tempDir: string): Promise<Deno.ChildProcess> {
  const sandbox = new Deno.Command(Deno.execPath(), {
    args: ["run", "--config", CONFIG, "-A", "--no-check", MAIN, "--memory", "--port=0", "--quiet"],
    env: { TMPDIR: tempDir },
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const reader = sandbox.stdout.getReader();
  assert(!(await reader.read()).done, "the sandbox ended before it was ready");
  await reader.cancel();
  return sandbox;
}

Deno.test(
  "a sandbox in memory leaves one folder when it is killed, and the next start removes it",
  async () => {
    using folder = tempFolder();
    const sandbox = await startInMemory(folder.path);
    const [name] = namesIn(folder.path);
    await removeLeftIn(folder.path);
    assertEquals(namesIn(folder.path), [name], "that of a running sandbox stays");
    sandbox.kill("SIGKILL");
    await sandbox.status;
    assertEquals(namesIn(folder.path), [name]);
    await removeLeftIn(folder.path, 0);
    assertEquals(namesIn(folder.path), [name], "a new one stays: it may not be locked yet");
    Deno.utimeSync(join(folder.path, name), new Date(0), new Date(0));
    const next = await startInMemory(folder.path);
    assertEquals(namesIn(folder.path).includes(name), false);
    next.kill("SIGTERM");
    await next.status;
    assertEquals(namesIn(folder.path), []);
  },
);

Deno.test("folders that are no sandbox's, or have another name, stay", async () => {
  using folder = tempFolder();
  Deno.mkdirSync(join(folder.path, "firehose-lab-pack-1"));
  claimDataDir(join(folder.path, "mine"), () => {}).release();
  claimDataDir(join(folder.path, "firehose-lab-1"), () => {}).release();
  Deno.symlinkSync(join(folder.path, "mine"), join(folder.path, "firehose-lab-2"));
  await removeLeftIn(folder.path);
  assertEquals(namesIn(folder.path).sort(), ["firehose-lab-2", "firehose-lab-pack-1", "mine"]);
});

Deno.test(
  "the functions in a folder that was left are ended before it is removed",
  { ignore: Deno.build.os !== "linux" },
  async () => {
    using folder = tempFolder();
    const left = join(folder.path, "firehose-lab-1");
    claimDataDir(left, () => {}).release();
    const TMPDIR = join(left, "123456789012-us-east-1/environments/1");
    Deno.mkdirSync(TMPDIR, { recursive: true });
    const endless = new Deno.Command("sleep", { args: ["600"], env: { TMPDIR } }).spawn();
    await removeLeftIn(folder.path);
    assertEquals([(await endless.status).signal, namesIn(folder.path)], ["SIGKILL", []]);
  },
);
