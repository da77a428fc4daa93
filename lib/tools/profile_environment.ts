/**
 * Where a task's "AWS" is: the sandbox, or with `--profile` an account of the reader's.
 * @module
 */

import { findAccount } from "../aws/place/account.ts";
import { COURSE_SANDBOX, findSandbox } from "../aws/place/sandbox_process.ts";
import { profileEnvironment, sandboxEnvironment } from "./jupyter.ts";

/**
 * Leads the SDK of this process to a profile, undefined meaning the sandbox. Throws an `Error` that
 * says what to do where no sandbox answers, or the profile leads to no account.
 */
export async function chooseProfile(profile: string | undefined): Promise<void> {
  useEnvironment(await environmentFor(profile));
  if (profile !== undefined) await findAccount(profile);
}

async function environmentFor(profile: string | undefined): Promise<Record<string, string>> {
  const environment = Deno.env.toObject();
  if (profile !== undefined) return profileEnvironment(environment, profile);
  // Inside the lab, or beside a sandbox at another place: its files are named already.
  if (environment.AWS_PROFILE === "sandbox" && environment.AWS_CONFIG_FILE) return environment;
  const sandbox = await findSandbox(COURSE_SANDBOX);
  if (sandbox) return sandboxEnvironment(environment, sandbox.awsDir);
  throw new Error(
    `No sandbox answers at 127.0.0.1:${COURSE_SANDBOX.port}: start it with "deno task sandbox", ` +
      "or name an account of yours with --profile NAME.",
  );
}

function useEnvironment(environment: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(Deno.env.toObject())) {
    if (!(name in environment)) Deno.env.delete(name);
  }
  for (const [name, value] of Object.entries(environment)) Deno.env.set(name, value);
}
