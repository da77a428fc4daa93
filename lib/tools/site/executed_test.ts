import { assertEquals, assertThrows } from "@std/assert";
import { notebookPage, shownOutputs } from "./executed.ts";

const targets = {
  pages: new Map([["notebooks/0.ipynb", "notebooks/0.ipynb"]]),
  texts: new Map(),
  kindOf: (path: string) => path === "lambda/size.ts" ? "file" as const : undefined,
  repository: "https://github.com/a/lab",
};
const page = (cells: readonly unknown[]) =>
  notebookPage(JSON.stringify({ cells, nbformat: 4 }), "notebooks/0.ipynb", {
    targets,
    projectDir: "/home/me/lab/",
  });

Deno.test("notebookPage() rewrites links in text cells, and leaves code alone", () => {
  const { text } = page([
    { cell_type: "markdown", source: ["Read [size](", "../lambda/size.ts)."] },
    { cell_type: "code", source: "[a](b)", outputs: [] },
  ]);
  const [first, second] = JSON.parse(text).cells;
  assertEquals(first.source, "Read [size](https://github.com/a/lab/blob/HEAD/lambda/size.ts).");
  assertEquals(second.source, "[a](b)");
});

Deno.test("notebookPage() names no folder of the machine and no time of a run, and counts and keeps every output", () => {
  const { text, outputs } = page([{
    cell_type: "code",
    source: "1",
    metadata: { tags: ["a"], execution: { "iopub.status.busy": "2026-11-30T09:00:00Z" } },
    outputs: [
      { output_type: "stream", name: "stdout", text: ["in /home/me/lab/.sandbox\n"] },
      { output_type: "display_data", data: { "text/html": "<b>/home/me/lab</b>" } },
    ],
  }]);
  const shown = JSON.parse(text).cells[0].outputs;
  assertEquals(shown[0].text, ["in firehose-lab/.sandbox\n"]);
  assertEquals(shown[1].data["text/html"], "<b>firehose-lab</b>");
  assertEquals(JSON.parse(text).cells[0].metadata, { tags: ["a"] });
  assertEquals(outputs, 2);
});

Deno.test("notebookPage() folds what JupyterLab folds", () => {
  const metadata = { tags: ["a"], jupyter: { source_hidden: true } };
  const { text } = page([{ cell_type: "code", source: "1", metadata, outputs: [] }]);
  assertEquals(JSON.parse(text).cells[0].metadata, { ...metadata, tags: ["a", "hide-input"] });
});

Deno.test("notebookPage() refuses what is no notebook", () => {
  assertThrows(() => notebookPage("{}", "a.ipynb", { targets, projectDir: "/" }), TypeError);
});

Deno.test("shownOutputs() counts the outputs of a built page, and no other box", () => {
  const output = '<div class="output text_html"><b>1</b></div>';
  assertEquals(shownOutputs(`<div class="cell_output docutils">${output}${output}</div>`), 2);
});
