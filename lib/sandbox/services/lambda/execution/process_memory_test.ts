import { assert, assertEquals } from "@std/assert";
import { readMemoryFromProc, readMemoryFromPs } from "./process_memory.ts";

for (
  const [name, read, ignore] of [
    ["/proc", readMemoryFromProc, Deno.build.os !== "linux"],
    ["ps", readMemoryFromPs, Deno.build.os === "windows"],
  ] as const
) {
  Deno.test({
    name: `${name} knows the memory of a process and of what it started`,
    ignore,
    async fn() {
      const child = new Deno.Command("sh", {
        args: ["-c", "sleep 60 & wait"],
        stdin: "null",
      }).spawn();
      try {
        let use = await read(child.pid);
        while (use && use.pids.length < 2) use = await read(child.pid);
        assert(use && use.usedBytes > 0 && use.peakBytes > 0);
        assert(use.pids.includes(child.pid));
        for (const pid of use.pids) if (pid !== child.pid) Deno.kill(pid, "SIGKILL");
      } finally {
        child.kill("SIGKILL");
        await child.status;
      }
      assertEquals(await read(child.pid), undefined);
    },
  });
}
