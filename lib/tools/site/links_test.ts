import { assertEquals, assertThrows } from "@std/assert";
import { type LinkTargets, rewriteLinks } from "./links.ts";

const FILES = new Set(["lambda/handler.ts", "docs/a.png"]);
const FOLDERS = new Set(["lambda"]);
const PAGES = new Map([
  ["README.md", "index.md"],
  ["docs/glossary.md", "docs/glossary.md"],
  ["docs/sandbox.md", "docs/sandbox.md"],
  ["notebooks/0.ipynb", "notebooks/0.ipynb"],
]);
const SANDBOX = "## A start, with `npm`\n\n```sh\n# faults\n```\n\n### HTTPS\n";
const targets: LinkTargets = {
  pages: PAGES,
  texts: new Map([["README.md", "# Lab"], ["docs/glossary.md", ""], ["docs/sandbox.md", SANDBOX]]),
  kindOf: (path) =>
    FOLDERS.has(path) ? "folder" : FILES.has(path) || PAGES.has(path) ? "file" : undefined,
  repository: "https://github.com/a/lab",
};
const rewritten = (text: string, page = "docs/glossary.md") =>
  rewriteLinks(text, page, targets).text;

Deno.test("a link to a page of the site leads to its place there", () => {
  assertEquals(rewritten("[n](../notebooks/0.ipynb#Step-1)"), "[n](../notebooks/0.ipynb#Step-1)");
  assertEquals(rewritten("[r](../README.md)"), "[r](../index.md)");
  assertEquals(rewritten("[g](docs/glossary.md)", "README.md"), "[g](docs/glossary.md)");
});

Deno.test("a link to another file or folder leads to the repository", () => {
  assertEquals(
    rewritten("[`handler`](../lambda/handler.ts#L3) and [all](../lambda/)"),
    "[`handler`](https://github.com/a/lab/blob/HEAD/lambda/handler.ts#L3) and " +
      "[all](https://github.com/a/lab/tree/HEAD/lambda)",
  );
});

Deno.test("without a repository, a link to a file is its path in words", () => {
  const rewritten = (text: string) =>
    rewriteLinks(text, "README.md", { ...targets, repository: undefined }).text;
  assertEquals(rewritten("[the handler](lambda/handler.ts)"), "the handler (`lambda/handler.ts`)");
  assertEquals(rewritten("[`lambda/handler.ts`](lambda/handler.ts)"), "`lambda/handler.ts`");
});

Deno.test("links to headings and to other hosts stay, and so does code", () => {
  for (
    const text of [
      "[s](#Step-1:-Put)", // as JupyterLab makes it
      "[aws](https://aws.amazon.com/)",
      "`[x](nothing.md)`",
      "```md\n[x](nothing.md)\n```",
    ]
  ) assertEquals(rewritten(text, "notebooks/0.ipynb"), text);
});

Deno.test("the pictures of a page are known by their paths in the project", () => {
  const text = "![a](a.png)";
  assertEquals(rewriteLinks(text, "docs/glossary.md", targets), { text, pictures: ["docs/a.png"] });
});

Deno.test("an anchor that GitHub makes of a heading becomes the site's", () => {
  for (
    const [page, written, onSite] of [
      ["docs/sandbox.md", "#https", "#HTTPS"],
      ["docs/glossary.md", "sandbox.md#a-start-with-npm", "sandbox.md#A-start,-with-npm"],
      ["README.md", "docs/sandbox.md#https", "docs/sandbox.md#HTTPS"],
      ["docs/sandbox.md", "../README.md#lab", "../index.md#Lab"],
    ]
  ) assertEquals(rewritten(`[x](${written})`, page), `[x](${onSite})`);
});

Deno.test("a link to no heading of a page in Markdown is refused by name", () => {
  for (
    const [page, written] of [["docs/sandbox.md", "#faults"], [
      "README.md",
      "docs/sandbox.md#HTTPS",
    ]]
  ) {
    assertThrows(
      () => rewritten(`[x](${written})`, page),
      Error,
      `${page}: the link to ${
        written.slice(written.indexOf("#"))
      } leads to no heading of docs/sandbox.md`,
    );
  }
});

Deno.test("a link that leads nowhere, or out of the project, is refused by name", () => {
  assertThrows(
    () => rewritten("[x](nothing.md)"),
    Error,
    "docs/glossary.md: the link to nothing.md",
  );
  assertThrows(() => rewritten("[x](../../etc/hosts)"), Error, "leads nowhere");
  assertThrows(() => rewritten('<a href="nothing.md">x</a>'), Error, "nothing.md");
});
