/**
 * Which Python runs a function's runtime.
 * @module
 */

import { pythonEnvironment } from "./environment.ts";
import {
  askInterpreter,
  findInterpreter,
  findInterpreters,
  type Interpreter,
  PYTHON_VERSIONS,
} from "./interpreters.ts";

/** What runs a runtime. */
export interface FoundPython {
  readonly program: string;
  /** All folders that it reads. */
  readonly folders: readonly string[];
}

/** How Python is found. */
export interface PythonOptions {
  /** Where virtual environments are kept. */
  readonly folder: string;
  /**
   * Undefined: only the version that a runtime is named after. `nearest`: if it is missing, the
   * nearest version that is. Otherwise the path of a program that runs every runtime.
   */
  readonly choice: string | undefined;
  readonly onProgress: (text: string) => void;
}

/** The Pythons of this machine; looked for when the first is needed. */
export class Python {
  readonly #options: PythonOptions;
  readonly #byName = new Map<string, Promise<Interpreter | undefined>>();
  #found: Promise<readonly Interpreter[]> | undefined;

  constructor(options: PythonOptions) {
    this.#options = options;
  }

  /** What runs `python3.12`, made if need be. Throws an `Error` that says which versions are here. */
  async environment(runtime: string): Promise<FoundPython> {
    const interpreter = await this.interpreter(runtime);
    const { folder, onProgress } = this.#options;
    const made = await pythonEnvironment({ interpreter, folder, onProgress });
    return { program: made.program, folders: [made.folder, ...interpreter.folders] };
  }

  /** The interpreter for `python3.12`. Throws an `Error` that says which versions are here. */
  async interpreter(runtime: string): Promise<Interpreter> {
    const wanted = runtime.replace(/^python/, "");
    const named = await this.#named(wanted);
    if (named) return named;
    const here = await this.#interpreters();
    const exact = here.find(({ version }) => version === wanted);
    if (exact) return exact;
    const nearest = this.#options.choice === undefined ? undefined : nearestOf(here, wanted);
    if (nearest) return nearest;
    const versions = here.map(({ version }) => version).join(", ") || "none";
    throw new Error(
      `there is no Python ${wanted} on this machine (here: ${versions}). Install it, or start the ` +
        "sandbox or rehearse with --python nearest to run such functions with another version",
    );
  }

  /** The interpreter of that name, unless one program is to run all versions. */
  #named(version: string): Promise<Interpreter | undefined> {
    const { choice } = this.#options;
    const isAny = choice === undefined || choice === "nearest";
    if (!isAny || !PYTHON_VERSIONS.includes(version)) return Promise.resolve(undefined);
    const known = this.#byName.get(version) ?? findInterpreter(version);
    this.#byName.set(version, known);
    return known;
  }

  #interpreters(): Promise<readonly Interpreter[]> {
    const { choice } = this.#options;
    this.#found ??= choice === undefined || choice === "nearest"
      ? findInterpreters()
      : askInterpreter(choice).then((one) => one ? [one] : []);
    return this.#found;
  }
}

/** The version with the least distance; of two, the newer. */
export function nearestOf(
  here: readonly Interpreter[],
  wanted: string,
): Interpreter | undefined {
  const minor = (version: string) => Number(version.split(".")[1]);
  const distance = ({ version }: Interpreter) => Math.abs(minor(version) - minor(wanted));
  return here.toSorted((a, b) => distance(a) - distance(b) || minor(b.version) - minor(a.version))
    .at(0);
}
