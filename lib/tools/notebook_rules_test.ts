import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Cell, parseNotebook } from "../notebook/notebook_file.ts";
import {
  anchorOf,
  CODE_LINES_MAX,
  countWords,
  problemsOf,
  targetsIn,
  TEXT_WORDS_MAX,
} from "./notebook_rules.ts";

interface CellLike {
  readonly id: string;
  readonly cell_type: Cell["type"];
  readonly source: string;
  readonly outputs?: readonly unknown[];
  readonly execution_count?: number;
}

const text = (id: string, source: string): CellLike => ({ id, cell_type: "markdown", source });
const code = (id: string, source: string): CellLike => ({ id, cell_type: "code", source });

const GOOD: readonly CellLike[] = [
  text("title", "# Delivery\n\n![A stream](pictures/stream.svg)\n\n- [Step 1: Put](#Step-1:-Put)"),
  code("setup", 'import { begin } from "../lib/aws/mod.ts";\nawait begin({ notebook: 1 });'),
  text("step-1", "## Step 1: Put\n\nSee [the page](https://docs.aws.amazon.com/firehose/)."),
  code("step-1-put", "await put();"),
  code("step-1-checkpoint", 'await checkpoint("Step 1", []);'),
  text("next", "## Where next\n\n[Notebook 2](2_jq.ipynb)"),
];

function problems(cells: readonly CellLike[]): string[] {
  const metadata = { kernelspec: { name: "deno" } };
  const notebook = parseNotebook("x.ipynb", JSON.stringify({ nbformat: 4, metadata, cells }));
  const files = ["pictures/stream.svg", "2_jq.ipynb"];
  return problemsOf(notebook, { fileExists: (path) => files.includes(path) })
    .map(({ cell, message }) => `${cell}: ${message}`);
}

/** The good notebook with the cell of this id changed. */
const changed = (id: string, change: Partial<CellLike>) =>
  GOOD.map((cell) => cell.id === id ? { ...cell, ...change } : cell);
const EXERCISE = 'await exercise("1.1", answer);';
const HINTS = ["Hint 1", "Hint 2", "Solution"]
  .map((name) => `<details><summary>${name}</summary>x</details>`).join("\n");
const added = (cell: CellLike) => [...GOOD, cell];

Deno.test("problemsOf() finds nothing in a notebook of the course's form", () => {
  assertEquals(problems(GOOD), []);
});

Deno.test("problemsOf() finds nothing wrong with an exercise that has hints and a solution", () => {
  assertEquals(problems([...GOOD, code("exercise-1-1", EXERCISE), text("hints", HINTS)]), []);
});

