import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { PROJECT_DIR } from "../../aws/place/sandbox_process.ts";
import { configuration, EXAMPLES_PAGE, examplesPage, sitePages, tableOfContents } from "./book.ts";
import { listNotebooks } from "../../notebook/notebook_file.ts";

async function markdownOf(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(join(PROJECT_DIR, folder)));
  return entries.map(({ name }) => `${folder}/${name}`).filter((path) => path.endsWith(".md"));
}

Deno.test("the site has every notebook and every page of docs/, and no page that is missing", async () => {
  const pages = new Set(sitePages().keys());
  const notebooks = (await listNotebooks()).map((path) => path.slice(PROJECT_DIR.length));
  for (const path of [...notebooks, ...await markdownOf("docs")]) {
    assert(pages.has(path), `${path} is a page: add it to PARTS in lib/tools/site/book.ts`);
  }
  for (const path of pages) {
    if (path !== EXAMPLES_PAGE) assert((await Deno.stat(join(PROJECT_DIR, path))).isFile);
  }
});

Deno.test("the table of contents begins with the README and names pages without their endings", () => {
  const { root, parts } = JSON.parse(tableOfContents());
  assertEquals(root, "index");
  assertEquals(parts[0].chapters[0], { file: "notebooks/0_credentials" });
});

Deno.test("the book executes nothing, and shows the repository's button only if there is one", () => {
  const without = JSON.parse(configuration({}));
  assertEquals(without.execute.execute_notebooks, "off");
  assertEquals([without.html.use_repository_button, without.repository], [false, undefined]);
  const url = "https://github.com/a/lab";
  assertEquals(JSON.parse(configuration({ repository: url })).repository, { url });
});

Deno.test("the page of examples shows each file, also one that has a fence", () => {
  const page = examplesPage([{ path: "examples/a.py", text: 'x = "```"\n' }]);
  assertStringIncludes(page, '## examples/a.py\n\n````python\nx = "```"\n````\n');
});
