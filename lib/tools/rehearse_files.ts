/**
 * The other files on `deno task rehearse`'s command line: those that it writes, and the one with the
 * function's environment variables.
 * @module
 */

import { dirname, resolve } from "node:path";
import { parseEnv } from "node:util";
import type { Named, Values } from "./rehearse_arguments.ts";
import { UsageError, whyNot } from "./usage_error.ts";

/** Throws a `UsageError` if `--failed` or `--html` can't be written, or would overwrite what is read. */
export async function checkOutputs(
  { failed, html, "env-file": envFile }: Values,
  positionals: readonly string[],
  { files }: Named,
): Promise<void> {
  const inputs = [...positionals, ...files, envFile ?? []].flat();
  await checkOutput("--failed", failed, inputs);
  await checkOutput("--html", html, [...inputs, failed ?? []].flat());
}

/** Before anything runs: the file can be made, and nothing that the rehearsal reads is overwritten. */
async function checkOutput(
  option: string,
  path: string | undefined,
  inputs: readonly string[],
): Promise<void> {
  if (path === undefined) return;
  const refused = (why: string) => new UsageError(`${option} ${path}: ${why}`);
  const there = await infoOf(path);
  if (there?.isDirectory) throw refused("it is a folder; name a file");
  if (!there && !(await infoOf(dirname(path)))?.isDirectory) {
    throw refused(`there is no folder ${dirname(path)}`);
  }
  const place = await placeOf(path);
  for (const input of inputs) {
    if (await placeOf(input) !== place) continue;
    throw refused("the rehearsal uses this file already; name another one");
  }
}

const infoOf = (path: string) => Deno.stat(path).catch(() => undefined);
/** Without links; as it was named where there is no file yet. */
const placeOf = (path: string) => Deno.realPath(path).catch(() => resolve(path));

/** The environment variables in a file of lines NAME=value. Throws a `UsageError`. */
export async function variablesIn(file: string): Promise<Record<string, string>> {
  const text = await Deno.readTextFile(file).catch((cause: unknown) => {
    throw new UsageError(`--env-file ${file}${whyNot(cause)}`, { cause });
  });
  // parseEnv leaves out a line that it does not understand.
  const wrong = text.replaceAll(/^\s*#.*$/gm, "").replaceAll(QUOTED_VALUE, "=").split("\n")
    .find((line) => line.trim() !== "" && !line.includes("="));
  if (wrong !== undefined) {
    throw new UsageError(`--env-file ${file}: write NAME=value, not "${wrong.trim()}".`);
  }
  const entries = Object.entries(parseEnv(text));
  return Object.fromEntries(entries.map(([name, value]) => [name, value ?? ""]));
}

/** A value in quotes may have several lines. */
const QUOTED_VALUE = /=\s*(["'`])[^]*?\1/g;
