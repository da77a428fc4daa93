import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { unzipSync } from "fflate";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { DOCUMENT, eventOf, gzipped } from "../../../lambda/sample_event.ts";
import { transform } from "../../../lambda/transform.ts";
import {
  bundle,
  keptWhileSame,
  packageFunction,
  renamed,
  withoutCachePaths,
} from "./function_package.ts";

/** Invokes the handler of an unpacked zip as Lambda's runtime does, and writes what it would post. */
const INVOKE = `
  import { readFileSync, writeSync } from "node:fs";
  import { handler } from "./index.mjs";
  console.log = console.warn = () => {};
  const context = { getRemainingTimeInMillis: () => 60_000 };
  const result = await handler(JSON.parse(readFileSync("event.json", "utf8")), context);
  writeSync(1, JSON.stringify(result));
`;

async function outputOf(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { success, stdout } = await new Deno.Command(command, {
    args: [...args],
    cwd,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).output();
  assert(success, `${command} ${args.join(" ")}`);
  return new TextDecoder().decode(stdout);
}

const { zip, sha256 } = await packageFunction();

Deno.test("packageFunction() makes the same bytes again, in another time zone too", async () => {
  const again = await packageFunction();
  assertEquals(Buffer.compare(zip, again.zip), 0);
  const script = `
    const { packageFunction } = await import(${
    JSON.stringify(new URL("./function_package.ts", import.meta.url).href)
  });
    console.log((await packageFunction()).sha256);`;
  const config = new URL("../../../deno.json", import.meta.url).pathname;
  const output = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--config", config, script],
    env: { TZ: "Pacific/Kiritimati", NO_COLOR: "1" },
    stdout: "piped",
  }).output();
  assertEquals(new TextDecoder().decode(output.stdout).trim(), sha256);
});

Deno.test("packageFunction() gives the hash that Lambda calls CodeSha256", () => {
  assertEquals(createHash("sha256").update(zip).digest("base64"), sha256);
});

Deno.test("packageFunction() keeps the AWS SDK out of the module that starts", () => {
  const modules = unzipSync(zip);
  const [first, ...parts] = Object.keys(modules);
  assertEquals(first, "index.mjs");
  assert(modules[first].length < 100_000, `index.mjs has ${modules[first].length} bytes`);
  assertEquals(parts, parts.map((_, index) => `part-${index + 1}.mjs`));
  const all = parts.map((part) => new TextDecoder().decode(modules[part])).join("");
  assert(all.includes("FirehoseClient") && all.includes("S3Client"));
});

Deno.test("renamed() names parts in the order in which they are imported", () => {
  const modules = new Map([
    ["b-ZZ.js", 'import "./a-XX.js"; export const name = "./other.js";'],
    ["unused-YY.js", ""],
    ["handler.js", 'await import("./b-ZZ.js"); await import("./a-XX.js");'],
    ["a-XX.js", 'import "./b-ZZ.js";'],
  ]);
  assertEquals(Object.fromEntries(renamed(modules, "handler.js")), {
    "index.mjs": 'await import("./part-1.mjs"); await import("./part-2.mjs");',
    "part-1.mjs": 'import "./part-2.mjs"; export const name = "./other.js";',
    "part-2.mjs": 'import "./part-1.mjs";',
  });
});

Deno.test("packageFunction() zips files that everybody may read", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(join(folder, "function.zip"), zip);
    const script = "import zipfile; print(*{(oct(i.external_attr >> 16), i.create_system, " +
      "i.date_time) for i in zipfile.ZipFile('function.zip').infolist()})";
    const listed = await outputOf("python3", ["-c", script], folder);
    assertEquals(listed.trim(), "('0o100644', 3, (1980, 1, 1, 12, 0, 0))");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

for (
  const [command, args] of [
    ["node", ["invoke.mjs"]],
    [Deno.execPath(), ["run", "--allow-read=.", "--allow-env", "invoke.mjs"]],
  ] as const
) {
  const runtime = command === "node" ? "Node" : "Deno";
  Deno.test(`the zip's handler answers under ${runtime} what transform() answers, byte for byte`, async () => {
    const event = eventOf([
      gzipped(DOCUMENT),
      Buffer.from("not gzip"),
      gzipped({ ...DOCUMENT, table: "Zürich/2026", text: "é\u2028\ud800" }),
      gzipped(DOCUMENT).subarray(0, 20),
      gzipped("a".repeat(6_000_000)),
    ]);
    const folder = await Deno.makeTempDir();
    try {
      for (const [name, module] of Object.entries(unzipSync(zip))) {
        await Deno.writeFile(join(folder, name), module);
      }
      await Deno.writeTextFile(join(folder, "event.json"), JSON.stringify(event));
      await Deno.writeTextFile(join(folder, "invoke.mjs"), INVOKE);
      const answer = await outputOf(command, args, folder);
      assertEquals(answer, JSON.stringify(transform(event).response));
      assertNotEquals(answer, "");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

Deno.test("keptWhileSame() makes its result again when the key changes, and after a failure", async () => {
  let [key, made] = ["a", 0];
  const kept = keptWhileSame(() => Promise.resolve(key), () => {
    made++;
    return key === "broken" ? Promise.reject(new Error("broken")) : Promise.resolve(made);
  });
  assertEquals([await kept(), await kept()], [1, 1]);
  key = "b";
  assertEquals([await kept(), await kept()], [2, 2]);
  key = "broken";
  await assertRejects(kept, Error, "broken");
  await assertRejects(kept, Error, "broken");
  assertEquals(made, 4);
});

Deno.test("bundle() leaves no path of this machine", async () => {
  assert(!(await bundle("lambda/handler.ts")).includes(Deno.cwd()));
  assertEquals(
    withoutCachePaths('// ../../home/me/.cache/deno/npm/registry.example/a/1.0.0/b.js\n"x"'),
    '// npm:a/1.0.0/b.js\n"x"',
  );
});
