import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { PROJECT_DIR } from "../aws/place/sandbox_process.ts";
import { minutesFor, readingOf, statedMinutes } from "./minutes.ts";
import { listNotebooks, parseNotebook, readNotebook } from "./notebook_file.ts";

Deno.test("readingOf() counts words, lines of code that are shown, and exercises", () => {
  const code = (id: string, source: string, metadata = {}) => ({
    cell_type: "code",
    id,
    metadata,
    source,
  });
  const notebook = parseNotebook(
    "x.ipynb",
    JSON.stringify({
      nbformat: 4,
      cells: [
        {
          cell_type: "markdown",
          id: "title",
          source: "One [two three](https://x.test/a b), <b>four</b> –",
        },
        code("setup", 'import {\n  a,\n} from "a";\nconst b = 1;', {
          jupyter: { source_hidden: true },
        }),
        code("look", 'import { c } from "c";\nconst d = 1;\nd;'),
        code("exercise-1-1", "const e = 1;"),
      ],
    }),
  );
  assertEquals(readingOf(notebook), { words: 4, codeLines: 3, exercises: 1 });
});

Deno.test("minutesFor() takes 200 words or 25 lines for a minute, and 3 minutes for an exercise", () => {
  assertEquals(minutesFor({ words: 1000, codeLines: 50, exercises: 2 }), 13);
});

Deno.test("statedMinutes() finds what a title cell states", () => {
  assertEquals(statedMinutes("About 25 minutes. You need nothing else."), 25);
  assertEquals(statedMinutes("It takes a while."), undefined);
});

Deno.test("README.md states the minutes that the notebooks state", async () => {
  const readme = await Deno.readTextFile(join(PROJECT_DIR, "README.md"));
  for (const path of await listNotebooks()) {
    const { name, cells } = await readNotebook(path);
    const [, minutes] = new RegExp(`\\(notebooks/${name}\\) *\\| *(\\d+) *\\|`).exec(readme) ?? [];
    assert(minutes !== undefined, name);
    assertEquals(Number(minutes), statedMinutes(cells[0].source), name);
  }
});
