/**
 * The project's own Pythons: `.venv` for the course, `.venv-site` for `deno task site`, `.venv-pack`
 * for `deno task pack`. Each is created from its own pinned requirements if it is missing or they
 * changed. The reader's own Python creates it, and is not changed.
 * @module
 */

import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { PROJECT_DIR } from "../aws/place/sandbox_process.ts";

/** The folder of the course's virtual environment. */
export const VENV_DIR = join(PROJECT_DIR, ".venv");

/** A virtual environment, and the file that says what is in it. */
interface PythonEnvironment {
  readonly folder: string;
  /** A pip file with hashes; a path inside the project. */
  readonly requirements: string;
  /** What it is made for, as a line for the reader says it. */
  readonly purpose: string;
}

const COURSE: PythonEnvironment = {
  folder: VENV_DIR,
  requirements: "notebooks/requirements.txt",
  purpose: "JupyterLab",
};

const SITE: PythonEnvironment = {
  folder: join(PROJECT_DIR, ".venv-site"),
  requirements: "lib/tools/site/requirements.txt",
  purpose: "jupyter-book",
};

const PACK: PythonEnvironment = {
  folder: join(PROJECT_DIR, ".venv-pack"),
  requirements: "lib/tools/pack/requirements.txt",
  purpose: "what builds packages",
};

/** Programs of an environment, such as `python`. */
const programOf = ({ folder }: PythonEnvironment, name: string) =>
  join(folder, Deno.build.os === "windows" ? `Scripts/${name}.exe` : `bin/${name}`);

/** The course's Python, once {@linkcode ensureVenv} has made it. */
export const VENV_PYTHON = programOf(COURSE, "python");

/** Written last, so that an interrupted installation is done again. */
const stampPath = ({ folder }: PythonEnvironment) => join(folder, "requirements.sha256");

/** The oldest Python that the pinned JupyterLab runs on. */
const PYTHON_MIN = { major: 3, minor: 10 } as const;

/** A Python that was found, and whether it can make virtual environments. */
export interface FoundPython {
  readonly program: string;
  readonly major: number;
  readonly minor: number;
  readonly hasVenv: boolean;
}

/**
 * The Python executable of `.venv`, which is created if necessary; `say` receives a line for each step.
 * Throws an `Error` of one sentence that says what to install if Python is missing, too old, or has no
 * venv module, and one with pip's own words if pip fails.
 */
export async function ensureVenv(say: (line: string) => void): Promise<string> {
  return await ensureEnvironment(COURSE, say);
}

/** The Python executable of `.venv-site`, under the same terms. */
export async function ensureSiteVenv(say: (line: string) => void): Promise<string> {
  return await ensureEnvironment(SITE, say);
}

/** The Python executable of `.venv-pack`, under the same terms. */
export async function ensurePackVenv(say: (line: string) => void): Promise<string> {
  return await ensureEnvironment(PACK, say);
}

async function ensureEnvironment(
  environment: PythonEnvironment,
  say: (line: string) => void,
): Promise<string> {
  const requirements = await Deno.readTextFile(join(PROJECT_DIR, environment.requirements));
  const wanted = createHash("sha256").update(requirements).digest("hex");
  const python = programOf(environment, "python");
  if (await stampOf(environment) === wanted && await starts(python)) return python;

  const { program, major, minor } = choosePython(await findPythons());
  const { folder, purpose } = environment;
  say(
    `Making ${
      basename(folder)
    } with Python ${major}.${minor} and ${purpose} (once, under a minute) …`,
  );
  await runQuietly(program, ["-m", "venv", "--clear", folder]);
  const packages = countPackages(requirements);
  await installRequirements(environment, (collected) => {
    if (collected % 25 === 0) say(`  found ${collected} of about ${packages} packages …`);
  });
  await Deno.writeTextFile(stampPath(environment), wanted);
  return python;
}

