import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { until } from "../../../testing/until.ts";
import { endOrphans, ORPHAN_MARK, orphanMark } from "./orphans.ts";

Deno.test({
  name: "a function in an endless loop is ended by the next sandbox, and nobody else's",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const folder = await Deno.makeTempDir();
    const spawn = (env: Record<string, string>) =>
      new Deno.Command(Deno.execPath(), {
        args: ["eval", "console.log('runs'); while (true);"],
        env,
        stdout: "piped",
      }).spawn();
    const orphan = spawn({ TMPDIR: join(folder, "environment") });
    const mounted = spawn({ [ORPHAN_MARK]: orphanMark(folder) });
    const stranger = spawn({ TMPDIR: `${folder}-of-another` });
    for (const child of [orphan, mounted, stranger]) {
      const reader = child.stdout.getReader();
      await until("it to run", async () => (await reader.read()).value);
      await reader.cancel();
    }
    assertEquals(await endOrphans(folder), 2);
    assertEquals((await orphan.status).signal, "SIGKILL");
    assertEquals((await mounted.status).signal, "SIGKILL");
    assertEquals(await endOrphans(folder), 0);
    stranger.kill("SIGKILL");
    await stranger.status;
    await Deno.remove(folder, { recursive: true });
  },
});
