/**
 * Which AWS a notebook talks to: the sandbox, or a real account through one of the reader's own
 * profiles. Decided by the environment alone, so that `lab`, VS Code and CI choose alike.
 * @module
 */

import { basename, dirname } from "node:path";
import type { AwsFiles } from "./profiles.ts";
import { profileSettings } from "./profiles.ts";
import { COURSE_SANDBOX, type SandboxPlace } from "./sandbox_process.ts";

/** The profile whose key is the sandbox's root key. */
export const SANDBOX_PROFILE = "sandbox";

/**
 * Names the profile of the course. Whoever sets it has said yes to that account: `deno task lab
 * --profile NAME` does, after its question. `AWS_PROFILE` alone is no yes: many have it set always.
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
 * The place of the sandbox that the environment leads to: `lab --port` and the headless runner
 * have set the AWS files of theirs; without such files it is the course's own.
 */
export async function chosenSandbox(environment: Environment): Promise<SandboxPlace> {
  const { AWS_PROFILE, AWS_CONFIG_FILE: config } = environment;
  if (AWS_PROFILE !== SANDBOX_PROFILE || config === undefined) return COURSE_SANDBOX;
  const awsDir = dirname(config);
  // A file of the reader's own, in any other folder, is no sandbox's.
  if (basename(awsDir) !== "aws" || basename(config) !== "config") return COURSE_SANDBOX;
  const files = { config, credentials: `${awsDir}/credentials` };
  const port = await portIn(files);
  return port === undefined
    ? COURSE_SANDBOX
    : { ...COURSE_SANDBOX, port, dataDir: dirname(awsDir) };
}

async function portIn(files: AwsFiles): Promise<number | undefined> {
  const { endpoint_url } = await profileSettings(files, "config", SANDBOX_PROFILE);
  if (!URL.canParse(endpoint_url)) return undefined;
  const { hostname, port } = new URL(endpoint_url);
  return hostname === "127.0.0.1" ? Number(port) : undefined;
}
