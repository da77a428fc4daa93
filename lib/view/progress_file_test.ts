import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { notePassed, passedCheckpoints, PROGRESS_FILE_VARIABLE } from "./progress_file.ts";

/** Runs `act` with its own progress file, which does not exist yet. */
async function withFile(act: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "progress.json");
  Deno.env.set(PROGRESS_FILE_VARIABLE, path);
  try {
    await act(path);
  } finally {
    Deno.env.delete(PROGRESS_FILE_VARIABLE);
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("the progress file keeps each checkpoint once, in the order of the first time", () =>
  withFile(async () => {
    for (const title of ["Step 1", "Step 2", "Step 1"]) await notePassed(title);
    assertEquals(await passedCheckpoints(), ["Step 1", "Step 2"]);
  }));

for (
  const [text, expected, why] of [
    ["", [], "it is empty"],
    ['["Step 1"', [], "it ends too early"],
    ['{"Step 1": true}', [], "it is no list"],
    ['["Step 1", 7, null]', ["Step 1"], "it has entries that are no titles"],
  ] as const
) {
  Deno.test(`the progress file is read without an error when ${why}`, () =>
    withFile(async (path) => {
      await Deno.writeTextFile(path, text);
      assertEquals(await passedCheckpoints(), [...expected]);
    }));
}

Deno.test("a checkpoint is passed also where its progress can't be written", () =>
  withFile(async (path) => {
    await Deno.mkdir(path);
    await notePassed("Step 1");
    assertEquals(await passedCheckpoints(), []);
  }));
