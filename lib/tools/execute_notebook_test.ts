import { assertEquals, assertThrows } from "@std/assert";
import { parseResult } from "./execute_notebook.ts";

Deno.test("parseResult() reads the last line, whatever a kernel printed before", () => {
  const output = 'Download npm:pako\n{"cells": 12, "seconds": 3.5}\n';
  assertEquals(parseResult(output), { cells: 12, seconds: 3.5 });
});

Deno.test("parseResult() names the cell that failed, and the reason", () => {
  const output = '{"cell": "step-1-put", "error": "TypeError: no", "seconds": 0.5}\n';
  assertEquals(parseResult(output), {
    cells: 0,
    seconds: 0.5,
    failure: { cell: "step-1-put", error: "TypeError: no" },
  });
});

Deno.test("parseResult() throws if the runner ended without a result", () => {
  assertThrows(() => parseResult("Killed"), SyntaxError);
});
