/** Packages of other languages: each file that a tool installs from pins every package by its hash. */
import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { PROJECT_DIR } from "../aws/place/sandbox_process.ts";

/** Files of the tools and the course whose names end like this. */
async function filesEnding(...ends: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const folders = ["lib", "notebooks"]; folders.length > 0;) {
    const folder = folders.shift() ?? "";
    for await (const { name, isDirectory } of Deno.readDir(join(PROJECT_DIR, folder))) {
      const path = join(folder, name);
      if (isDirectory && !name.startsWith(".") && name !== "node_modules") folders.push(path);
      if (ends.some((end) => name.endsWith(end))) found.push(path);
    }
  }
  return found;
}

const read = (path: string) => Deno.readTextFile(`${PROJECT_DIR}/${path}`);

/** Packages of a pip file for which no hash is given. */
function unhashed(text: string): string[] {
  const entries = text.replaceAll(/ *\\\n */g, " ").split("\n");
  return entries.filter((entry) =>
    /^[\w.-]/.test(entry) && !entry.startsWith("--") && !entry.includes("--hash=sha256:")
  );
}

Deno.test("each requirements.txt has a hash for every package, so that pip installs no other", async () => {
  const paths = await filesEnding("requirements.txt", "requirements_3.9.txt");
  assertEquals(paths.includes("notebooks/requirements.txt"), true);
  for (const path of paths) assertEquals(unhashed(await read(path)), [], path);
  assertEquals(
    unhashed("boto3==1.0 ; python_version > '3' \\\n    --hash=sha256:0a\nurllib3==2.0\n"),
    [
      "urllib3==2.0",
    ],
  );
});

Deno.test("each package.json of a tool has a lock file with a hash for every package", async () => {
  for (const path of await filesEnding("package.json")) {
    const lock = JSON.parse(await read(path.replace(/\.json$/, "-lock.json")));
    const packages: [string, { integrity?: string }][] = Object.entries(lock.packages);
    const missing = packages.filter(([name, { integrity }]) => name !== "" && !integrity);
    assertEquals(missing, [], path);
  }
});

Deno.test("each Cargo.toml and go.mod has its lock file", async () => {
  const locks = new Set(await filesEnding("Cargo.lock", "go.sum"));
  for (const path of await filesEnding("Cargo.toml")) {
    assertEquals([path, locks.has(path.replace(/toml$/, "lock"))], [path, true]);
  }
  for (const path of await filesEnding("go.mod")) {
    assertEquals([path, locks.has(path.replace(/mod$/, "sum"))], [path, true]);
  }
});
