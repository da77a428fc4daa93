import { assert, assertStringIncludes } from "@std/assert";
import { mistakeIn } from "./find_mistake.ts";
import { listNotebooks, parseNotebook, readNotebook } from "./notebook_file.ts";

/** A notebook of these code cells. */
const notebookOf = (...sources: string[]) =>
  parseNotebook(
    "0_credentials.ipynb",
    JSON.stringify({
      nbformat: 4,
      cells: sources.map((source) => ({ cell_type: "code", source })),
    }),
  );

Deno.test("mistakeIn() names the cell that does not parse, its line, and the reason", async () => {
  const said = await mistakeIn(notebookOf(
    "const first = 1;",
    "// TODO: an ARN\nconst second = () => {\n  retrun `arn`(:aws;\n};",
    "const third = 3;",
  ));
  assertStringIncludes(said, "// TODO: an ARN");
  assertStringIncludes(said, "Expression expected");
  assertStringIncludes(said, "3 |   retrun");
  assert(!said.includes(".check") && !said.includes("backtrace"), said);
});

Deno.test("mistakeIn() names the cell whose package does not exist", async () => {
  const missing = 'import it from "npm:@firehose-lab/there-is-no-such-package@1";';
  const said = await mistakeIn(notebookOf("const first = 1;", missing));
  assertStringIncludes(said, `begins with\n\n  ${missing}`);
  assertStringIncludes(said, "does not exist");
});

Deno.test("mistakeIn() says that Deno reads all cells of a notebook of the course", async () => {
  const [path] = await listNotebooks(["0_"]);
  assertStringIncludes(await mistakeIn(await readNotebook(path)), "Deno can read every cell of 0_");
});
