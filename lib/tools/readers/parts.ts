/**
 * The parts of `deno task readers`: one for each language. A part installs its pinned readers into a
 * folder and prints one JSON line for each reader and object.
 * @module
 */

import { join } from "node:path";
import { readInChromium } from "./chromium.ts";
import { commandLines } from "./commands.ts";
import type { Plan } from "./plan.ts";
import { hasProgram, run, runAny } from "./program.ts";

/** What a part is given. */
export interface PartPlace {
  readonly plan: Plan;
  readonly planPath: string;
  /** An empty folder, or the one of an earlier run with what was installed. */
  readonly folder: string;
}

/** One language's readers. */
export interface Part {
  /** Programs that it needs; without one of them it is left out. */
  readonly needs: readonly string[];
  /** JSON lines, in the order of the table. */
  readonly read: (place: PartPlace) => Promise<string>;
}

const sourceOf = (path: string) => new URL(path, import.meta.url).pathname;

/** The parts by name, in the order of the table. */
export const PARTS: Readonly<Record<string, Part>> = {
  Python: { needs: ["python3"], read: readInPython },
  Java: { needs: ["java", "mvn"], read: readInJava },
  Node: { needs: ["node", "npm"], read: readInNode },
  Deno: {
    needs: [],
    read: ({ planPath }) =>
      run(Deno.execPath(), ["run", "-A", "--no-config", sourceOf("javascript/read.mjs"), planPath]),
  },
  Chromium: { needs: ["chromium"], read: ({ plan }) => readInChromium(plan) },
  Go: { needs: ["go"], read: readInGo },
  Rust: { needs: ["cargo"], read: readInRust },
  commands: { needs: ["perl", "zcat", "curl"], read: ({ plan }) => commandLines(plan) },
};

/** The programs of a part that this machine lacks. */
export async function missingPrograms({ needs }: Part): Promise<string[]> {
  const found = await Promise.all(
    needs.map(async (name) => ({ name, is: await hasProgram(name) })),
  );
  return found.filter(({ is }) => !is).map(({ name }) => name);
}

/** Runs each reader in a separate process: some of them crash. */
async function readInPython({ folder, planPath }: PartPlace): Promise<string> {
  const python = join(folder, "venv/bin/python");
  if (!await isThere(python)) await run("python3", ["-m", "venv", join(folder, "venv")]);
  const install = ["install", "--quiet", "--disable-pip-version-check", "--require-hashes"];
  await run(python, ["-m", "pip", ...install, "-r", sourceOf("python/requirements.txt")]);
  const script = sourceOf("python/read.py");
  const names: string[] = JSON.parse(await run(python, [script]));
  const printed = [];
  for (const name of names) {
    printed.push((await runAny(python, [script, planPath, name])).stdout);
  }
  return printed.join("");
}

async function readInJava({ folder, planPath }: PartPlace): Promise<string> {
  await copy("java", ["pom.xml", "Read.java"], folder);
  const copyDependencies = ["dependency:copy-dependencies", "-DoutputDirectory=lib"];
  await run("mvn", ["--quiet", "--batch-mode", ...copyDependencies], { cwd: folder });
  return await run("java", ["-cp", "lib/*", "Read.java", planPath], { cwd: folder });
}

async function readInNode({ folder, planPath }: PartPlace): Promise<string> {
  await copy("javascript", ["package.json", "package-lock.json", "read.mjs"], folder);
  await run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: folder });
  return await run("node", ["read.mjs", planPath], { cwd: folder });
}

async function readInGo({ folder, planPath }: PartPlace): Promise<string> {
  await copy("go", ["go.mod", "go.sum", "read.go"], folder);
  return await run("go", ["run", ".", planPath], { cwd: folder });
}

async function readInRust({ folder, planPath }: PartPlace): Promise<string> {
  await Deno.mkdir(join(folder, "src"), { recursive: true });
  await copy("rust", ["Cargo.toml", "Cargo.lock", "src/main.rs"], folder);
  return await run("cargo", ["run", "--quiet", "--release", "--locked", planPath], { cwd: folder });
}

async function copy(from: string, names: readonly string[], to: string): Promise<void> {
  for (const name of names) await Deno.copyFile(sourceOf(`${from}/${name}`), join(to, name));
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
