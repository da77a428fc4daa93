import { assert } from "@std/assert";
import { join } from "node:path";
import { readNotebook } from "../../notebook/notebook_file.ts";
import { PROJECT_DIR } from "../place/sandbox_process.ts";
import { COURSE } from "../../sandbox/knowledge/explanation.ts";

Deno.test("explain names parts of the course that are there", async () => {
  for (const { notebook, heading } of Object.values(COURSE)) {
    const { cells } = await readNotebook(join(PROJECT_DIR, notebook));
    const isThere = cells.some(({ type, source }) =>
      type === "markdown" && source.includes(`## ${heading}:`)
    );
    assert(isThere, `${notebook} has no heading "${heading}: …"`);
  }
});
