/**
 * The program in the packages: the JavaScript of what the commands run, with the packages of others
 * bundled. Deno refuses TypeScript in `node_modules`, and nothing is fetched at the first start.
 * @module
 */

import { dirname, join, relative } from "node:path";
import { TASKS } from "./commands.ts";
import type { ProgramFile } from "./program_file.ts";
import { deno } from "./run.ts";
import { type Bundled, bundlePackages } from "./vendor.ts";

/** Folders with code that a command may reach. */
const SOURCES = ["lib", "lambda"];

/** A module that another one names: `from "./x.ts"`, `import("./x.ts")`, `new URL("./x.ts", …)`. */
const NAMED = /(\bfrom\s+|\bimport\s*\(?\s*|\bnew URL\(\s*)"([^"\n]+)"/g;

/** What other programs read beside a module: the whole folder is needed. */
const WHOLE_FOLDER = /\.mjs$/;

/**
 * The files that `entries` (paths in the project, `.ts`) reach, as JavaScript, and what they use of
 * other people's packages. Throws an `Error` if Deno can't read a module.
 */
export async function programFiles(
  projectDir: string,
  entries: readonly string[],
): Promise<ProgramFile[]> {
  const emitted = await Deno.makeTempDir({ prefix: "firehose-lab-pack-" });
  try {
    await transpile(projectDir, emitted);
    const reached = await reach(projectDir, emitted, entries);
    const texts = [...reached.values()].filter((text) => typeof text === "string");
    const bundled = await bundlePackages(projectDir, packageImports(texts));
    const own = [...reached].map(([path, text]) => ({
      path: asJavaScript(path),
      bytes: typeof text === "string"
        ? new TextEncoder().encode(withSpecifiers(path, text, bundled))
        : text,
    }));
    return [...own, ...bundled.files].toSorted((a, b) => a.path < b.path ? -1 : 1);
  } finally {
    await Deno.remove(emitted, { recursive: true });
  }
}

const asJavaScript = (path: string) => path.replace(/(?<!\.d)\.ts$/, ".js");

/** Writes the JavaScript of every module of the project to the same path below `folder`. */
async function transpile(projectDir: string, folder: string): Promise<void> {
  const paths: string[] = [];
  for (const source of SOURCES) await listModules(projectDir, source, paths);
  await deno(["transpile", "--quiet", "--no-check", "--outdir", folder, ...paths], projectDir);
}

async function listModules(projectDir: string, folder: string, paths: string[]): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(join(projectDir, folder))) {
    const path = `${folder}/${name}`;
    if (isDirectory) await listModules(projectDir, path, paths);
    else if (/(?<!_test|\.d)\.ts$/.test(name)) paths.push(path);
  }
}

/** The text of a module; the bytes of any other file. */
type Content = string | Uint8Array;

/** The files that the entries reach, by path in the project. */
async function reach(
  projectDir: string,
  emitted: string,
  entries: readonly string[],
): Promise<Map<string, Content>> {
  const reached = new Map<string, Content>();
  const waiting = [...entries];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue;
    const content = await contentOf(projectDir, emitted, path);
    reached.set(path, content);
    if (typeof content !== "string") continue;
    for (const name of namesIn(content).filter(isRelative)) {
      const named = join(dirname(path), name);
      if (isMadeLater(named)) continue;
      waiting.push(...WHOLE_FOLDER.test(named) ? await filesBeside(projectDir, named) : [named]);
    }
  }
  return reached;
}

/** Folders that a program names in order to write to them, or to find the project. */
const isMadeLater = (path: string) => !/\.\w+$/.test(path) || /(^|\/)\.\w+$/.test(path);

const isRelative = (name: string) => name.startsWith(".");

async function contentOf(
  projectDir: string,
  emitted: string,
  path: string,
): Promise<Content> {
  if (path.endsWith(".ts")) return await Deno.readTextFile(join(emitted, asJavaScript(path)));
  if (/\.m?js$/.test(path)) return await Deno.readTextFile(join(projectDir, path));
  return await Deno.readFile(join(projectDir, path));
}