/** The first suitable Python. Throws an `Error` of one sentence if there is none. */
export function choosePython(found: readonly FoundPython[]): FoundPython {
  const wanted = `Python ${PYTHON_MIN.major}.${PYTHON_MIN.minor} or newer`;
  const newEnough = found.filter(({ major, minor }) =>
    major > PYTHON_MIN.major || (major === PYTHON_MIN.major && minor >= PYTHON_MIN.minor)
  );
  const chosen = newEnough.find(({ hasVenv }) => hasVenv);
  if (chosen) return chosen;
  if (newEnough.length > 0) {
    const { program, major, minor } = newEnough[0];
    throw new Error(
      `${program} (Python ${major}.${minor}) lacks its venv module: install it, on Debian and ` +
        `Ubuntu with "sudo apt install python${major}.${minor}-venv".`,
    );
  }
  const old = found[0];
  throw new Error(
    `JupyterLab needs ${wanted}, and ` +
      (old ? `${old.program} is Python ${old.major}.${old.minor}` : "no Python was found") +
      ": install it from https://www.python.org/downloads/ or with your system's packages.",
  );
}

/** The number of packages in a pip file, including those for other systems: an upper bound. */
export function countPackages(requirements: string): number {
  return new Set([...requirements.matchAll(/^([\w.-]+)==/gm)].map(([, name]) => name)).size;
}

/** Names under which a Python may be installed; on most systems it is `python3`. */
const PROGRAMS = ["python3", "python", "python3.14", "python3.13", "python3.12", "python3.11"]
  .concat("python3.10", Deno.build.os === "windows" ? "py" : []);

const PROBE = "import sys, importlib.util as u; " +
  "print(*sys.version_info[:2], all(u.find_spec(m) for m in ('venv', 'ensurepip')))";

async function findPythons(): Promise<FoundPython[]> {
  const found = [];
  for (const program of PROGRAMS) {
    const output = await outputOf(program, ["-c", PROBE]);
    const parts = /^(\d+) (\d+) (True|False)/.exec(output ?? "");
    if (!parts) continue;
    const [, major, minor, hasVenv] = parts;
    found.push({
      program,
      major: Number(major),
      minor: Number(minor),
      hasVenv: hasVenv === "True",
    });
  }
  return found;
}

/** The minor version of this machine's newest Python 3; 12 if there is none. */
export async function pythonMinorHere(): Promise<number> {
  const minors = (await findPythons()).filter(({ major }) => major === 3).map(({ minor }) => minor);
  return minors.length === 0 ? 12 : Math.max(...minors);
}

/** Standard output of a program that ended well; else undefined. */
async function outputOf(program: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command(program, {
      args: [...args],
      stdin: "null",
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout) : undefined;
  } catch {
    return undefined; // there is no such program
  }
}

/** False if the Python that created the environment was removed. */
async function starts(python: string): Promise<boolean> {
  return await outputOf(python, ["-c", ""]) !== undefined;
}

async function installRequirements(
  environment: PythonEnvironment,
  onCollected: (count: number) => void,
): Promise<void> {
  const requirements = join(PROJECT_DIR, environment.requirements);
  const pip = new Deno.Command(programOf(environment, "python"), {
    // The file names every package, so pip need not look for more. Python compiles a module when it is
    // first imported: most never are. Both halve the time.
    args: ["-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
      .concat("--no-deps", "--no-compile", "--progress-bar", "off")
      .concat("--require-hashes", "--requirement", requirements),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const complaint = new Response(pip.stderr).text();
  let collected = 0;
  for await (const text of pip.stdout.pipeThrough(new TextDecoderStream())) {
    for (const _ of text.matchAll(/^Collecting /gm)) onCollected(++collected);
  }
  const { success } = await pip.status;
  if (success) return;
  throw new Error(
    `pip could not install ${environment.requirements}:\n${(await complaint).trim()}`,
  );
}

async function runQuietly(program: string, args: readonly string[]): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    stdin: "null",
  }).output();
  if (success) return;
  const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("").trim();
  throw new Error(`${program} ${args.join(" ")} failed:\n${said}`);
}

async function stampOf(environment: PythonEnvironment): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(stampPath(environment));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
