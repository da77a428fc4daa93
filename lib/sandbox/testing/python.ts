/**
 * Python for tests that use the sandbox with AWS's Python SDK: its own virtual environment, created
 * when it is missing or its requirements have changed.
 * @module
 */

import { join } from "node:path";
import { claim } from "./claim.ts";

const ROOT = new URL("../../../", import.meta.url).pathname;

/**
 * The Python executable of an environment that has what `requirementsPath` lists, in a folder of
 * the project. Throws an `Error` with pip's own words if they cannot be installed.
 */
export async function pythonWith(
  requirementsPath: string,
  folderName = ".venv-test",
): Promise<string> {
  const wanted = await Deno.readTextFile(requirementsPath);
  const folder = join(ROOT, folderName);
  const stamp = join(folder, "requirements.installed.txt");
  const python = join(
    folder,
    Deno.build.os === "windows" ? "Scripts/python.exe" : "bin/python",
  );
  using _ = await claim(folder);
  if (await readTextIfThere(stamp) === wanted) return python;
  await run("python3", ["-m", "venv", "--clear", folder]);
  await run(python, [
    "-m",
    "pip",
    "install",
    "--quiet",
    // The file names every package, and most modules are never imported.
    "--no-deps",
    "--no-compile",
    // A package that is not the one that was reviewed is not installed.
    "--require-hashes",
    "--requirement",
    requirementsPath,
  ]);
  await Deno.writeTextFile(stamp, wanted);
  return python;
}

/** Runs a program to its end and gives its standard output. Throws an `Error` with its standard error. */
export async function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const output = await new Deno.Command(program, { args: [...args], env })
    .output();
  const text = new TextDecoder().decode(output.stdout);
  if (output.success) return text;
  const complaint = new TextDecoder().decode(output.stderr);
  throw new Error(
    `${program} ${args.join(" ")} exited with ${output.code}:\n${complaint}${text}`,
  );
}

async function readTextIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
