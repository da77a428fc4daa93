import { assert, assertEquals, assertStringIncludes } from "@std/assert";
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
  const { summary, reason = "" } = await mistakeIn(notebookOf(
    "const first = 1;",
    "// TODO: an ARN\nconst second = () => {\n  retrun `arn`(:aws;\n};",
    "const third = 3;",
  ));
  assertStringIncludes(summary, "begins with: // TODO: an ARN");
  assertStringIncludes(reason, "Expression expected");
  assertStringIncludes(reason, "3 |   retrun");
  assert(!reason.includes(".check") && !reason.includes("backtrace"), reason);
});

Deno.test("mistakeIn() names the cell whose package does not exist", async () => {
  const missing = 'import it from "npm:@firehose-lab/there-is-no-such-package@1";';
  const { summary, reason = "" } = await mistakeIn(notebookOf("const first = 1;", missing));
  assertStringIncludes(summary, `begins with: ${missing}`);
  assertStringIncludes(reason, "does not exist");
});

Deno.test("mistakeIn() says that Deno reads all cells of a notebook of the course", async () => {
  const [path] = await listNotebooks(["0_"]);
  const { summary, reason } = await mistakeIn(await readNotebook(path));
  assertStringIncludes(summary, "Deno can read every cell of 0_");
  assertEquals(reason, undefined);
});
