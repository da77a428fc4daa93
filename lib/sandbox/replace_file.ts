/**
 * Files that people and tools read while they are changed.
 * @module
 */

/**
 * Replaces the text of a file, which is made if it is missing, mode 0600. Written beside it and
 * renamed, so that nobody ever reads half a file. A link stays a link: what it leads to is replaced.
 */
export async function replaceTextFile(path: string, text: string): Promise<void> {
  const target = await realPathOf(path);
  const draft = `${target}.${crypto.randomUUID()}`;
  await Deno.writeTextFile(draft, text, { mode: 0o600 });
  await Deno.rename(draft, target);
}

/** Where a link leads; the path itself if nothing is there. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return path;
    throw error;
  }
}
