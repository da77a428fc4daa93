/**
 * A virtual environment with AWS's runtime interface client and SDK, one for each version of
 * Python. It is made on first use, and shared by all sandboxes of this folder.
 * @module
 */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withoutLoaderVariables } from "../../../../child_environment.ts";
import { makeRuntimeFolder } from "../runtime_folder.ts";
import type { Interpreter } from "./interpreters.ts";

/** Options of {@linkcode pythonEnvironment}. */
export interface PythonEnvironmentOptions {
  readonly interpreter: Interpreter;
  /** Where environments are kept. */
  readonly folder: string;
  readonly onProgress: (text: string) => void;
}

/** A made environment. */
export interface PythonEnvironment {
  readonly program: string;
  /** The folder with all of it. */
  readonly folder: string;
}

/** One program that runs the others: the sandbox may not run what is in the new environment. */
const INSTALL = `
import os, subprocess, sys
program, place, requirements = sys.argv[1:]
def run(*command):
    code = subprocess.run(command, stdin=subprocess.DEVNULL).returncode
    if code: sys.exit(code)
run(program, "-m", "venv", place)
run(os.path.join(place, "bin", "python"), "-m", "pip", "install", "--quiet",
    "--disable-pip-version-check", "--no-input", "--require-hashes", "--requirement", requirements)`;

/** Those being made by this process, by folder. */
const beingMade = new Map<string, Promise<void>>();

/**
 * The environment, made if it is missing. Throws an `Error` with pip's own words where it cannot
 * be made.
 */
export async function pythonEnvironment(
  { interpreter, folder, onProgress }: PythonEnvironmentOptions,
): Promise<PythonEnvironment> {
  const requirements = requirementsOf(interpreter.version);
  const text = await Deno.readTextFile(requirements);
  const mark = createHash("sha256").update(text + interpreter.program).digest("hex").slice(0, 12);
  const place = join(folder, `python${interpreter.version}-${mark}`);
  const environment = { program: join(place, "bin", "python"), folder: place };
  let making = beingMade.get(place);
  if (!making) {
    making = make({ interpreter, place, requirements, onProgress })
      .finally(() => beingMade.delete(place));
    beingMade.set(place, making);
  }
  await making;
  return environment;
}

const requirementsOf = (version: string) =>
  fileURLToPath(
    version === "3.9"
      ? new URL("./requirements_3.9.txt", import.meta.url)
      : new URL("./requirements.txt", import.meta.url),
  );

async function make({ interpreter, place, requirements, onProgress }: {
  readonly interpreter: Interpreter;
  readonly place: string;
  readonly requirements: string;
  readonly onProgress: (text: string) => void;
}): Promise<void> {
  await makeRuntimeFolder(place, async (part) => {
    const startedMs = performance.now();
    onProgress(`python${interpreter.version}: installing awslambdaric and boto3, once …`);
    await run(interpreter.command, ["-I", "-c", INSTALL, interpreter.program, part, requirements]);
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
    onProgress(`python${interpreter.version}: ready after ${seconds} s`);
  });
}

async function run(program: string, args: readonly string[]): Promise<void> {
  const env = withoutLoaderVariables();
  const output = await new Deno.Command(program, { args: [...args], env, stdin: "null" }).output();
  if (output.success) return;
  const words = new TextDecoder().decode(output.stderr);
  throw new Error(`${program} could not install boto3 and awslambdaric:\n${words}`);
}
