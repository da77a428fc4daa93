/**
 * Both packages, built and installed into empty folders outside the project, for tests. The two
 * example projects are copied there, so that one installation serves all tests.
 * @module
 */

import { dirname, join } from "node:path";
import { PROJECT_DIR } from "../../aws/place/sandbox_process.ts";
import { pack } from "../pack.ts";
import { ensurePackVenv } from "../python_env.ts";
import { run } from "./run.ts";

/** Packages that are installed. */
export interface Installed {
  /** The folder with all of it. */
  readonly folder: string;
  /** A copy of `examples/ci-vitest` with its packages. */
  readonly npmFolder: string;
  /** A copy of `examples/ci-pytest`. */
  readonly pythonFolder: string;
  /** The programs of a virtual environment with the Python package. */
  readonly pythonBin: string;
  /** `uvx`, and its arguments before those of `firehose-lab`. */
  readonly uvx: readonly string[];
  /** The package files. */
  readonly packed: { readonly npm: string; readonly wheel: string; readonly sdist: string };
}

/** Builds and installs both. Other packages are those that the lock files name, by their hashes. */
export async function installPackages(): Promise<Installed> {
  const folder = await Deno.makeTempDir({ prefix: "firehose-lab-installed-" });
  const packed = await pack(join(folder, "packed"), () => {});
  const [npmFolder, pythonFolder] = ["ci-vitest", "ci-pytest"].map((name) => join(folder, name));
  await copyFolder(join(PROJECT_DIR, "examples/ci-vitest"), npmFolder);
  await copyFolder(join(PROJECT_DIR, "examples/ci-pytest"), pythonFolder);
  await installNpm(npmFolder, packed.npm);
  const bin = dirname(await ensurePackVenv(() => {}));
  const venv = join(folder, "venv");
  await installPython(join(bin, "uv"), venv, packed.wheel);
  return {
    ...{ folder, npmFolder, pythonFolder, packed },
    pythonBin: join(venv, "bin"),
    // Offline: Deno is in uv's cache, with its hash checked.
    uvx: [join(bin, "uvx"), "--quiet", "--offline", "--from", packed.wheel, "firehose-lab"],
  };
}

async function installNpm(folder: string, tarball: string): Promise<void> {
  const settings = await readJson(join(folder, "package.json"));
  const lock = await readJson(join(folder, "package-lock.json"));
  const source = `file:${tarball}`;
  settings.devDependencies["firehose-lab"] = source;
  lock.packages[""].devDependencies["firehose-lab"] = source;
  lock.packages["node_modules/firehose-lab"].resolved = source;
  await Deno.writeTextFile(join(folder, "package.json"), JSON.stringify(settings));
  await Deno.writeTextFile(join(folder, "package-lock.json"), JSON.stringify(lock));
  // Not `npm ci`: an optional package of vite for Windows is not in every registry.
  await run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline"], folder);
}

const readJson = async (path: string) => JSON.parse(await Deno.readTextFile(path));

async function installPython(uv: string, venv: string, wheel: string): Promise<void> {
  const requirements = join(PROJECT_DIR, "lib/tools/pack/ci_requirements.txt");
  const python = join(venv, "bin/python");
  await run(uv, ["venv", "--quiet", venv], dirname(venv));
  const install = ["pip", "install", "--quiet", "--python", python];
  await run(uv, [...install, "--require-hashes", "--requirement", requirements], dirname(venv));
  await run(uv, [...install, "--no-deps", wheel], dirname(venv));
}

async function copyFolder(source: string, target: string): Promise<void> {
  await Deno.mkdir(target);
  for await (const { name, isDirectory } of Deno.readDir(source)) {
    if (name === "node_modules") continue;
    const [from, to] = [join(source, name), join(target, name)];
    if (isDirectory) await copyFolder(from, to);
    else await Deno.copyFile(from, to);
  }
}
