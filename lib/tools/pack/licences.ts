/**
 * The licences of the packages that ours bundles, as their files say them.
 * @module
 */

import { join } from "node:path";
import type { ProgramFile } from "./program_file.ts";
import { deno } from "./run.ts";

/** What `deno info` says of a package of npm. */
interface NpmPackage {
  readonly name: string;
  readonly version: string;
  readonly dependencies: readonly string[];
  /** Its folder in Deno's cache. */
  readonly localPath: string;
}

/** Names of files with a licence's text, or with what it wants to be passed on. */
const LICENCE_FILE = /^(licen[cs]e|notice|copying)(\.\w+|-\w+)?$/i;

/**
 * The file with the licences of everything that `specifiers` bring. Throws an `Error` for a package
 * that says nothing of its licence.
 */
export async function licenceFile(
  projectDir: string,
  specifiers: readonly string[],
): Promise<ProgramFile> {
  const namesByText = new Map<string, string[]>();
  for (const npmPackage of await packagesOf(projectDir, specifiers)) {
    for (const text of await licencesOf(npmPackage)) {
      const name = `${npmPackage.name} ${npmPackage.version}`;
      namesByText.set(text, [...namesByText.get(text) ?? [], name]);
    }
  }
  const parts = [...namesByText].map(([text, names]) => `${names.join(", ")}\n\n${text}\n`);
  const bytes = new TextEncoder().encode(parts.join(`\n${"-".repeat(80)}\n\n`));
  return { path: "vendor/LICENSES.txt", bytes };
}

/** The packages that the specifiers name and need, sorted by name. */
async function packagesOf(
  projectDir: string,
  specifiers: readonly string[],
): Promise<NpmPackage[]> {
  const all = await Deno.makeTempFile({ suffix: ".js" });
  try {
    const lines = specifiers.map((name) => `import ${JSON.stringify(name)};\n`);
    await Deno.writeTextFile(all, lines.join(""));
    const { modules, npmPackages }: {
      modules: readonly { readonly npmPackage?: string }[];
      npmPackages: Readonly<Record<string, NpmPackage>>;
    } = JSON.parse(
      await deno(["info", "--json", "--config", join(projectDir, "deno.json"), all], projectDir),
    );
    const found = new Set(modules.flatMap(({ npmPackage }) => npmPackage ?? []));
    // A set that grows while it is read is read to its end.
    for (const id of found) for (const needed of npmPackages[id].dependencies) found.add(needed);
    return [...found].toSorted().map((id) => npmPackages[id]);
  } finally {
    await Deno.remove(all);
  }
}

/** The texts of a package's licence files; without one, the licence's name as `package.json` has it. */
async function licencesOf({ name, localPath }: NpmPackage): Promise<string[]> {
  const names = [...Deno.readDirSync(localPath)].map((entry) => entry.name)
    .filter((file) => LICENCE_FILE.test(file));
  if (names.length > 0) {
    const texts = names.map((file) => Deno.readTextFile(join(localPath, file)));
    return (await Promise.all(texts)).map((text) => text.trim());
  }
  const { license } = JSON.parse(await Deno.readTextFile(join(localPath, "package.json")));
  if (typeof license === "string") return [`Licence: ${license}`];
  throw new Error(`${name} says nothing of its licence: it can't go into a package.`);
}
