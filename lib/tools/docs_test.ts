/** The pages for people name files of the project: each must be there. */
import { assert, assertEquals } from "@std/assert";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { PROJECT_DIR } from "../aws/place/sandbox_process.ts";
import { headingAt } from "./site/links.ts";

/** Folders of which a path in a page may be short: a page says once where its files are. */
const FOLDERS = [
  "",
  "lambda",
  "lib/sandbox",
  "lib/sandbox/compat",
  "lib/sandbox/http",
  "lib/sandbox/services",
  "lib/sandbox/services/s3",
  "lib/sandbox/services/firehose",
  "lib/sandbox/services/firehose/configuration",
  "lib/sandbox/services/firehose/processing",
  "lib/sandbox/services/lambda",
  "lib/sandbox/services/lambda/execution",
  "lib/aws/place",
  "lib/aws/redrive",
  "lib/view",
];

/** Paths in code spans: `lib/a.ts`, `http/`. A file that a recipe makes is "(new)". */
const pathsIn = (text: string) =>
  [...text.matchAll(/`((?:[\w.-]+\/)*[\w.-]+(?:\.(?:ts|mjs|py|md|json|yml)|\/))`(?! \(new)/g)]
    .map(([, path]) => path);

/** Links to files and headings of the project, as they are written: `../README.md`, `#https`. */
const linksIn = (text: string) =>
  [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link]) => link);

async function pages(): Promise<string[]> {
  const docs = await Array.fromAsync(Deno.readDir(join(PROJECT_DIR, "docs")));
  const names = docs.map(({ name }) => `docs/${name}`).filter((name) => name.endsWith(".md"));
  return ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", ...names.sort()];
}

/** Whether a link of a page leads to a file, and if it names a heading of a page in Markdown, to that. */
async function leadsSomewhere(link: string, page: string): Promise<boolean> {
  const [path, anchor] = link.split("#");
  const target = path === "" ? join(PROJECT_DIR, page) : join(PROJECT_DIR, dirname(page), path);
  if (!existsSync(target)) return false;
  if (anchor === undefined || !target.endsWith(".md")) return true;
  return headingAt(`#${anchor}`, await Deno.readTextFile(target)) !== undefined;
}

Deno.test("every link of the pages for people leads to a file, or to a heading", async () => {
  const broken: string[] = [];
  for (const page of await pages()) {
    for (const link of linksIn(await Deno.readTextFile(join(PROJECT_DIR, page)))) {
      if (!await leadsSomewhere(link, page)) broken.push(`${page}: ${link}`);
    }
  }
  assertEquals(broken, []);
});

Deno.test("every file that the architecture and the recipes name is there", async () => {
  const missing: string[] = [];
  for (const page of ["docs/architecture.md", "CONTRIBUTING.md"]) {
    const paths = pathsIn(await Deno.readTextFile(join(PROJECT_DIR, page)));
    assert(paths.length > 20, `${page} names files`);
    const isThere = (path: string) =>
      FOLDERS.some((folder) => existsSync(join(PROJECT_DIR, folder, path)));
    missing.push(...paths.filter((path) => !isThere(path)).map((path) => `${page}: ${path}`));
  }
  assertEquals(missing, []);
});

Deno.test("the README fits on a few screens", async () => {
  const text = await Deno.readTextFile(join(PROJECT_DIR, "README.md"));
  assert(text.split("\n").length <= 151, "at most 150 lines: what only a few need goes to docs/");
});
