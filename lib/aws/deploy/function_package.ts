/**
 * The function's deployment package: a zip with `lambda/handler.ts` and its imports as `index.mjs`, and
 * the AWS SDK in modules beside it that are loaded at the first call to AWS. The same sources give the
 * same bytes on every machine, so the package's hash shows whether the deployed code is this code.
 * @module
 */

import { zipSync } from "fflate";
import { createHash } from "node:crypto";
import { join, parse, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { PROJECT_DIR } from "../place/sandbox_process.ts";

/** A function's code in the form that Lambda takes. */
export interface FunctionPackage {
  readonly zip: Uint8Array<ArrayBuffer>;
  /** Base64 of the zip's SHA-256, as `CodeSha256` of a function's configuration. */
  readonly sha256: string;
}

/** The handler's name in the zip: the module `index.mjs`, its export `handler`. */
export const HANDLER = "index.handler";

const ENTRY = fileURLToPath(new URL("../../../lambda/handler.ts", import.meta.url));
const MODULE_NAME = "index.mjs";

/** The earliest time that a zip can hold, in any time zone. The real time would change the bytes. */
const MODIFIED = new Date(1980, 0, 1, 12);
/** A plain file that everybody may read: Lambda's user must. A zip has the mode in its upper 16 bits. */
const FILE_MODE = 0o100644 << 16;
const MADE_ON_UNIX = 3;

/** The package of this project's function. Throws an `Error` with the output of `deno bundle`. */
export const packageFunction = keptWhileSame(
  sourcesHash,
  async () => packageModules(await modulesMadeBefore() ?? await functionModules()),
);

/** The modules of this project's function by their names in the zip. */
export const functionModules = () => bundleInParts(ENTRY);

/**
 * The file with {@linkcode functionModules} in the packages for npm and Python: `deno bundle` fetches a
 * program at its first call, and a package has all that it needs.
 */
export const MODULES_FILE = "function_modules.json";

async function modulesMadeBefore(): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    const text = await Deno.readTextFile(join(PROJECT_DIR, MODULES_FILE));
    const modules: Readonly<Record<string, string>> = JSON.parse(text);
    return new Map(Object.entries(modules));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined; // a clone
    throw error;
  }
}

/** The package of a function that is one module: an ECMAScript module that exports `handler`. */
export function packageModule(source: string): FunctionPackage {
  return packageModules(new Map([[MODULE_NAME, source]]));
}

/** The package of modules by their names in the zip. */
function packageModules(modules: ReadonlyMap<string, string>): FunctionPackage {
  const file = { mtime: MODIFIED, attrs: FILE_MODE, os: MADE_ON_UNIX, level: 9 } as const;
  const encoder = new TextEncoder();
  const files = [...modules].map(([name, source]) => [name, [encoder.encode(source), file]]);
  const zip = zipSync(Object.fromEntries(files));
  return { zip, sha256: createHash("sha256").update(zip).digest("base64") };
}

/**
 * A module and its imports as one ECMAScript module for Deno and Node. `node:` modules stay imports,
 * all other code is included.
 */
export async function bundle(entry: string): Promise<string> {
  const path = resolve(PROJECT_DIR, entry);
  // What other code is made from is not known here.
  if (!path.startsWith(join(PROJECT_DIR, "lambda/"))) return await bundleNow(path);
  const bundled = bundles.get(path) ?? keptWhileSame(sourcesHash, () => bundleNow(path));
  bundles.set(path, bundled);
  return await bundled();
}

const bundles = new Map<string, () => Promise<string>>();

/**
 * `make`, whose result is kept while `keyOf` gives the same. A notebook deploys the same function
 * many times, and bundling takes most of that time.
 */
export function keptWhileSame<Result>(
  keyOf: () => Promise<string>,
  make: () => Promise<Result>,
): () => Promise<Result> {
  let kept: { readonly key: string; readonly result: Result } | undefined;
  return async () => {
    const key = await keyOf();
    if (kept?.key !== key) kept = { key, result: await make() };
    return kept.result;
  };
}

/** Everything that a bundle is made from: `lambda/` and the versions of packages. */
async function sourcesHash(): Promise<string> {
  const hash = createHash("sha256");
  const paths = [join(PROJECT_DIR, "deno.json"), join(PROJECT_DIR, "deno.lock")];
  await addFiles(join(PROJECT_DIR, "lambda"), paths);
  for (const path of paths.toSorted()) hash.update(path).update(await Deno.readFile(path));
  return hash.digest("hex");
}

async function addFiles(folder: string, paths: string[]): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) await addFiles(join(folder, name), paths);
    else paths.push(join(folder, name));
  }
}

async function bundleNow(entry: string): Promise<string> {
  return withoutCachePaths(await denoBundle(entry, []));
}

/**
 * A module and its imports as `index.mjs`, which starts without what it imports only when needed: that
 * is in modules of the other names.
 */
async function bundleInParts(entry: string): Promise<ReadonlyMap<string, string>> {
  const folder = await Deno.makeTempDir();
  try {
    await denoBundle(entry, ["--code-splitting", "--outdir", folder]);
    const modules = new Map<string, string>();
    for await (const { name } of Deno.readDir(folder)) {
      modules.set(name, withoutCachePaths(await Deno.readTextFile(join(folder, name))));
    }
    return renamed(modules, `${parse(entry).name}.js`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * The modules under names that are the same on every machine: `deno bundle` names a part by a hash
 * that differs with the cache's folder. The module `first` becomes `index.mjs`. Throws an `Error` if it is
 * missing.
 */
export function renamed(
  modules: ReadonlyMap<string, string>,
  first: string,
): ReadonlyMap<string, string> {
  if (!modules.has(first)) throw new Error(`deno bundle wrote no ${first}`);
  const imported = /"\.\/([^"/]+\.js)"/g;
  const names = new Map([[first, MODULE_NAME]]);
  for (const name of names.keys()) {
    for (const [, part] of (modules.get(name) ?? "").matchAll(imported)) {
      if (modules.has(part) && !names.has(part)) names.set(part, `part-${names.size}.mjs`);
    }
  }
  const withNames = (source: string) =>
    source.replaceAll(imported, (text, part) => names.has(part) ? `"./${names.get(part)}"` : text);
  return new Map(
    [...names].map(([name, newName]) => [newName, withNames(modules.get(name) ?? "")]),
  );
}

/** What `deno bundle` writes. Throws an `Error` with its messages. */
async function denoBundle(entry: string, options: readonly string[]): Promise<string> {
  const { success, signal, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--frozen", "--platform", "deno", ...options, entry],
    cwd: PROJECT_DIR,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  // Jupyter's Stop reaches the kernel's children too.
  if (signal === "SIGINT") throw new Error(`Stopped while ${entry} was bundled: run it again.`);
  if (!success) {
    // Deno adds an empty backtrace, which says nothing to the author of the file.
    const said = new TextDecoder().decode(stderr).replace(/\n+Stack backtrace:\n[^]*$/, "\n");
    throw new Error(`deno bundle ${entry} failed:\n${said}`);
  }
  return new TextDecoder().decode(stdout);
}

/**
 * Replaces paths of this machine's npm cache by `npm:name/version/…`. The bundle has them in comments
 * and as keys of CommonJS modules.
 */
export function withoutCachePaths(code: string): string {
  return code.replaceAll(/[^\s"'`:]*\/npm\/[\w.-]+\//g, "npm:");
}