for (
  const [what, cells, cell, words] of [
    ["an output", changed("setup", { outputs: [{}] }), "setup", "--clean"],
    [
      "an ARN for one partition",
      changed("step-1-put", { source: 'await attach("arn:aws:iam::aws:policy/ReadOnlyAccess");' }),
      "step-1-put",
      "lab.partition",
    ],
    [
      "minutes that differ",
      changed("title", { source: "# Delivery\n\nAbout 9 minutes." }),
      "title",
      "are counted",
    ],
    [
      "too many cells",
      [...GOOD, ...Array.from({ length: 60 }, (_, n) => text(`more-${n}`, "More."))],
      "(the file)",
      "66 cells",
    ],
    ["a counter", changed("setup", { execution_count: 1 }), "setup", "--clean"],
    ["a random id", changed("step-1-put", { id: "0a1b2c3d" }), "0a1b2c3d", "step-2-create"],
    ["no id", changed("step-1-put", { id: "" }), "number 4", "step-2-create"],
    ["an id used twice", changed("step-1-put", { id: "setup" }), "setup", "earlier cell"],
    ["an empty cell", added(code("nothing", " \n")), "nothing", "empty"],
    [
      "a long cell of code",
      added(code("long", "x;\n".repeat(CODE_LINES_MAX) + "x;")),
      "long",
      "lib/",
    ],
    ["a long text", added(text("long", "word ".repeat(TEXT_WORDS_MAX + 1))), "long", "say less"],
    ["a second title", added(text("more", "# More")), "title", "one heading of level 1"],
    ["a skipped level", added(text("deep", "#### Deep")), "deep", "level 4 right after level 2"],
    ["no begin()", changed("setup", { source: "const a = 1;" }), "setup", "setup cell"],
    ["an import further down", added(code("late", 'import "x";')), "late", "setup cell"],
    [
      "a step without checkpoint",
      changed("step-1-checkpoint", { source: "await show(1);" }),
      "step-1",
      '"Step 1: Put" has no checkpoint',
    ],
    ["a dead anchor", added(text("a", "[x](#Step-9)")), "a", '"#Step-9", which is not there'],
    ["a dead file", added(text("a", "[x](9_gone.ipynb)")), "a", '"9_gone.ipynb"'],
    ["a link without https", added(text("a", "[x](http://aws.test/)")), "a", "without https"],
    ["a picture without alt", added(text("a", "![](pictures/stream.svg)")), "a", "alt text"],
    ["an <img> without alt", added(text("a", '<img src="2_jq.ipynb">')), "a", "alt text"],
    ["an <svg> without label", added(text("a", "<svg></svg>")), "a", "alt text"],
    [
      "a bare value at the end",
      added(code("a", "const a = 1;\nawait s3.send(\n  a,\n).catch(alreadyThere);")),
      "a",
      "end it with show(…)",
    ],
    [
      "a bare value before declarations, which is shown as well",
      added(code("a", "await aws.putAll(stream, records);\nconst a = 1;")),
      "a",
      "end it with show(…)",
    ],
    [
      "an exercise without a solution",
      added(code("exercise-1-1", EXERCISE)),
      "exercise-1-1",
      "hints",
    ],
    [
      "a first exercise whose id has a later number",
      [...GOOD, code("exercise-1-2", EXERCISE), text("hints", HINTS)],
      "exercise-1-2",
      "is exercise 1 of the notebook",
    ],
    [
      "a first exercise whose call has a later number",
      [
        ...GOOD,
        code("exercise-1-1", 'const a = await checked(\n  "1.2",\n  b,\n);'),
        text("hints", HINTS),
      ],
      "exercise-1-1",
      "is exercise 1 of the notebook",
    ],
    [
      "an exercise that the headless runner would not know",
      [...GOOD, code("try-it", EXERCISE), text("hints", HINTS)],
      "try-it",
      '"exercise-"',
    ],
  ] as const
) {
  Deno.test(`problemsOf() finds ${what}`, () => {
    const found = problems(cells);
    assertEquals(found.length, 1, found.join("\n"));
    assertStringIncludes(found[0], `${cell}: `);
    assertStringIncludes(found[0], words);
  });
}

Deno.test("problemsOf() reads neither headings nor links in code that is shown", () => {
  const shown = "```sh\n# not a title\n[x](gone.md)\n```\n\nand `[y](gone.md)`";
  assertEquals(problems(added(text("shown", shown))), []);
});

Deno.test("countWords() leaves out addresses and what is folded", () => {
  const markdown = "Look at [the page](https://a.test/b) — now.\n" +
    "<details><summary>Hint 1</summary>Which field?</details>";
  assertEquals(countWords(markdown), 5);
});

Deno.test("targetsIn() finds Markdown's and HTML's", () => {
  const markdown = '[a](x.md "title") ![b](<y.svg>) <a class="c" href="z.md">z</a>';
  assertEquals(targetsIn(markdown), ["x.md", "y.svg", "z.md"]);
});

Deno.test("anchorOf() is the id that JupyterLab gives a heading", () => {
  assertEquals(anchorOf("Step 2: `PutRecord`, *then* look"), "Step-2:-PutRecord,-then-look");
});
