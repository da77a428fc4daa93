/** What tools print for people goes through `run_tool.ts`, which escapes control characters. */
import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { PROJECT_DIR } from "../aws/place/sandbox_process.ts";
import { readImportGraph } from "./import_graph.ts";

/** Tasks of users that print what others wrote: records, keys, logs, errors. */
const TOOLS = [
  "console",
  "control",
  "deploy_lambda",
  "explain",
  "lab",
  "redrive",
  "rehearse",
  "reset",
]
  .map((name) => `lib/tools/${name}.ts`);

Deno.test("no tool of a user prints past the escape of control characters", async () => {
  const graph = await readImportGraph(PROJECT_DIR, ["lib", "lambda"]);
  const reached = new Set<string>();
  for (const waiting = [...TOOLS]; waiting.length > 0;) {
    const file = waiting.pop() ?? "";
    if (reached.has(file) || !file.startsWith("lib/tools/")) continue;
    reached.add(file);
    waiting.push(...graph.get(file) ?? []);
  }
  assertEquals(reached.has("lib/tools/rehearse_options.ts"), true);
  const printing: string[] = [];
  for (const file of reached) {
    const text = await Deno.readTextFile(join(PROJECT_DIR, file));
    if (/\bconsole\.(log|error|warn|info)\b/.test(text)) printing.push(file);
  }
  assertEquals(printing, ["lib/tools/run_tool.ts"]);
});

Deno.test("rehearse and its page show control characters of a function's log and errors as escapes", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [path, records, html] = ["f.mjs", "r.ndjson", "r.html"].map((name) => join(folder, name));
    await Deno.writeTextFile(
      path,
      `export const handler = async () => {
        console.log("\\x1b]8;;http://example.com\\x07here\\x1b]8;;\\x07 \\u202e \\x9b2J");
        throw new Error("\\x1b[2J");
      };`,
    );
    await Deno.writeTextFile(records, "{}\n");
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "--config", join(PROJECT_DIR, "deno.json")]
        .concat(join(PROJECT_DIR, "lib/tools/rehearse.ts"), path, "--records", records)
        .concat("--html", html),
      env: { NO_COLOR: "1" },
    }).output();
    const [output, said] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    assertEquals(output.includes("\\u001b]8;;http://example.com"), true, output + said);
    const page = await Deno.readTextFile(html);
    assertEquals(page.includes("\\u001b]8;;http://example.com"), true, page);
    // deno-lint-ignore no-control-regex -- those are looked for
    assertEquals(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]/.exec(output + said + page), null);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
