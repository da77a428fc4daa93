import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { cleanNotebookText, parseNotebook } from "./notebook_file.ts";

const text = (...cells: unknown[]) => JSON.stringify({ nbformat: 4, nbformat_minor: 5, cells });

const ranCell = {
  cell_type: "code",
  id: "setup",
  metadata: { tags: ["raises-exception"], trusted: true, execution: { at: "noon" } },
  source: "const a = 1;\nconst b = 2;",
  outputs: [{ output_type: "stream", name: "stdout", text: "1" }],
  execution_count: 3,
};

Deno.test("cleanNotebookText() removes the traces of a run, and keeps what a person wrote", () => {
  const pictured = {
    cell_type: "markdown",
    id: "title",
    metadata: {},
    source: ["# Title\n", "![a stream](attachment:a.svg)"],
    attachments: { "a.svg": { "image/svg+xml": "<svg/>" } },
  };
  const clean = cleanNotebookText(parseNotebook("x.ipynb", text(pictured, ranCell)));
  const [title, setup] = parseNotebook("x.ipynb", clean).cells;
  assertEquals(title.raw.attachments, pictured.attachments);
  assertEquals(setup.outputs, []);
  assertEquals(setup.executionCount, null);
  assertEquals(setup.metadata, { tags: ["raises-exception"] });
  assertEquals(setup.source, ranCell.source);
});

Deno.test("cleanNotebookText() changes nothing the second time", () => {
  const once = cleanNotebookText(parseNotebook("x.ipynb", text(ranCell)));
  assertEquals(cleanNotebookText(parseNotebook("x.ipynb", once)), once);
  assertStringIncludes(once, '"name": "deno"');
});

for (
  const [what, broken] of [
    ["another format", '{"nbformat": 3, "cells": []}'],
    ["no cells", '{"nbformat": 4}'],
    ["a cell of an unknown type", text({ cell_type: "heading" })],
  ] as const
) {
  Deno.test(`parseNotebook() refuses ${what}`, () => {
    assertThrows(() => parseNotebook("x.ipynb", broken), TypeError);
  });
}
