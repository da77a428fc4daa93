import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { dirname, join } from "node:path";
import { tempFolder } from "./testing/temp_folder.ts";
import { claimDataDir, isClaimed } from "./data_dir.ts";

Deno.test("claimDataDir() gives a folder to one sandbox at a time, and again after its release", () => {
  using folder = tempFolder();
  const path = join(folder.path, "data");
  const first = claimDataDir(path, () => {});
  assert(isClaimed(path));
  assertThrows(
    () => claimDataDir(path, () => {}),
    Error,
    "Another sandbox keeps its data in",
  );
  first.release();
  assert(!isClaimed(path));
  const second = claimDataDir(path, () => {});
  assert(Deno.statSync(path).isDirectory);
  second.release();
});

const modeOf = (path: string) => (Deno.statSync(path).mode ?? 0) & 0o777;

/** A folder as an older version left it: open to all, with these files in it. */
function openFolder(path: string, names: readonly string[]): void {
  Deno.mkdirSync(path);
  for (const name of names) {
    Deno.mkdirSync(dirname(join(path, name)), { recursive: true });
    Deno.writeTextFileSync(join(path, name), "");
    Deno.chmodSync(join(path, name), 0o644);
  }
  Deno.chmodSync(path, 0o755);
}

for (const names of [["lock.sqlite", "state.sqlite", "objects/ab/cd"], []]) {
  Deno.test(`claimDataDir() closes a folder that others may enter, with ${names.length} files, and says so`, () => {
    using folder = tempFolder();
    const path = join(folder.path, "data");
    openFolder(path, names);
    const said: string[] = [];
    claimDataDir(path, (line) => said.push(line)).release();
    assertStringIncludes(said.join(), `Other people on this machine could read ${path}`);
    assertEquals([path, ...names.map((name) => join(path, name))].map(modeOf), [
      0o700,
      ...names.map(() => 0o600),
    ]);
    const again: string[] = [];
    claimDataDir(path, (line) => again.push(line)).release();
    assertEquals(again, []);
  });
}

Deno.test("claimDataDir() changes no mode in a folder with files that are not a sandbox's", () => {
  using folder = tempFolder();
  const path = join(folder.path, "home");
  openFolder(path, ["letters.txt"]);
  assertThrows(() => claimDataDir(path, () => {}), Error, "Choose another folder with --data");
  assertEquals([modeOf(path), modeOf(join(path, "letters.txt"))], [0o755, 0o644]);
  assertEquals([...Deno.readDirSync(path)].length, 1);
});

Deno.test("claimDataDir() follows no link out of the folder", () => {
  using folder = tempFolder();
  const [path, elsewhere] = ["data", "elsewhere"].map((name) => join(folder.path, name));
  openFolder(elsewhere, ["mine"]);
  openFolder(path, ["lock.sqlite"]);
  Deno.symlinkSync(elsewhere, join(path, "link"));
  claimDataDir(path, () => {}).release();
  assertEquals([modeOf(elsewhere), modeOf(join(elsewhere, "mine"))], [0o755, 0o644]);
});
