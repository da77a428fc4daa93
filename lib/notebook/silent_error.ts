/**
 * What is wrong with a cell whose error shows nothing: Deno's kernel (2.9.6, 2.9.8) reports a
 * syntax error, and an npm package that does not resolve, without a name, a message or a
 * traceback. Deno itself says more.
 * @module
 */

import { join } from "node:path";
import { PROJECT_DIR } from "../aws/place/sandbox_process.ts";

/** Beside `notebooks/`, so that a cell's relative imports lead where they do in the notebook. */
const CHECK_DIR = join(PROJECT_DIR, ".check");

/** A cell's source that Deno can't read. */
export interface SilentError {
  /** Its place in the list of sources. */
  readonly index: number;
  /** Deno's own words, without the name of a file. */
  readonly reason: string;
}

/** Deno's own words about the cell's source, or a sentence that it finds nothing wrong. */
export async function diagnosisOf(source: string): Promise<string> {
  const found = await firstSilentError([source]);
  return found?.reason ??
    "the kernel gives no reason, and Deno can read the cell: restart the kernel";
}

/**
 * The first of the sources that does not parse or imports what does not exist; undefined if Deno
 * reads all of them. One run of Deno, which stops at the first.
 */
export async function firstSilentError(
  sources: readonly string[],
): Promise<SilentError | undefined> {
  await Deno.mkdir(CHECK_DIR, { recursive: true });
  const files: string[] = [];
  try {
    for (const source of sources) {
      const file = await Deno.makeTempFile({ dir: CHECK_DIR, suffix: ".ts" });
      files.push(file);
      await Deno.writeTextFile(file, `${source}\nexport {};\n`);
    }
    const said = await complaintAbout(files);
    if (said === undefined) return undefined;
    const index = files.findIndex((file) => said.includes(file));
    return { index: Math.max(0, index), reason: withoutPlaces(said) };
  } finally {
    await Promise.all(files.map((file) => Deno.remove(file)));
  }
}

/** What Deno says when it loads the modules; undefined if it can. */
async function complaintAbout(files: readonly string[]): Promise<string | undefined> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["cache", "--quiet", "--no-lock", ...files],
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
  }).output();
  return success ? undefined : new TextDecoder().decode(stderr);
}

const withoutPlaces = (said: string) =>
  said.trim().replaceAll(/\n?.*\.check\/.*$/gm, "").replace(/\n+Stack backtrace:[^]*$/, "");
