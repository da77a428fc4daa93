/**
 * Which AWS a notebook talks to: the sandbox, or a real account through one of the reader's own
 * profiles. Only the environment decides, so `lab`, VS Code and CI choose the same.
 * @module
 */

import { basename, dirname, join, resolve } from "node:path";
import { isSandboxFolder } from "../../sandbox/data_dir.ts";
import type { AwsFiles } from "./profiles.ts";
import { profileSettings } from "./profiles.ts";
import { COURSE_SANDBOX, type SandboxPlace } from "./sandbox_process.ts";

/** The profile whose key is the sandbox's root key. */
export const SANDBOX_PROFILE = "sandbox";

/**
 * Names the profile of the course. Setting it is a yes to that account: `deno task lab --profile
 * NAME` sets it after its question. `AWS_PROFILE` alone is no yes: many people have it set always.
 */
export const PROFILE_VARIABLE = "FIREHOSE_LAB_PROFILE";

/** The profile that the environment chooses. */
export type ChosenProfile =
  | { readonly mode: "sandbox" }
  | { readonly mode: "real account"; readonly profile: string; readonly isAgreed: boolean };

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The profile named by `FIREHOSE_LAB_PROFILE`, else by `AWS_PROFILE`, else the sandbox's. */
export function chosenProfile(environment: Environment): ChosenProfile {
  const agreed = environment[PROFILE_VARIABLE];
  const profile = agreed || environment.AWS_PROFILE || SANDBOX_PROFILE;
  if (profile === SANDBOX_PROFILE) return { mode: "sandbox" };
  return { mode: "real account", profile, isAgreed: profile === agreed };
}

/**
 * The place of the sandbox that the environment leads to. `lab --data` and the runner of notebooks
 * set the AWS files of their sandbox; without such files it is the course's own. A file counts only
 * in a folder that a sandbox has claimed once.
 */
export async function chosenSandbox(environment: Environment): Promise<SandboxPlace> {
  const { AWS_PROFILE, AWS_CONFIG_FILE: config } = environment;
  if (AWS_PROFILE !== SANDBOX_PROFILE || config === undefined) return COURSE_SANDBOX;
  const dataDir = dataDirOf(config);
  if (dataDir === undefined || !isSandboxFolder(dataDir)) return COURSE_SANDBOX;
  const port = await portIn({ config, credentials: join(dirname(config), "credentials") });
  return port === undefined ? COURSE_SANDBOX : { ...COURSE_SANDBOX, port, dataDir };
}

/** The data folder that `config` lies in as a sandbox writes it, `DIR/aws/config`; else undefined. */
export function dataDirOf(config: string): string | undefined {
  const awsDir = dirname(resolve(config));
  // The reader's own file, in any other folder, is no sandbox's.
  if (basename(awsDir) !== "aws" || basename(config) !== "config") return undefined;
  return dirname(awsDir);
}

async function portIn(files: AwsFiles): Promise<number | undefined> {
  const { endpoint_url } = await profileSettings(files, "config", SANDBOX_PROFILE);
  if (!URL.canParse(endpoint_url)) return undefined;
  const { hostname, port } = new URL(endpoint_url);
  return hostname === "127.0.0.1" ? Number(port) : undefined;
}