const namesIn = (text: string) => [...withoutComments(text).matchAll(NAMED)].map((it) => it[2]);

/** Without comments that begin a line: examples in docs import too. */
const withoutComments = (text: string) => text.replaceAll(/^\s*(\/\/.*$|\/\*\*[^]*?\*\/)/gm, "");

/** `import { a, b as c } from "package"`, `import d, * as e from "package"`, `export { f } from …`. */
const IMPORT = /\b(?:import|export)\s+(?:([\w${},*\s]+?)\s+from\s+)?"([^".][^"\n]*)"/g;

/** `await import("package")`. */
const LATER = /\bimport\(\s*"([^".][^"\n]*)"\s*\)/g;

/** What the modules import of packages: by specifier, the names; `*` for all of them. */
function packageImports(texts: readonly string[]): Map<string, Set<string>> {
  const imports = new Map<string, Set<string>>();
  for (const text of texts) {
    const code = withoutComments(text);
    const later = [...code.matchAll(LATER)].map(([, name]) => ["*", name]);
    const now = [...code.matchAll(IMPORT)].map(([, clause = "", name]) => [clause, name]);
    for (const [clause, name] of [...now, ...later]) {
      if (name.startsWith("node:")) continue;
      const names = imports.get(name) ?? new Set();
      for (const imported of namesOf(clause)) names.add(imported);
      imports.set(name, names);
    }
  }
  return imports;
}

/** The names that a clause takes from its module: `{ a, b as c }` takes a and b. */
function namesOf(clause: string): string[] {
  const [, first = "", inBraces = ""] = /^([^{]*)(?:\{([^}]*)\})?$/s.exec(clause) ?? [];
  const named = inBraces.split(",").map((part) => part.trim().split(/\s+as\s+/)[0]);
  const others = first.split(",").map((part) => part.trim())
    .map((part) => part === "" ? "" : part.startsWith("*") ? "*" : "default");
  return [...named, ...others].filter((name) => name !== "");
}

async function filesBeside(projectDir: string, path: string): Promise<string[]> {
  const paths: string[] = [];
  const collect = async (folder: string): Promise<void> => {
    for await (const { name, isDirectory } of Deno.readDir(join(projectDir, folder))) {
      if (isDirectory) await collect(`${folder}/${name}`);
      else if (WHOLE_FOLDER.test(name)) paths.push(`${folder}/${name}`);
    }
  };
  await collect(dirname(path));
  return paths;
}

/** A module that names JavaScript in place of TypeScript, and bundles in place of packages. */
function withSpecifiers(path: string, text: string, { pathOf }: Bundled): string {
  const named = text.replaceAll(NAMED, (whole, before: string, name: string) => {
    if (name.startsWith(".")) return `${before}"${asJavaScript(name)}"`;
    if (name.startsWith("node:") || before.startsWith("new URL")) return whole;
    const bundle = pathOf.get(name);
    // An example in a doc names packages too; one that code needs is always bundled.
    return bundle === undefined ? whole : `${before}"${relativeTo(path, bundle)}"`;
  });
  return withCommands(withReadModules(named));
}

function relativeTo(path: string, target: string): string {
  const name = relative(dirname(path), target);
  return name.startsWith(".") ? name : `./${name}`;
}

/**
 * In `node_modules`, Deno (2.9.6) that reads no package.json loads no WebAssembly by `import source`:
 * its bytes are compiled.
 * `findings/deno-wasm-source-import-in-node-modules.sh` shows it.
 */
const withReadModules = (text: string) =>
  text.replaceAll(
    /^import source (\w+) from "(.+)";$/gm,
    'const $1 = await WebAssembly.compile(await Deno.readFile(new URL("$2", import.meta.url)));',
  );

/** With the commands as the packages have them: `firehose-lab explain`, not `deno task explain`. */
function withCommands(text: string): string {
  const tasks = new RegExp(`\\bdeno task (?=(?:${TASKS.join("|")})\\b)`, "g");
  return text.replaceAll(/\bdeno task control (?=[a-z])/g, "firehose-lab ")
    .replaceAll(tasks, "firehose-lab ");
}
