import { assertEquals } from "@std/assert";
import { processStart } from "./process_start.ts";

Deno.test({
  name: "a tool that may not read /proc asks ps when a process began, and is told the same",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const module = new URL("./process_start.ts", import.meta.url).href;
    const script = `import { processStart } from ${JSON.stringify(module)};
      console.log(await processStart(${Deno.pid}), await processStart(0x3fffffff));`;
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-prompt",
        "--allow-run",
        `data:text/javascript,${encodeURIComponent(script)}`,
      ],
    }).output();
    const [told, ofNone] = new TextDecoder().decode(stdout).trim().split(" ");
    const startMs = Number(await processStart(Deno.pid));
    assertEquals(Math.abs(Number(told) - startMs) < 2_000, true);
    assertEquals(ofNone, "undefined");
  },
});
