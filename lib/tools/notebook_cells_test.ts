import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  lintFindingsIn,
  moduleOf,
  textAskingForPromises,
  typeFindingsIn,
  typeProblems,
} from "./notebook_cells.ts";
import { parseNotebook } from "../notebook/notebook_file.ts";

const notebook = parseNotebook(
  "3_lambda.ipynb",
  JSON.stringify({
    nbformat: 4,
    cells: [
      { cell_type: "markdown", id: "title", source: "# Lambda" },
      { cell_type: "code", id: "setup", source: "const a = 1;\nconst b = a;" },
      { cell_type: "code", id: "act", source: "send(b);" },
    ],
  }),
);

Deno.test("moduleOf() knows the cell of each line", () => {
  const module = moduleOf(notebook);
  assertEquals(module.stem, "3_lambda");
  assertEquals(module.text, "const a = 1;\nconst b = a;\nsend(b);\nexport {};\n");
  assertEquals(module.lines, [
    { cell: "setup", line: 1 },
    { cell: "setup", line: 2 },
    { cell: "act", line: 1 },
  ]);
});

Deno.test("typeProblems() finds the cell of a module's line", () => {
  const module = moduleOf(notebook);
  const output = "TS2304 [ERROR]: Cannot find name 'send'.\nsend(b);\n~~~~\n" +
    "    at file:///course/.check/3_lambda.ts:3:1\n\n    'send' is declared here.\n" +
    "        at file:///course/lib/y.ts:3:1\n\n" +
    "TS2345 [ERROR]: Argument of type 'Promise<void>' is not assignable to parameter of type " +
    "'\"a promise that nobody awaits\"'.\n    at file:///course/.check/3_lambda.promises.ts:3:8\n\n" +
    "TS2322 [ERROR]: elsewhere\n    at file:///course/lib/x.ts:1:1\n\n" +
    "Found 3 errors.\n\nerror: Type checking failed.\n\nStack backtrace:\n   0: <unknown>\n";
  const findings = typeFindingsIn(output);
  assertEquals(findings.map(({ file }) => file), [
    "3_lambda.ts",
    "3_lambda.promises.ts",
    "x.ts",
  ]);
  const problems = typeProblems(module, findings);
  assertEquals(problems.map(({ cell, line }) => [cell, line]), [["act", 1], ["act", 1]]);
  assertStringIncludes(problems[0].message, "Cannot find name 'send'");
  assertStringIncludes(problems[1].message, "await");
});

Deno.test("textAskingForPromises() wraps dropped values, also one inside another", () => {
  const text = "const é = 1;\nf(() => { g(é); });\n";
  const bytesBefore = new TextEncoder().encode("const é = 1;\n").length;
  const asking = textAskingForPromises(text, [
    { start: bytesBefore, end: bytesBefore + 19 },
    { start: bytesBefore + 10, end: bytesBefore + 15 },
  ]);
  assertEquals(asking.split("\n")[1], "takes_(f(() => { takes_(g(é)); }));");
});

Deno.test("lintFindingsIn() reads rules and syntax errors", () => {
  const json = JSON.stringify({
    diagnostics: [{
      filename: "file:///course/.check/a.ts",
      range: { start: { line: 2, col: 0, bytePos: 9 }, end: { line: 2, col: 1, bytePos: 10 } },
      message: "`x` is never used",
      code: "no-unused-vars",
      hint: null,
    }],
    errors: [{
      file_path: "/course/.check/b.ts",
      message: "SyntaxError: no\n    at file:///b.ts:7:1",
    }],
  });
  assertEquals(lintFindingsIn(json).map(({ file, line, code }) => [file, line, code]), [
    ["a.ts", 2, "no-unused-vars"],
    ["b.ts", 7, "syntax"],
  ]);
});
