/**
 * Other people's packages as they go into ours: bundled with esbuild, by `deno bundle`, with their
 * licences in one file.
 * @module
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { licenceFile } from "./licences.ts";
import type { ProgramFile } from "./program_file.ts";
import { deno } from "./run.ts";

/** Bundles, and where each specifier's bundle is. */
export interface Bundled {
  readonly files: readonly ProgramFile[];
  /** Path in the program by specifier: `vendor/aws-sdk_client-s3.js`. */
  readonly pathOf: ReadonlyMap<string, string>;
}

const FOLDER = "vendor";

/** `@aws-sdk/client-s3` as a file's name: `aws-sdk_client-s3`. */
const fileName = (specifier: string) => specifier.replaceAll("@", "").replaceAll("/", "_");

/** Imported names by specifier of the project's `deno.json`; `*` stands for all names. */
export type PackageImports = ReadonlyMap<string, ReadonlySet<string>>;

/** The packages that are imported, bundled. */
export async function bundlePackages(
  projectDir: string,
  imports: PackageImports,
): Promise<Bundled> {
  const specifiers = [...imports.keys()].toSorted();
  const folder = await Deno.makeTempDir({ prefix: "firehose-lab-pack-" });
  try {
    const isWasm = (name: string) => name.endsWith(".wasm");
    const code = specifiers.filter((name) => !isWasm(name));
    const bundles = await bundleCode(
      projectDir,
      folder,
      code.map((name) => [name, imports.get(name) ?? new Set()]),
    );
    const others = await Promise.all(
      specifiers.filter(isWasm).map((name) => copyOf(projectDir, name)),
    );
    return {
      files: [...bundles, ...others, await licenceFile(projectDir, specifiers)],
      pathOf: new Map([
        ...code.map((name) => [name, `${FOLDER}/${fileName(name)}.js`] as const),
        ...specifiers.filter(isWasm).map((name) => [name, `${FOLDER}/${fileName(name)}`] as const),
      ]),
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function bundleCode(
  projectDir: string,
  folder: string,
  imports: readonly (readonly [specifier: string, names: ReadonlySet<string>])[],
): Promise<ProgramFile[]> {
  const entries: string[] = [];
  for (const [specifier, names] of imports) {
    const entry = join(folder, `${fileName(specifier)}.js`);
    await Deno.writeTextFile(entry, entryOf(specifier, names));
    entries.push(entry);
  }
  const out = join(folder, "out");
  await deno(
    [
      "bundle",
      "--quiet",
      "--config",
      join(projectDir, "deno.json"),
      "--frozen",
      "--platform",
      "deno",
      "--minify",
      "--code-splitting",
    ]
      .concat("--outdir", out, ...entries),
    projectDir,
  );
  const files: ProgramFile[] = [];
  for await (const { name } of Deno.readDir(out)) {
    files.push({ path: `${FOLDER}/${name}`, bytes: await Deno.readFile(join(out, name)) });
  }
  return files;
}

/** CommonJS has no names that `export *` could find: they are named. */
function entryOf(specifier: string, names: ReadonlySet<string>): string {
  const named = [...names].filter((name) => name !== "*").toSorted();
  if (names.size === 0) return `import "${specifier}";\n`;
  return (names.has("*") ? `export * from "${specifier}";\n` : "") +
    (named.length > 0 ? `export { ${named.join(", ")} } from "${specifier}";\n` : "");
}

/** A package's file as it is. Deno knows where it keeps it. */
async function copyOf(projectDir: string, specifier: string): Promise<ProgramFile> {
  const ask = `console.log(import.meta.resolve(${JSON.stringify(specifier)}))`;
  const place = await deno(["eval", ask], projectDir);
  const bytes = await Deno.readFile(fileURLToPath(place.trim()));
  return { path: `${FOLDER}/${fileName(specifier)}`, bytes };
}
