/**
 * Profiles in AWS's `config` and `credentials` files: read with clear errors, and written without
 * changing other profiles, comments or the order of lines. Follows "Configuration and
 * credential file settings"
 * (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html).
 * @module
 */

import { dirname } from "node:path";
import { replaceTextFile } from "../../sandbox/replace_file.ts";

/** The two files that hold profiles. */
export interface AwsFiles {
  readonly config: string;
  readonly credentials: string;
}

/** Settings of a section, by name. */
export type Settings = Readonly<Record<string, string>>;

/** The section of a profile. In `config` every name but `default` has a word before it. */
function sectionName(file: keyof AwsFiles, profile: string): string {
  return file === "config" && profile !== "default" ? `profile ${profile}` : profile;
}

/**
 * The sections of an AWS file, by name. Throws a `SyntaxError` that names the line where it is
 * malformed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseSections("[a]\nregion = us-east-1 # home\n").get("a"), { region: "us-east-1" });
 * ```
 */
export function parseSections(text: string, path = "the file"): ReadonlyMap<string, Settings> {
  const sections = new Map<string, Record<string, string>>();
  let current: Record<string, string> | undefined;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*([#;].*)?$/.test(line)) continue;
    const header = /^\s*\[\s*([^\]]+?)\s*\]\s*([#;].*)?$/.exec(line);
    if (header) {
      const name = header[1].replace(/\s+/g, " ");
      current = sections.get(name) ?? {};
      sections.set(name, current);
      continue;
    }
    if (/^\s/.test(line) && current) continue; // a nested setting, such as `s3 =` has
    const setting = /^([^=\s]+)\s*=\s*(.*?)(\s+[#;].*)?$/.exec(line);
    if (!setting || !current) {
      throw new SyntaxError(
        `${path}, line ${index + 1}: expected "[name]", "name = value" or a comment` +
          `${setting ? " below a [name]" : ""}. Correct or remove this line.`,
      );
    }
    current[setting[1].toLowerCase()] = setting[2];
  }
  return sections;
}

/**
 * `text` with `settings` in the section `name`: existing settings get the new value, the others are
 * added below them, and all other lines stay.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const before = "# mine\n[a]\nx = 1 # old\nz = 3\n";
 * assertEquals(withSettings(before, "a", { x: "2", y: "4" }), "# mine\n[a]\nx = 2\nz = 3\ny = 4\n");
 * ```
 */
export function withSettings(text: string, name: string, settings: Settings): string {
  const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
  const start = lines.findIndex((line) => headerOf(line) === name);
  if (start < 0) {
    const section = [`[${name}]`, ...Object.entries(settings).map(settingLine)];
    return [...lines, ...(lines.length > 0 ? [""] : []), ...section, ""].join("\n");
  }
  const next = lines.findIndex((line, index) => index > start && headerOf(line) !== undefined);
  let end = next < 0 ? lines.length : next;
  while (end > start + 1 && lines[end - 1].trim() === "") end--;
  const missing = new Map(Object.entries(settings));
  const section = lines.slice(start + 1, end).map((line) => {
    const key = /^([^=\s#;]+)\s*=/.exec(line)?.[1].toLowerCase() ?? "";
    const value = missing.get(key);
    if (value === undefined) return line;
    missing.delete(key);
    return settingLine([key, value]);
  });
  const added = [...missing].map(settingLine);
  return [...lines.slice(0, start + 1), ...section, ...added, ...lines.slice(end), ""].join("\n");
}

/** `text` without the section `name`. */
export function withoutSection(text: string, name: string): string {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => headerOf(line) === name);
  if (start < 0) return text;
  const next = lines.findIndex((line, index) => index > start && headerOf(line) !== undefined);
  const kept = [...lines.slice(0, start), ...(next < 0 ? [] : lines.slice(next))].join("\n");
  return kept.trim() === "" ? "" : `${kept.trimEnd()}\n`;
}

const headerOf = (line: string) => /^\s*\[\s*([^\]]+?)\s*\]/.exec(line)?.[1].replace(/\s+/g, " ");
const settingLine = ([key, value]: readonly [string, string]) => `${key} = ${value}`;

/** An access key, and where it is valid. */
export interface Profile {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  /** Absent means AWS's own addresses. */
  readonly endpoint?: string;
}

/**
 * Writes a profile into both files, and creates them if they are missing; mode 0600. `more` are
 * further settings of its section in `config`.
 */
export async function writeProfile(
  files: AwsFiles,
  name: string,
  profile: Profile,
  more: Settings = {},
): Promise<void> {
  await editFile(files.config, (text) =>
    withSettings(text, sectionName("config", name), {
      region: profile.region,
      ...(profile.endpoint === undefined ? {} : { endpoint_url: profile.endpoint }),
      ...more,
    }));
  await editFile(files.credentials, (text) =>
    withSettings(text, sectionName("credentials", name), {
      aws_access_key_id: profile.accessKeyId,
      aws_secret_access_key: profile.secretAccessKey,
    }));
}

/** Removes a profile from both files. */
export async function removeProfile(files: AwsFiles, name: string): Promise<void> {
  await editFile(files.config, (text) => withoutSection(text, sectionName("config", name)));
  await editFile(
    files.credentials,
    (text) => withoutSection(text, sectionName("credentials", name)),
  );
}

/** The names of the profiles in both files. */
export async function profileNames(files: AwsFiles): Promise<string[]> {
  const inConfig = parseSections(await readText(files.config), files.config);
  const inCredentials = parseSections(await readText(files.credentials), files.credentials);
  const names = [...inConfig.keys()]
    .filter((name) => name === "default" || name.startsWith("profile "))
    .map((name) => name.replace(/^profile /, ""));
  return [...new Set([...names, ...inCredentials.keys()])].sort();
}

/** Settings of a profile in one of the files. */
export async function profileSettings(
  files: AwsFiles,
  file: keyof AwsFiles,
  name: string,
): Promise<Settings> {
  const sections = parseSections(await readText(files[file]), files[file]);
  return sections.get(sectionName(file, name)) ?? {};
}

async function editFile(path: string, edit: (text: string) => string): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const before = await readText(path);
  parseSections(before, path); // throws: a malformed file is not changed
  await replaceTextFile(path, edit(before));
}

async function readText(path: string): Promise<string> {
  return await unlessMissing(Deno.readTextFile(path)) ?? "";
}

/** Undefined if there is no such file. */
async function unlessMissing<Found>(found: Promise<Found>): Promise<Found | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** `text` of an AWS file with its secrets and the sandbox's own token masked, to be shown. */
export function masked(text: string): string {
  return text.replace(
    /^(\s*(?:aws_secret_access_key|aws_session_token|sandbox_token)\s*=\s*)\S.*$/gim,
    (_, name: string) => `${name}${"•".repeat(12)}`,
  );
}
