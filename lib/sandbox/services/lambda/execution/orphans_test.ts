import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { until } from "../../../testing/until.ts";
import { endOrphans } from "./orphans.ts";

Deno.test({
  name: "a function in an endless loop is ended by the next sandbox, and nobody else's",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const folder = await Deno.makeTempDir();
    const spawn = (tmpFolder: string) =>
      new Deno.Command(Deno.execPath(), {
        args: ["eval", "console.log('runs'); while (true);"],
        env: { TMPDIR: tmpFolder },
        stdout: "piped",
      }).spawn();
    const orphan = spawn(join(folder, "environment"));
    const stranger = spawn(`${folder}-of-another`);
    for (const child of [orphan, stranger]) {
      const reader = child.stdout.getReader();
      await until("it to run", async () => (await reader.read()).value);
      await reader.cancel();
    }
    assertEquals(await endOrphans(folder), 1);
    assertEquals((await orphan.status).signal, "SIGKILL");
    assertEquals(await endOrphans(folder), 0);
    stranger.kill("SIGKILL");
    await stranger.status;
    await Deno.remove(folder, { recursive: true });
  },
});
