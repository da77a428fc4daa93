/** The end of a sandbox in which something fails. */
import { assertEquals, assertRejects } from "@std/assert";
import { dirname, join } from "node:path";
import { isClaimed } from "./data_dir.ts";
import type { SandboxLog } from "./log.ts";
import { readRunningFile } from "./running_file.ts";
import { startSandbox } from "./sandbox.ts";
import { tempFolder } from "./testing/temp_folder.ts";

/** A log that can't be closed, as where its reader's file system is gone. */
const brokenLog: SandboxLog = {
  problem: () => {},
  close: () => Promise.reject(new Error("the log can't be closed")),
};

Deno.test("a sandbox whose log can't be closed gives its folder back all the same", async () => {
  using folder = tempFolder();
  const dataDir = join(folder.path, "data");
  const options = { port: 0, dataDir, speed: 60, log: brokenLog };
  const sandbox = await startSandbox(options);
  await assertRejects(() => sandbox.stop(), Error, "the log can't be closed");
  assertEquals([isClaimed(dataDir), readRunningFile(dataDir)], [false, undefined]);
  const again = await startSandbox({ ...options, log: undefined });
  await again.stop();
});

Deno.test("the end of a sandbox reports every step that failed", async () => {
  const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60, log: brokenLog });
  await Deno.remove(dirname(sandbox.awsDir), { recursive: true });
  const error = await assertRejects(() => sandbox.stop(), AggregateError);
  assertEquals(error.errors.length, 2, error.message);
  assertEquals(error.message.startsWith("the log can't be closed; "), true, error.message);
});

Deno.test("a start that fails gives its folder back, and throws both errors if that fails", async () => {
  using folder = tempFolder();
  const [taken, damaged] = ["taken", "damaged"].map((name) => join(folder.path, name));
  const first = await startSandbox({ port: 0, dataDir: undefined, speed: 60 });
  const onTaken = { port: first.port, dataDir: taken, speed: 60, log: brokenLog };
  const both = await assertRejects(() => startSandbox(onTaken), AggregateError);
  assertEquals([both.errors.length, isClaimed(taken)], [2, false]);
  await first.stop();
  await Deno.mkdir(join(damaged, "state.sqlite"), { recursive: true, mode: 0o700 });
  await assertRejects(() => startSandbox({ port: 0, dataDir: damaged, speed: 60 }), Error);
  assertEquals(isClaimed(damaged), false);
});
