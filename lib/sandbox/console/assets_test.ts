import { assert, assertEquals, assertMatch } from "@std/assert";
import { createRequire } from "node:module";
import { asset, PAGE_POLICY } from "./assets.ts";

const textOf = async (name: string) => await (await asset(name))?.text() ?? "";

Deno.test("a module of the page is served as JavaScript, under its name and under .js", async () => {
  const text = await textOf("token.ts");
  assertMatch(text, /export function takeCode\(\)\s+\{/);
  assertEquals(await textOf("token.js"), text);
  assertEquals(
    (await asset("token.ts"))?.headers.get("content-type")?.split(";")[0],
    "text/javascript",
  );
});

Deno.test("every file that the page names is served, and no other", async () => {
  const seen = new Set<string>();
  const waiting = ["index.html"];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const text = await textOf(name);
    assertEquals([name, text !== ""], [name, true]);
    for (const [, path] of text.matchAll(/(?:from ?|(?:href|src)=)"([^"#]+)"/g)) {
      const { pathname } = new URL(path, `http://sandbox/_sandbox/console/${name}`);
      waiting.push(pathname.replace("/_sandbox/console/", ""));
    }
  }
  assert(seen.has("preact/hooks.js") && seen.has("style.css") && seen.has("icon.svg"));
  assertEquals(await asset("deno.json"), undefined);
  assertEquals(await asset("../pages.ts"), undefined);
  assertEquals(await asset("constructor"), undefined);
});

Deno.test("the page's policy allows the sandbox's own files only, and nothing inline", async () => {
  assertEquals((await asset("index.html"))?.headers.get("content-security-policy"), PAGE_POLICY);
  assertMatch(PAGE_POLICY, /^default-src 'none'; script-src 'self'; style-src 'self';/);
  assert(!PAGE_POLICY.includes("unsafe"));
  const html = await textOf("index.html");
  assert(!/<script>|<style| style=| on\w+=/.test(html), "nothing inline");
});

for (const name of ["preact", "hooks"]) {
  Deno.test(`preact/${name}.js is the package's file, but for the first lines and an import`, async () => {
    const specifier = name === "preact" ? "preact" : "preact/hooks";
    await import(specifier); // Deno finds the file of a package that is imported
    const path = createRequire(import.meta.url).resolve(specifier);
    const wanted = (await Deno.readTextFile(path)).replace('from"preact"', 'from"./preact.js"')
      .replace(/^\/\/# sourceMappingURL.*\n?/m, "");
    const lines = (await textOf(`preact/${name}.js`)).split("\n");
    assertMatch(lines[0], /^\/\/ Preact 11\.2\.0, MIT/);
    assertEquals(lines.slice(4).join("\n").trim(), wanted.trim());
  });
}
