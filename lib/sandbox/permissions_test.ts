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
    env: { AWS_SECRET_ACCESS_KEY: "the user's", SANDBOX_SECRET_ACCESS_KEY: "the sandbox's" },
    stdin: "null",
  }).output();
  return new TextDecoder().decode(stdout).trim().split("\n").filter(Boolean);
}

Deno.test("a sandbox's process has its folder, its sources, its programs and this machine's network, and nothing else", async () => {
  using folder = tempFolder();
  const dataDir = join(folder.path, "data");
  const allowed = [
    `Deno.mkdirSync(${JSON.stringify(dataDir)}, { recursive: true })`,
    `Deno.writeTextFileSync(${JSON.stringify(join(dataDir, "x"))}, "x")`,
    `Deno.listen({ hostname: "127.0.0.1", port: 0 }).close()`,
    `Deno.readTextFileSync(${JSON.stringify(new URL("./main.ts", import.meta.url).pathname)})`,
    `await new Deno.Command(Deno.execPath(), { args: ["--version"] }).output()`,
  ];
  const others = [
    `Deno.writeTextFileSync(${JSON.stringify(join(folder.path, "x"))}, "x")`,
    `Deno.listen({ hostname: "0.0.0.0", port: 0 }).close()`,
    `await Deno.connect({ hostname: "192.0.2.1", port: 80 })`,
    `await fetch("https://aws.amazon.com")`,
    `Deno.readTextFileSync("/etc/hosts")`,
    `Deno.readTextFileSync(${JSON.stringify(join(folder.path, "program.ts"))})`,
    `await new Deno.Command("sh", { args: ["-c", ""] }).output()`,
    `await new Deno.Command(${JSON.stringify(join(dataDir, "x"))}).output()`,
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

Deno.test("a sandbox's process sees no key for AWS that the user's environment has", async () => {
  const seen = await refused(permissionFlags({ dataDir: undefined }), [
    `if (Deno.env.get("AWS_SECRET_ACCESS_KEY")) throw new Deno.errors.NotCapable("it sees it")`,
    `if (!Deno.env.get("SANDBOX_SECRET_ACCESS_KEY")) throw new Deno.errors.NotCapable("it does not")`,
  ]);
  assertEquals(seen, []);
});

Deno.test("functions with the user's rights may be any program", async () => {
  const flags = permissionFlags({ dataDir: undefined, lambdaRuntime: "host" });
  assertEquals(
    await refused(flags, [`await new Deno.Command("sh", { args: ["-c", ""] }).output()`]),
    [],
  );
});

Deno.test("a sandbox with a seed may read every file: a template names them", async () => {
  const flags = permissionFlags({ dataDir: undefined, seeds: { files: ["template.yaml"] } });
  assertEquals(await refused(flags, [`Deno.readTextFileSync("/etc/hosts")`]), []);
});
