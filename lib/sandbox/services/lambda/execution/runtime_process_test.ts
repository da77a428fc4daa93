/** Runtimes as child processes of the test. */
import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { collectGarbage } from "../../../testing/collect_garbage.ts";
import { until } from "../../../testing/until.ts";
import { denoEngine } from "./deno_engine.ts";
import { NodeSdk } from "./node_sdk.ts";
import { RuntimeProcess } from "./runtime_process.ts";

/** A runtime that waits for its first invocation. It is ended after the test. */
function runtimeTest(name: string, run: (runtime: RuntimeProcess) => Promise<void>): void {
  Deno.test(name, async () => {
    const root = await Deno.makeTempDir();
    await Deno.writeTextFile(join(root, "index.mjs"), "export const handler = () => {};");
    const runtime = await RuntimeProcess.start({
      engine: denoEngine(new NodeSdk({ folder: root, onProgress: () => {} })),
      taskFolder: root,
      tmpFolder: root,
      cacheFolder: root,
      runtime: "nodejs16.x",
      sandboxEndpoint: "http://127.0.0.1:9",
      memorySizeMB: 128,
      tmpBytesMax: 512 * 1024 * 1024,
      environment: { _HANDLER: "index.handler", LAMBDA_TASK_ROOT: root },
      onLine: () => {},
      nowMs: Date.now,
    });
    try {
      await run(runtime);
    } finally {
      await runtime.end();
      await Deno.remove(root, { recursive: true });
    }
  });
}

const NEVER = new Promise<never>(() => {});

runtimeTest("what was waited for beside the end of a runtime is not held", async (runtime) => {
  const results: WeakRef<object>[] = [];
  for (let wait = 0; wait < 3; wait++) {
    results.push(new WeakRef(await runtime.exitedOr(Promise.resolve({ wait }))));
  }
  await until("the results to be collected", () => {
    collectGarbage();
    return results.every((result) => result.deref() === undefined) || undefined;
  });
});

runtimeTest("who waits for longer than a runtime lives gets its end", async (runtime) => {
  const waiting = runtime.exitedOr(NEVER);
  const exit = await runtime.end();
  assertEquals(await waiting, exit);
  assertEquals(await runtime.exitedOr(NEVER), exit, "it had ended before");
});
