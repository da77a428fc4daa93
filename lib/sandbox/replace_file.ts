/**
 * Files that people and tools read while they are changed.
 * @module
 */

/**
 * Replaces the text of a file, which is made if it is missing, mode 0600. Written beside it, synced
 * and renamed, so that nobody ever reads half a file, also not after a power cut: one with credentials
 * may hold profiles of others. A link stays a link: what it leads to is replaced.
 */
export async function replaceTextFile(path: string, text: string): Promise<void> {
  const target = await realPathOf(path);
  const draft = `${target}.${crypto.randomUUID()}`;
  try {
    await writeSynced(draft, text);
    await Deno.rename(draft, target);
  } catch (error) {
    await Deno.remove(draft).catch(() => {}); // it was not even made
    throw error;
  }
}

async function writeSynced(path: string, text: string): Promise<void> {
  using file = await Deno.open(path, { createNew: true, write: true, mode: 0o600 });
  for (let left = new TextEncoder().encode(text); left.length > 0;) {
    left = left.subarray(await file.write(left));
  }
  await file.sync();
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
