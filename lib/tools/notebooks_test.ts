import { assertEquals, assertThrows } from "@std/assert";
import { parseResult } from "./notebooks.ts";

Deno.test("parseResult() reads the last line, whatever a kernel printed before", () => {
  const output = 'Download npm:pako\n{"cells": 12, "seconds": 3.5}\n';
  assertEquals(parseResult(output), { cells: 12, seconds: 3.5 });
});

Deno.test("parseResult() tells which cell failed and why", () => {
  const output = '{"cell": "step-1-put", "error": "TypeError: no", "seconds": 0.5}\n';
  assertEquals(parseResult(output), {
    cells: 0,
    seconds: 0.5,
    failure: { cell: "step-1-put", error: "TypeError: no" },
  });
});

Deno.test("parseResult() throws where the runner died without a word", () => {
  assertThrows(() => parseResult("Killed"), SyntaxError);
});
