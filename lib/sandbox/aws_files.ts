/**
 * The AWS files of a sandbox: `config` and `credentials` with the profile of the account's root key.
 * Other profiles and comments in them are the reader's and stay.
 * @module
 */

import { join } from "node:path";
import { replaceTextFile } from "./replace_file.ts";

/** The settings of the profile `sandbox`. */
export interface SandboxProfile {
  readonly endpoint: string;
  /** The file of the authority that clients must trust; undefined without TLS. */
  readonly authorityPath: string | undefined;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** For the control pages. SDKs ignore settings that they do not know. */
  readonly token: string;
}

/** The name of the profile with the account's root key. */
export const SANDBOX_PROFILE = "sandbox";

/** Writes or updates the profile in `awsDir/config` and `awsDir/credentials`, mode 0600. */
export async function writeSandboxProfile(
  awsDir: string,
  profile: SandboxProfile,
): Promise<void> {
  await Deno.mkdir(awsDir, { recursive: true, mode: 0o700 });
  await renewSection(join(awsDir, "config"), `profile ${SANDBOX_PROFILE}`, [
    `region = ${profile.region}`,
    `endpoint_url = ${profile.endpoint}`,
    ...(profile.authorityPath === undefined ? [] : [`ca_bundle = ${profile.authorityPath}`]),
    "output = json",
    `sandbox_token = ${profile.token}`,
  ]);
  await renewSection(join(awsDir, "credentials"), SANDBOX_PROFILE, [
    `aws_access_key_id = ${profile.accessKeyId}`,
    `aws_secret_access_key = ${profile.secretAccessKey}`,
  ]);
}

async function renewSection(
  path: string,
  name: string,
  lines: readonly string[],
): Promise<void> {
  const before = await readTextIfThere(path);
  const after = withSection(before, name, lines);
  if (after === before) return;
  await replaceTextFile(path, after);
}

async function readTextIfThere(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

/**
 * `text` with the section `[name]` replaced by `lines`, or added at the end. The rest is unchanged.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(withSection("[a]\nx = 1\n", "b", ["y = 2"]), "[a]\nx = 1\n\n[b]\ny = 2\n");
 * ```
 */
export function withSection(
  text: string,
  name: string,
  lines: readonly string[],
): string {
  const section = [`[${name}]`, ...lines, ""].join("\n");
  const all = text.split("\n");
  const start = all.findIndex((line) => line.trim() === `[${name}]`);
  if (start < 0) {
    return text.trim() === "" ? section : `${text.trimEnd()}\n\n${section}`;
  }
  const next = all.findIndex((line, index) => index > start && /^\s*\[/.test(line));
  const rest = next < 0 ? "" : "\n" + all.slice(next).join("\n");
  const head = all.slice(0, start).join("\n");
  return (head === "" ? "" : head + "\n") + section + rest;
}
