import { assert, assertEquals } from "@std/assert";
import { MEMORY_VARIABLES } from "./memory_variables.ts";

const MODULE = new URL("./memory_trim.ts", import.meta.url).href;

/** Standard output of `code` in a process with the least permissions and these variables besides. */
async function outputOf(code: string, variables: Record<string, string>): Promise<string> {
  const { DENO_USR2_MEMORY_TRIM: _, ...others } = Deno.env.toObject();
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--no-check",
      "--allow-env=DENO_USR2_MEMORY_TRIM",
      "--v8-flags=--expose-gc",
      `data:application/typescript,${encodeURIComponent(code)}`,
    ],
    clearEnv: true,
    env: { ...others, ...variables },
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim();
}

Deno.test({
  name: "a trim gives back what was freed between pieces that are in use",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const output = await outputOf(
      `
      import { memoryTrim } from "${MODULE}";
      const trim = memoryTrim();
      const fill = () => {
        const kept = [];
        for (let i = 0; i < 500; i++) {
          new Uint8Array(100_000).fill(1);
          kept.push(new Uint8Array(2_000).fill(1));
        }
        return kept;
      };
      const kept = fill();
      gc();
      const before = Deno.memoryUsage().rss;
      let after = before;
      // On a busy machine it takes a while until V8's other thread has freed the buffers.
      for (let trims = 0; after > before - 20_000_000 && trims < 20; trims++) {
        await trim();
        after = Deno.memoryUsage().rss;
      }
      console.log(JSON.stringify({ before, after, kept: kept.length }));
      Deno.exit();`,
      MEMORY_VARIABLES,
    );
    const { before, after } = JSON.parse(output);
    assert(before - after >= 20_000_000, `${before} bytes before, ${after} after`);
  },
});

Deno.test("a process whose Deno was not told to trim is left alone", async () => {
  const code = `
    import { memoryTrim } from "${MODULE}";
    console.log(memoryTrim());`;
  assertEquals(await outputOf(code, {}), "undefined");
});
