import { assertEquals, assertThrows } from "@std/assert";
import { type LinkTargets, rewriteLinks } from "./links.ts";

const FILES = new Set(["lambda/handler.ts", "docs/a.png"]);
const FOLDERS = new Set(["lambda"]);
const PAGES = new Map([
  ["README.md", "index.md"],
  ["docs/glossary.md", "docs/glossary.md"],
  ["notebooks/0.ipynb", "notebooks/0.ipynb"],
]);
const targets: LinkTargets = {
  pages: PAGES,
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
      "[s](#Step-1:-Put)",
      "[aws](https://aws.amazon.com/)",
      "`[x](nothing.md)`",
      "```md\n[x](nothing.md)\n```",
    ]
  ) assertEquals(rewritten(text), text);
});

Deno.test("the pictures of a page are known by their paths in the project", () => {
  const text = "![a](a.png)";
  assertEquals(rewriteLinks(text, "docs/glossary.md", targets), { text, pictures: ["docs/a.png"] });
});

Deno.test("an anchor that GitHub makes of a heading becomes the site's", () => {
  const text = (anchor: string) =>
    `[x](${anchor})\n\n\`\`\`sh\n# faults\n\`\`\`\n\n## A start, with \`npm\`\n\n### HTTPS\n`;
  for (
    const [written, onSite] of [
      ["#https", "#HTTPS"],
      ["#a-start-with-npm", "#A-start,-with-npm"],
      ["#faults", "#faults"], // a comment of a shell, no heading
      ["#Step-1:-One", "#Step-1:-One"],
    ]
  ) {
    assertEquals(rewriteLinks(text(written), "docs/glossary.md", targets).text, text(onSite));
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
