import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { tempFolder } from "./testing/temp_folder.ts";
import { until } from "./testing/until.ts";

const MAIN = new URL("./main.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

async function answers(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}

for (const signal of ["SIGTERM", "SIGHUP"] as const) {
  Deno.test(`a sandbox with a chosen folder starts, and ends in order when its starter gets ${signal}`, async () => {
    assertEquals(await endsWith(signal, (starter) => starter), 0);
  });
}

Deno.test("a sandbox ends when its starter is killed", async () => {
  await endsWith("SIGKILL", (starter) => starter);
});

Deno.test("a sandbox ends when the process of --parent is killed", async () => {
  const parent = new Deno.Command("sleep", { args: ["600"] }).spawn();
  await endsWith("SIGKILL", () => parent, ["--parent", `${parent.pid}`]);
});

/**
 * Starts a sandbox, sends `signal` to the process that `victim` chooses, and waits for its end. Resolves
 * with the exit code of its starter.
 */
async function endsWith(
  signal: Deno.Signal,
  victim: (starter: Deno.ChildProcess) => Deno.ChildProcess,
  args: readonly string[] = [],
): Promise<number> {
  using folder = tempFolder();
  // Those of `deno task sandbox`.
  const flags = ["--no-prompt", "--allow-read", "--allow-run", "--allow-env", "--allow-sys"];
  const starter = new Deno.Command(Deno.execPath(), {
    args: ["run", "--config", CONFIG, "--no-check", ...flags, MAIN]
      .concat("--port", "0", "--data", join(folder.path, "chosen"), "--quiet", ...args),
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = starter.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read();
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(value)?.[1]);
  assert(await answers(port), value);
  victim(starter).kill(signal);
  await victim(starter).status;
  await until("the sandbox to have ended", async () => !await answers(port) || undefined);
  const { code } = await starter.status;
  await reader.cancel();
  return code;
}
