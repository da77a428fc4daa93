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

/** Deno's own words about the cell's source, or a sentence that it finds nothing wrong. */
export async function diagnosisOf(source: string): Promise<string> {
  await Deno.mkdir(CHECK_DIR, { recursive: true });
  const file = await Deno.makeTempFile({ dir: CHECK_DIR, suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, `${source}\nexport {};\n`);
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["cache", "--quiet", "--no-lock", file],
      env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
      stdin: "null",
    }).output();
    if (success) {
      return "the kernel gives no reason, and Deno can read the cell: restart the kernel";
    }
    return new TextDecoder().decode(stderr).trim().replaceAll(/\n?.*\.check\/.*$/gm, "");
  } finally {
    await Deno.remove(file);
  }
}
