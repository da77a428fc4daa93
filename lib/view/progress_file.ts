/**
 * Which checkpoints a reader has passed: a small file that git ignores. It only draws the strip
 * in the banner; no checkpoint trusts it.
 * @module
 */

import { join } from "node:path";

const PATH = join(new URL("../../notebooks", import.meta.url).pathname, ".progress.json");

/** Titles of the checkpoints that were passed, in the order of the first time. */
export async function passedCheckpoints(): Promise<string[]> {
  try {
    const parsed: unknown = JSON.parse(await Deno.readTextFile(PATH));
    return Array.isArray(parsed) ? parsed.filter((title) => typeof title === "string") : [];
  } catch {
    return []; // none yet, or somebody edited the file: it only draws
  }
}

/** Notes a checkpoint as passed. In a folder that can't be written, nothing is noted. */
export async function notePassed(title: string): Promise<void> {
  const passed = await passedCheckpoints();
  if (passed.includes(title)) return;
  await Deno.writeTextFile(PATH, JSON.stringify([...passed, title], null, 2) + "\n").catch(
    () => {},
  );
}
