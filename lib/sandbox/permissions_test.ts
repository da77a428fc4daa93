import { assertEquals, assertThrows } from "@std/assert";
import { join } from "node:path";
import { permissionFlags } from "./permissions.ts";
import { tempFolder } from "./testing/temp_folder.ts";

/** What a program with these flags may do: a word for each line of `actions` that it may not. */
async function refused(flags: readonly string[], actions: readonly string[]): Promise<string[]> {
  const script = actions.map((action) =>
    `await (async () => ${action})().catch((error) => {
      if (error instanceof Deno.errors.NotCapable) console.log(${JSON.stringify(action)});
    });`
  ).join("\n");
  using folder = tempFolder();
  const program = join(folder.path, "program.ts");
  await Deno.writeTextFile(program, script);
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-config", "--no-check", ...flags, program],
    stdin: "null",
  }).output();
  return new TextDecoder().decode(stdout).trim().split("\n").filter(Boolean);
}

Deno.test("a sandbox's process writes to its folder and calls this machine, and nothing else", async () => {
  using folder = tempFolder();
  const dataDir = join(folder.path, "data");
  const allowed = [
    `Deno.mkdirSync(${JSON.stringify(dataDir)}, { recursive: true })`,
    `Deno.writeTextFileSync(${JSON.stringify(join(dataDir, "x"))}, "x")`,
    `Deno.listen({ hostname: "127.0.0.1", port: 0 }).close()`,
  ];
  const others = [
    `Deno.writeTextFileSync(${JSON.stringify(join(folder.path, "x"))}, "x")`,
    `Deno.listen({ hostname: "0.0.0.0", port: 0 }).close()`,
    `await Deno.connect({ hostname: "192.0.2.1", port: 80 })`,
    `await fetch("https://aws.amazon.com")`,
  ];
  assertEquals(await refused(permissionFlags({ dataDir }), [...allowed, ...others]), others);
});

Deno.test("--listen adds its address, and --memory the folder of temporary files", async () => {
  const flags = permissionFlags({ dataDir: undefined, listenOn: "0.0.0.0" });
  assertEquals(
    await refused(flags, [
      `Deno.listen({ hostname: "0.0.0.0", port: 0 }).close()`,
      `Deno.removeSync(Deno.makeTempDirSync())`,
    ]),
    [],
  );
});

Deno.test("a folder with a comma in its path is refused: it would be two permissions", () => {
  assertThrows(() => permissionFlags({ dataDir: "/tmp/a,/etc" }), RangeError, "/tmp/a,/etc");
});
