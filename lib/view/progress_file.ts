/**
 * The checkpoints that a reader has passed, in a small file that git ignores. It is used only to draw
 * the strip in the banner; no checkpoint trusts it.
 * @module
 */

import { fileURLToPath } from "node:url";

/** Where a reader's progress is kept. */
export const PROGRESS_FILE = fileURLToPath(
  new URL("../../notebooks/.progress.json", import.meta.url),
);

/** Names another file, for tools that run the notebooks. */
export const PROGRESS_FILE_VARIABLE = "FIREHOSE_LAB_PROGRESS_FILE";

const path = () => Deno.env.get(PROGRESS_FILE_VARIABLE) ?? PROGRESS_FILE;

/** Titles of the checkpoints that were passed, in the order of the first time. */
export async function passedCheckpoints(): Promise<string[]> {
  try {
    const parsed: unknown = JSON.parse(await Deno.readTextFile(path()));
    return Array.isArray(parsed) ? parsed.filter((title) => typeof title === "string") : [];
  } catch {
    return []; // none yet, or somebody edited the file: it only draws
  }
}

/** Records that a checkpoint was passed; does nothing if the folder cannot be written. */
export async function notePassed(title: string): Promise<void> {
  const passed = await passedCheckpoints();
  if (passed.includes(title)) return;
  await Deno.writeTextFile(path(), JSON.stringify([...passed, title], null, 2) + "\n").catch(
    () => {},
  );
}
