/**
 * The Python interpreters of this machine.
 * @module
 */

import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { withoutLoaderVariables } from "../../../../child_environment.ts";

/** An interpreter that runs. */
export interface Interpreter {
  /** `3.11`. */
  readonly version: string;
  /** Its program, with links followed. */
  readonly program: string;
  /** The path that it was found by, which the sandbox may run. */
  readonly command: string;
  /** Folders of its program, its libraries and its modules. */
  readonly folders: readonly string[];
}

/** Minor versions of Python that Lambda has (2026-11). */
export const PYTHON_VERSIONS: readonly string[] = ["3.9", "3.10", "3.11", "3.12", "3.13", "3.14"];
const NAMES = [...PYTHON_VERSIONS.map((version) => `python${version}`), "python3"];

const QUESTION = `
import json, os, sys, sysconfig
paths = sysconfig.get_paths()
folders = {sys.base_prefix, sys.base_exec_prefix, paths["stdlib"], paths["platstdlib"]}
print(json.dumps({
    "version": "%d.%d" % sys.version_info[:2],
    "program": os.path.realpath(sys.executable),
    "folders": sorted(os.path.realpath(folder) for folder in folders),
}))`;

/** The interpreters that Lambda has a runtime of, one of each version: the first that is found. */
export async function findInterpreters(
  folders: readonly string[] = usualFolders(),
): Promise<readonly Interpreter[]> {
  const found = await Promise.all(interpreterPrograms(folders).map(askInterpreter));
  const first = new Map<string, Interpreter>();
  for (const one of found) if (one && !first.has(one.version)) first.set(one.version, one);
  return PYTHON_VERSIONS.flatMap((version) => first.get(version) ?? []);
}

/** Paths under which an interpreter may be found here. */
export function interpreterPrograms(folders: readonly string[] = usualFolders()): string[] {
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).filter(isThere);
}

/**
 * The interpreter of one version, by its own name: `python3.11`. Asks no more programs than it must, because
 * each takes a tenth of a second and some stand in for others. Undefined if none is found by that name.
 */
export async function findInterpreter(
  version: string,
  folders: readonly string[] = usualFolders(),
): Promise<Interpreter | undefined> {
  for (const program of folders.map((folder) => join(folder, `python${version}`)).filter(isThere)) {
    const found = await askInterpreter(program);
    if (found?.version === version) return found;
  }
  return undefined;
}

/** What a program says of itself; undefined if it is no Python, or a stand-in that finds none. */
export async function askInterpreter(program: string): Promise<Interpreter | undefined> {
  try {
    const { success, stdout } = await new Deno.Command(program, {
      args: ["-I", "-c", QUESTION],
      env: withoutLoaderVariables(),
      stderr: "null",
      stdin: "null",
    }).output();
    if (!success) return undefined;
    const told: Omit<Interpreter, "command"> = JSON.parse(new TextDecoder().decode(stdout));
    return told.folders.some(holdsHome) ? undefined : { ...told, command: program };
  } catch {
    return undefined;
  }
}

/** A function may read an interpreter's folders: they must not be all that the user has. */
function holdsHome(folder: string): boolean {
  const home = homedir();
  return folder === "/" || home === folder || home.startsWith(`${folder}/`);
}

/** Where pyenv and uv keep a folder for each version. */
export const versionFolders = (home = homedir()): string[] => [
  join(home, ".pyenv/versions"),
  join(home, ".local/share/uv/python"),
];

/**
 * The PATH, then where pyenv, uv and Homebrew put interpreters. Without pyenv's shims: each is a shell
 * script that takes a tenth of a second to find one of the interpreters in pyenv's folders.
 */
function usualFolders(): string[] {
  const path = (Deno.env.get("PATH") ?? "").split(delimiter).filter(Boolean);
  const below = versionFolders().flatMap((folder) =>
    namesIn(folder).map((name) => join(folder, name, "bin"))
  );
  const all = new Set([...path, ...below, "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"]);
  all.delete(join(homedir(), ".pyenv/shims"));
  return [...all];
}

function namesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  } catch {
    return [];
  }
}

function isThere(program: string): boolean {
  try {
    return Deno.statSync(program).isFile;
  } catch (error) {
    // The sandbox may run it without reading it.
    return error instanceof Deno.errors.NotCapable && mayRun(program);
  }
}

const mayRun = (command: string) =>
  Deno.permissions.querySync({ name: "run", command }).state === "granted";
