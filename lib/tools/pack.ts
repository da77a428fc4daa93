/**
 * `deno task pack`: builds the npm package and the Python package `firehose-lab`. Both hold the same
 * program, and a launcher that starts it with the `deno` of their own registry.
 * @module
 */

import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { functionModules, MODULES_FILE } from "../aws/deploy/function_package.ts";
import { PROJECT_DIR } from "../aws/place/sandbox_process.ts";
import { VERSION } from "../sandbox/version.ts";
import { commandOf, TASKS } from "./pack/commands.ts";
import { programFiles } from "./pack/program.ts";
import type { ProgramFile } from "./pack/program_file.ts";
import { deno, run } from "./pack/run.ts";
import { ensurePackVenv } from "./python_env.ts";
import { runTool, say } from "./run_tool.ts";

const USAGE = `deno task pack [--out DIR]

Builds firehose-lab for npm (.tgz) and for Python (wheel and sdist).

  --out DIR  where they go (.packages)`;

/** Commands that ask a control page of the running sandbox. */
const CONTROL = ["flush", "reset", "fault", "clock", "state", "stop"];

/** Where the launchers and plugins are. */
const PACKAGES_DIR = join(PROJECT_DIR, "packages");

/** Builds both packages into `out`, and gives their paths. */
export async function pack(
  out: string,
  onProgress: (line: string) => void,
): Promise<{ readonly npm: string; readonly wheel: string; readonly sdist: string }> {
  await Deno.mkdir(out, { recursive: true });
  const folder = await Deno.makeTempDir({ prefix: "firehose-lab-pack-" });
  try {
    const program = await wholeProgram();
    const npm = await packNpm(join(folder, "npm"), program, out);
    const python = await packPython(join(folder, "python"), program, out, onProgress);
    return { npm, ...python };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

// --- the program ----------------------------------------------------------------------------

/** All files of the program, with its configuration and its table of commands. */
async function wholeProgram(): Promise<ProgramFile[]> {
  const { tasks, imports }: {
    tasks: Readonly<Record<string, string>>;
    imports: Readonly<Record<string, string>>;
  } = JSON.parse(await Deno.readTextFile(join(PROJECT_DIR, "deno.json")));
  const commands = new Map([
    ...TASKS.map((name) => [name, commandOf(tasks[name])] as const),
    ...CONTROL.map((name) => [name, commandOf(`${tasks.control} ${name}`)] as const),
  ]);
  const modules = [...new Set([...commands.values()].map(({ module }) => module))];
  const table = [...commands].map(([name, command]) => [
    name,
    { ...command, module: command.module.replace(/\.ts$/, ".js") },
  ]);
  return [
    ...await programFiles(PROJECT_DIR, modules),
    // For functions: which version of the AWS SDK they find. No folder above has a say.
    jsonFile("deno.json", { nodeModulesDir: "none", imports }),
    { path: "deno.lock", bytes: await Deno.readFile(join(PROJECT_DIR, "deno.lock")) },
    jsonFile(MODULES_FILE, Object.fromEntries(await functionModules())),
    jsonFile("commands.json", Object.fromEntries(table)),
  ];
}

const jsonFile = (path: string, value: unknown): ProgramFile => ({
  path,
  bytes: new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`),
});

async function writeProgram(folder: string, program: readonly ProgramFile[]): Promise<void> {
  for (const { path, bytes } of program) {
    const target = join(folder, path);
    await Deno.mkdir(dirname(target), { recursive: true });
    await Deno.writeFile(target, bytes);
  }
}

// --- npm ------------------------------------------------------------------------------------

async function packNpm(
  folder: string,
  program: readonly ProgramFile[],
  out: string,
): Promise<string> {
  await writeProgram(join(folder, "program"), program);
  await writeLauncher(folder);
  await writeCommonJs(folder);
  const settings = JSON.parse(await Deno.readTextFile(join(PACKAGES_DIR, "npm/package.json")));
  await Deno.writeTextFile(
    join(folder, "package.json"),
    JSON.stringify(
      { ...settings, version: VERSION, dependencies: await npmDependencies() },
      null,
      2,
    ),
  );
  await copyDocuments(folder);
  const [{ filename }]: [{ filename: string }] = JSON.parse(
    await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", out], folder),
  );
  return join(out, filename);
}

/** The launcher as JavaScript with its types. */
async function writeLauncher(folder: string): Promise<void> {
  const source = join(PACKAGES_DIR, "npm/src");
  const modules = [...Deno.readDirSync(source)].map(({ name }) => name);
  await deno(
    ["transpile", "--quiet", "--declaration", "--outdir", folder]
      .concat(modules.map((name) => join(source, name))),
    source,
  );
  for (const { name } of [...Deno.readDirSync(folder)]) {
    if (!/\.(js|d\.ts)$/.test(name)) continue;
    const text = await Deno.readTextFile(join(folder, name));
    // Deno names each module by its path on the machine that packed it.
    const portable = text.replace(/^\/\/\/ <amd-module .*\n/m, "")
      .replaceAll(/(from\s+"\.\/[\w.]+)\.ts"/g, '$1.js"');
    await Deno.writeTextFile(join(folder, name), portable);
  }
}

/** The helpers again for `require`: jest loads no ECMAScript modules by itself. */
async function writeCommonJs(folder: string): Promise<void> {
  const source = join(PACKAGES_DIR, "npm/src");
  const text = await deno(
    ["bundle", "--quiet", "--format=cjs", "--platform=deno", "--external=aws4fetch", "index.ts"],
    source,
  );
  const address = 'require("node:url").pathToFileURL(__filename).href';
  const withAddress = text.replace("import_meta = {};", `import_meta = { url: ${address} };`);
  if (withAddress === text) throw new Error("The bundle for require has no import_meta.");
  await Deno.writeTextFile(join(folder, "index.cjs"), withAddress);
  for (const { name } of [...Deno.readDirSync(folder)]) {
    if (!name.endsWith(".d.ts")) continue;
    const types = await Deno.readTextFile(join(folder, name));
    const target = join(folder, name.replace(/\.d\.ts$/, ".d.cts"));
    await Deno.writeTextFile(target, types.replaceAll(/(from\s+"\.\/[\w.]+)\.js"/g, '$1.cjs"'));
  }
}

async function npmDependencies(): Promise<Record<string, string>> {
  const { imports } = JSON.parse(await Deno.readTextFile(join(PROJECT_DIR, "deno.json")));
  const [, aws4fetch] = /^npm:aws4fetch@(.+)$/.exec(imports.aws4fetch) ?? [];
  return { aws4fetch, deno: await denoVersion() };
}

const denoVersion = async () =>
  (await Deno.readTextFile(join(PROJECT_DIR, ".deno-version"))).trim();

async function copyDocuments(folder: string): Promise<void> {
  await Deno.copyFile(join(PROJECT_DIR, "LICENSE"), join(folder, "LICENSE"));
  await Deno.copyFile(join(PACKAGES_DIR, "README.md"), join(folder, "README.md"));
}

// --- Python ---------------------------------------------------------------------------------

async function packPython(
  folder: string,
  program: readonly ProgramFile[],
  out: string,
  onProgress: (line: string) => void,
): Promise<{ readonly wheel: string; readonly sdist: string }> {
  const module = join(folder, "src/firehose_lab");
  await writeProgram(join(module, "program"), program);
  const source = join(PACKAGES_DIR, "python/src/firehose_lab");
  for (const { name, isFile } of Deno.readDirSync(source)) {
    if (isFile) await Deno.copyFile(join(source, name), join(module, name));
  }
  await Deno.writeTextFile(join(module, "_version.py"), `VERSION = "${VERSION}"\n`);
  const settings = await Deno.readTextFile(join(PACKAGES_DIR, "python/pyproject.toml"));
  await Deno.writeTextFile(
    join(folder, "pyproject.toml"),
    settings.replace("deno==0", `deno==${await denoVersion()}`),
  );
  await copyDocuments(folder);
  const python = await ensurePackVenv(onProgress);
  await run(python, ["-m", "build", "--no-isolation", "--outdir", out, folder], folder);
  return {
    wheel: join(out, `firehose_lab-${VERSION}-py3-none-any.whl`),
    sdist: join(out, `firehose_lab-${VERSION}.tar.gz`),
  };
}

// --- the command ----------------------------------------------------------------------------

interface PackOptions {
  /** The folder of the packages. */
  readonly out: string;
}

function readOptions(args: readonly string[]): PackOptions | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      out: { type: "string", default: join(PROJECT_DIR, ".packages") },
      help: { type: "boolean", short: "h" },
    },
  });
  return values.help ? "help" : values;
}

async function runPack({ out }: PackOptions): Promise<void> {
  for (const path of Object.values(await pack(out, say))) {
    const { size } = await Deno.stat(path);
    say(`${path}: ${(size / 1_000_000).toFixed(2)} MB`);
  }
}

if (import.meta.main) await runTool({ usage: USAGE, readOptions, run: runPack });
