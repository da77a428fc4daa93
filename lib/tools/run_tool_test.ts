import { assertEquals, assertThrows } from "@std/assert";
import { join } from "node:path";
import { PROJECT_DIR } from "../aws/place/sandbox_process.ts";
import { noOptions, positiveNumber } from "./run_tool.ts";

/** Programs that read their command line themselves: one imports no tools, one has its own exit codes. */
const OTHERS = ["lib/sandbox/main.ts", "lib/tools/rehearse.ts"];

Deno.test("each task runs a tool that has a usage, or is a known exception", async () => {
  const { tasks }: { readonly tasks: Readonly<Record<string, string>> } = JSON.parse(
    await Deno.readTextFile(join(PROJECT_DIR, "deno.json")),
  );
  const modules = new Set(Object.values(tasks).map((task) => /lib\/\S+\.ts/.exec(task)?.[0] ?? ""));
  const without: string[] = [];
  for (const module of modules) {
    const text = await Deno.readTextFile(join(PROJECT_DIR, module));
    if (!/\brunTool\(\{\s+usage: USAGE,/.test(text)) without.push(module);
  }
  assertEquals(without.sort(), OTHERS);
});

for (
  const [tool, args, code, said] of [
    ["lib/tools/check.ts", ["--help"], 0, "deno task check"],
    ["lib/tools/check.ts", ["--wrong"], 2, "Unknown option '--wrong'"],
    ["lib/tools/test.ts", ["lib/aws"], 2, "Unexpected argument 'lib/aws'"],
    ["lib/tools/control.ts", ["fly"], 2, 'There is no command "fly"'],
    ["lib/sandbox/main.ts", ["--port", "many"], 2, '--port is "many"'],
    ["lib/sandbox/main.ts", ["--help"], 0, "deno task sandbox [options]"],
  ] as const
) {
  Deno.test(`${tool} ${args.join(" ")} ends with ${code} and without a stack`, async () => {
    const output = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", join(PROJECT_DIR, tool), ...args],
      env: { NO_COLOR: "1" },
    }).output();
    const [stdout, stderr] = [output.stdout, output.stderr].map((bytes) =>
      new TextDecoder().decode(bytes)
    );
    assertEquals(output.code, code, stderr);
    assertEquals((code === 0 ? stdout : stderr).startsWith(said), true, stdout + stderr);
    assertEquals(/^\s+at /m.test(stderr), false, stderr);
  });
}

Deno.test("a tool without options takes --help and refuses anything else", () => {
  assertEquals(noOptions([]), "nothing");
  assertEquals(noOptions(["-h"]), "help");
  assertThrows(() => noOptions(["now"]), TypeError, "Unexpected argument 'now'");
});

for (const text of ["0", "-1", "many", "", "Infinity"]) {
  Deno.test(`positiveNumber() refuses "${text}" and names the option`, () => {
    assertThrows(() => positiveNumber("--seconds", text), TypeError, `--seconds is "${text}"`);
  });
}
